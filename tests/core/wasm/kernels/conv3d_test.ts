import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { assertSame, normal } from "../_on_both.ts";

const three = (max: number) =>
  fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: 1, max })));

const shapes = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  size: fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: 3, max: 6 }))),
  channels: fc.integer({ min: 1, max: 5 }),
  filters: fc.integer({ min: 1, max: 5 }),
  kernel: three(3),
  strides: three(2),
  pad: fc.constantFrom("valid" as const, "same" as const),
  seed: fc.integer({ min: 1, max: 1e6 }),
});

Deno.test("Conv3D and its gradients are those of cpu", async () => {
  await fc.assert(
    fc.asyncProperty(shapes, async (s) => {
      await assertSame(() => {
        const x = normal<tf.Rank.R5>(
          [s.batch, ...s.size, s.channels] as Shape5D,
          s.seed,
        );
        const shape = [...s.kernel, s.channels, s.filters] as Shape5D;
        const filter = normal<tf.Rank.R5>(shape, s.seed + 1);
        const conv = (x: tf.Tensor, f: tf.Tensor) =>
          tf.conv3d(
            x as tf.Tensor5D,
            f as tf.Tensor5D,
            s.strides as Three,
            s.pad,
          );
        const y = conv(x, filter);
        return [y, ...tf.grads(conv)([x, filter], normal(y.shape, s.seed + 2))];
      });
    }),
    { numRuns: 40 },
  );
});

Deno.test("AvgPool3D and its gradient are those of cpu", async () => {
  await fc.assert(
    fc.asyncProperty(shapes, (s) => assertPools(s, tf.avgPool3d)),
    { numRuns: 40 },
  );
});

// cpu's gradient of max pooling is wrong for windows that are no cubes; for those see
// finite_differences_test.ts.
Deno.test("MaxPool3D and its gradient are those of cpu", async () => {
  const cubes = fc.integer({ min: 1, max: 3 }).map((k) => [k, k, k]);
  const cubic = fc.tuple(shapes, cubes).map(([s, kernel]) => ({
    ...s,
    kernel,
  }));
  await fc.assert(
    fc.asyncProperty(cubic, (s) => assertPools(s, tf.maxPool3d)),
    { numRuns: 40 },
  );
});

type Shapes = typeof shapes extends fc.Arbitrary<infer S> ? S : never;

async function assertPools(
  s: Shapes,
  pool: typeof tf.maxPool3d,
): Promise<void> {
  await assertSame(() => {
    const x = normal<tf.Rank.R5>(
      [s.batch, ...s.size, s.channels] as Shape5D,
      s.seed,
    );
    const f = (x: tf.Tensor) =>
      pool(x as tf.Tensor5D, s.kernel as Three, s.strides as Three, s.pad);
    const y = f(x);
    return [y, tf.grad(f)(x, normal(y.shape, s.seed + 1))];
  });
}

type Three = [number, number, number];
type Shape5D = tf.ShapeMap[tf.Rank.R5];
