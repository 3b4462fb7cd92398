/**
 * Samples in memory, batch by batch, for a hand-written training loop.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { type Random, type Samples, shuffled } from "@hookloop/hookloop/data";

/** The samples as rows, and their classes. Freed when the loop moves on. */
export type Batch = readonly [x: tf.Tensor2D, y: tf.Tensor1D];

/**
 * One pass over the samples.
 *
 * @param samples The samples.
 * @param size Samples per batch; the last may be smaller.
 * @param random Source of their order. Default: as they are.
 */
export function* batches(
  { x, y, count }: Samples,
  size: number,
  random?: Random,
): Generator<Batch> {
  const order = random ? shuffled(count, random) : undefined;
  const width = x.length / count;
  for (let start = 0; start < count; start += size) {
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
      yield [xBatch, yBatch];
    } finally {
      tf.dispose([xBatch, yBatch]);
    }
  }
}
