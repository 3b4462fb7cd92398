/**
 * Samples in memory, batch by batch, for a training loop by hand.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Samples } from "../../core/data/dataset.ts";
import type { Random } from "../../core/random.ts";
import { shuffled } from "../../core/data/shuffle.ts";

/** Its number from 0 on, the samples as rows, and their classes. Freed when the loop moves on. */
export type Batch = readonly [step: number, x: tf.Tensor2D, y: tf.Tensor1D];

/**
 * One pass over the samples.
 *
 * @param samples The samples.
 * @param size Samples a batch; the last may be smaller.
 * @param random Where their order comes from. Default: as they are.
 */
export function* batches(
  { x, y, count }: Samples,
  size: number,
  random?: Random,
): Generator<Batch> {
  const order = random ? shuffled(count, random) : undefined;
  const width = x.length / count;
  for (let step = 0; step * size < count; step++) {
    const start = step * size;
    const length = Math.min(size, count - start);
    const rows = new Float32Array(length * width);
    const classes = new Int32Array(length);
    for (let i = 0; i < length; i++) {
      const from = order?.[start + i] ?? start + i;
      rows.set(x.subarray(from * width, (from + 1) * width), i * width);
      classes[i] = y[from]!;
    }
    const xBatch = tf.tensor2d(rows, [length, width]);
    const yBatch = tf.tensor1d(classes, "int32");
    try {
      yield [step, xBatch, yBatch];
    } finally {
      tf.dispose([xBatch, yBatch]);
    }
  }
}
