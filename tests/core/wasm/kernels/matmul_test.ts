import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { assertSame, normal } from "../_on_both.ts";

const size = fc.oneof(
  fc.integer({ min: 1, max: 20 }),
  fc.constantFrom(64, 390, 125),
);

Deno.test("BatchMatMul multiplies as cpu does, transposed or not", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        m: size,
        n: size,
        k: size,
        a: fc.boolean(),
        b: fc.boolean(),
        seed: fc.integer({ min: 1, max: 1e6 }),
      }),
      async ({ m, n, k, a, b, seed }) => {
        await assertSame(() => {
          const left = normal<tf.Rank.R2>(a ? [k, m] : [m, k], seed);
          return tf.matMul(
            left,
            normal<tf.Rank.R2>(b ? [n, k] : [k, n], seed + 1),
            a,
            b,
          );
        });
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("BatchMatMul broadcasts batches", async () => {
  for (
    const [a, b] of [[[3], [3]], [[1], [3]], [[2, 3], [2, 3]], [[2, 3], [3]], [[
      3,
    ], [1]]]
  ) {
    await assertSame(() =>
      tf.matMul(normal([...a!, 4, 5], 1), normal([...b!, 5, 7], 2))
    );
  }
});

Deno.test("BatchMatMul broadcasts any batches as broadcastTo does", async () => {
  const extent = fc.integer({ min: 1, max: 3 });
  const batches = fc.array(
    fc.tuple(extent, fc.constantFrom("both", "a", "b")),
    { maxLength: 4 },
  );
  await tf.setBackend("wasm");
  fc.assert(
    fc.property(batches, fc.nat(4), (axes, missing) => {
      const batch = axes.map(([size]) => size);
      const own = (name: string) =>
        axes.map(([size, whose]) =>
          whose === name || whose === "both" ? size : 1
        );
      // Leading axes of 1 may be left out.
      const a = own("a"), b = own("b");
      while (b[0] === 1 && b.length > axes.length - missing) b.shift();
      tf.tidy(() => {
        const x = normal([...a, 3, 4], 1), y = normal([...b, 4, 2], 2);
        const wide = tf.matMul(
          tf.broadcastTo(x, [...batch, 3, 4]),
          tf.broadcastTo(y, [...batch, 4, 2]),
        );
        const product = tf.matMul(x, y);
        assertEquals(product.shape, wide.shape);
        assertEquals(product.dataSync(), wide.dataSync());
      });
    }),
    { numRuns: 100 },
  );
});

Deno.test("BatchMatMul of no depth is zero", async () => {
  await assertSame(() => tf.matMul(tf.zeros([3, 0]), tf.zeros([0, 4])));
});

Deno.test("_FusedMatMul adds bias and activation", async () => {
  const activations = ["linear", "relu", "relu6", "elu", "sigmoid"] as const;
  for (const activation of activations) {
    for (const cols of [1, 7, 16]) {
      await assertSame(() => {
        const a = normal<tf.Rank.R2>([5, 9], 1),
          b = normal<tf.Rank.R2>([9, cols], 2);
        const bias = normal([cols], 3);
        return [
          tf.fused.matMul({
            a,
            b,
            transposeA: false,
            transposeB: false,
            bias,
            activation,
          }),
          tf.fused.matMul({
            a,
            b,
            transposeA: false,
            transposeB: false,
            activation,
          }),
        ];
      });
    }
  }
});

Deno.test("_FusedMatMul has the gradients of its parts", async () => {
  await assertSame(() => {
    const a = normal<tf.Rank.R2>([5, 9], 1), b = normal<tf.Rank.R2>([9, 7], 2);
    const dense = (a: tf.Tensor, b: tf.Tensor, bias: tf.Tensor) =>
      tf.fused.matMul({
        a,
        b,
        transposeA: false,
        transposeB: false,
        bias,
        activation: "relu",
      });
    return tf.grads(dense)([a, b, normal([7], 3)], normal([5, 7], 4));
  });
});

Deno.test("BatchMatMul of int32 is exact where cpu is, and wraps around where cpu does", async () => {
  const factor = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.integer({ min: -1e6, max: 1e6 }),
  );
  const shape = fc.record({
    m: fc.integer({ min: 0, max: 9 }),
    n: fc.integer({ min: 0, max: 9 }),
    k: fc.integer({ min: 0, max: 9 }),
    batch: fc.constantFrom([], [1], [3], [2, 2]),
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
    values: fc.infiniteStream(factor),
  });
  await fc.assert(
    fc.asyncProperty(shape, async ({ m, n, k, batch, ...s }) => {
      const left = [...batch, ...(s.transposeA ? [k, m] : [m, k])];
      const right = [...batch, ...(s.transposeB ? [n, k] : [k, n])];
      const [a, b] = [left, right].map((shape) => ({
        shape,
        values: [...s.values.take(shape.reduce((n, size) => n * size, 1))],
      }));
      const product = () => {
        const [x, y] = [a!, b!].map((t) =>
          tf.tensor(t.values, t.shape, "int32")
        );
        return tf.matMul(x!, y!, s.transposeA, s.transposeB);
      };
      await assertSame(product, 0);
      await assertInt32(product);
    }),
    { numRuns: 100 },
  );
});

Deno.test("BatchMatMul of int32 broadcasts batches", async () => {
  const ints = (shape: number[]) => tf.cast(normal(shape, 1).mul(100), "int32");
  for (const [a, b] of [[[1], [3]], [[2, 3], [2, 3]], [[3], [1]]]) {
    await assertSame(() => tf.matMul(ints([...a!, 4, 5]), ints([...b!, 5, 7])));
  }
});

Deno.test("tf.math.confusionMatrix() counts as cpu does", async () => {
  const labels = Array.from({ length: 500 }, (_, i) => i * i % 7);
  const predictions = Array.from({ length: 500 }, (_, i) => i * 3 % 7);
  const matrix = () => tf.math.confusionMatrix(labels, predictions, 7);
  await assertSame(matrix, 0);
  await assertInt32(matrix);
});

/** Asserts that `build` makes an int32 tensor on wasm. */
async function assertInt32(build: () => tf.Tensor): Promise<void> {
  await tf.setBackend("wasm");
  tf.tidy(() => assertEquals(build().dtype, "int32"));
}

Deno.test("BatchMatMul refuses a vector, as tf.js does", async () => {
  await tf.setBackend("wasm");
  const product = () =>
    tf.tidy(() =>
      tf.matMul(tf.ones([2, 3]), tf.ones([3]) as unknown as tf.Tensor2D)
    );
  assertThrows(product, RangeError, "current shapes are [2,3] and [3]");
});

Deno.test("_FusedMatMul adds a bias of any shape that broadcasts", async () => {
  for (const shape of [[], [7], [1, 7], [5, 1], [5, 7]]) {
    await assertSame(() =>
      tf.fused.matMul({
        a: normal<tf.Rank.R2>([5, 9], 1),
        b: normal<tf.Rank.R2>([9, 7], 2),
        bias: normal(shape, 3),
        activation: "relu",
      })
    );
  }
});
