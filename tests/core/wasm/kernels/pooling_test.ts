import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { assertSame, normal } from "../_on_both.ts";

const window = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  height: fc.integer({ min: 3, max: 9 }),
  width: fc.integer({ min: 3, max: 9 }),
  channels: fc.integer({ min: 1, max: 9 }),
  filter: fc.tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
  ),
  strides: fc.tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
  ),
  pad: fc.constantFrom("valid" as const, "same" as const),
  seed: fc.integer({ min: 1, max: 1e6 }),
});

for (
  const [kernel, pool] of [["MaxPoolGrad", tf.maxPool], [
    "AvgPoolGrad",
    tf.avgPool,
  ]] as const
) {
  Deno.test(`${kernel} gives the gradient cpu gives`, async () => {
    await fc.assert(
      fc.asyncProperty(window, async (w) => {
        await assertSame(() => {
          const x = normal<tf.Rank.R4>(
            [w.batch, w.height, w.width, w.channels],
            w.seed,
          );
          const f = (x: tf.Tensor) =>
            pool(x as tf.Tensor4D, w.filter, w.strides, w.pad);
          return tf.grad(f)(x, normal(f(x).shape, w.seed + 1));
        });
      }),
      { numRuns: 40 },
    );
  });
}

Deno.test("MaxPoolGrad gives a tie to the first input", async () => {
  await assertSame(() => {
    const pool = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid");
    return tf.grad(pool)(
      tf.ones<tf.Rank.R4>([1, 4, 4, 3]),
      normal([1, 2, 2, 3], 1),
    );
  });
});

Deno.test("MaxPool3D passes NaN over, and its gradient gives a tie to the last input", async () => {
  const x = [1, NaN, 3, 3, -5, NaN, -7, -5];
  await assertSame(() => {
    const pool = (x: tf.Tensor) =>
      tf.maxPool3d(x as tf.Tensor5D, [1, 1, 4], [
        1,
        1,
        4,
      ], "valid");
    const row = tf.tensor5d(x, [1, 1, 1, 8, 1]);
    return [
      pool(row),
      tf.grad(pool)(row, tf.tensor5d([1, 2], [1, 1, 1, 2, 1])),
    ];
  });
});
