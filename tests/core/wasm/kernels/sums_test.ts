import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { assertSame, normal } from "../_on_both.ts";

const seed = fc.integer({ min: 1, max: 1e6 });

Deno.test("Sum adds up over any axes as cpu does", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 }),
      fc.subarray([0, 1, 2, 3]),
      fc.boolean(),
      seed,
      async (shape, some, keep, seed) => {
        const axes = some.filter((a) => a < shape.length);
        await assertSame(() => tf.sum(normal(shape, seed), axes, keep));
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("Sum over many rows does not pile up rounding", async () => {
  await assertSame(
    () => tf.sum(tf.randomUniform([50_000, 17], 0, 1, "float32", 1), 0),
    1e-6,
  );
});

Deno.test("Sum of integers and booleans is left to the stock kernel", async () => {
  await assertSame(() => [
    tf.sum(tf.tensor2d([[1, 2], [3, 4]], [2, 2], "int32"), 0),
    tf.sum(tf.tensor2d([[1, 0], [1, 1]], [2, 2], "bool"), 0),
  ]);
});

Deno.test("UnsortedSegmentSum adds rows up by id", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 30 }),
      fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 2 }),
      seed,
      async (ids, rest, seed) => {
        await assertSame(() =>
          tf.unsortedSegmentSum(
            normal([ids.length, ...rest], seed),
            tf.tensor1d(ids, "int32"),
            7,
          )
        );
      },
    ),
    { numRuns: 30 },
  );
});

Deno.test("UnsortedSegmentSum drops rows whose id is out of range", async () => {
  await tf.setBackend("wasm");
  const x = tf.tensor2d([[1, 2], [3, 4], [5, 6]]),
    ids = tf.tensor1d([0, -1, 2], "int32");
  const sums = tf.unsortedSegmentSum(x, ids, 2);
  assertEquals(Array.from(sums.dataSync()), [1, 2, 0, 0]);
  tf.dispose([x, ids, sums]);
});

Deno.test("the gradient of gather is that of cpu", async () => {
  await assertSame(() => {
    const ids = tf.tensor2d([[0, 3, 3], [4, 0, 1]], [2, 3], "int32");
    return tf.grad((table: tf.Tensor) => tf.gather(table, ids))(
      normal([5, 6], 1),
      normal([2, 3, 6], 2),
    );
  });
});

Deno.test("GatherV2 looks up as cpu does", async () => {
  const ids = (shape: number[]) => tf.randomUniform(shape, 0, 5, "int32", 3);
  for (const shape of [[5], [5, 3], [5, 2, 4]]) {
    await assertSame(() => [
      tf.gather(normal(shape, 1), ids([7])),
      tf.gather(normal(shape, 1), ids([2, 3])),
      tf.gather(normal(shape, 1), tf.scalar(3, "int32")),
    ]);
  }
  await assertSame(() => [
    tf.gather(normal([3, 5], 1), ids([7]), 1),
    tf.gather(tf.range(0, 5, 1, "int32"), ids([7])),
  ]);
});

Deno.test("GatherV2 refuses an index out of range", async () => {
  await tf.setBackend("wasm");
  for (const id of [-1, 5]) {
    const before = tf.memory().numDataBuffers;
    const look = () =>
      tf.tidy(() =>
        tf.gather(normal([5, 2], 1), tf.tensor1d([0, id], "int32"))
      );
    assertThrows(look, Error, `${id} is not in [0, 4]`);
    assertEquals(tf.memory().numDataBuffers, before);
  }
});

Deno.test("UnsortedSegmentSum of integers is exact, and float32 as on cpu", async () => {
  await assertSame(() => {
    const x = tf.tensor2d([[1, 2], [3, 4], [-5, 1e6]], [3, 2], "int32");
    return tf.unsortedSegmentSum(x, tf.tensor1d([2, 0, 2], "int32"), 3);
  }, 0);
});
