/**
 * The metrics that a training loop by hand keeps.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";

/** Loss and accuracy over the samples since the last reset. */
export interface Metrics {
  /** Add a batch, whose loss is returned; frees the tensors. */
  update(loss: tf.Scalar, right: tf.Scalar, samples: number): Promise<number>;
  /** The means over the samples so far. */
  result(): { loss: number; accuracy: number };
  /** Start afresh. */
  reset(): void;
}

/** Metrics that start empty. */
export function metrics(): Metrics {
  let [loss, right, samples] = [0, 0, 0];
  return {
    async update(batchLoss, batchRight, batchSamples) {
      const value = await read(batchLoss);
      loss += value * batchSamples;
      right += await read(batchRight);
      samples += batchSamples;
      return value;
    },
    result: () => ({ loss: loss / samples, accuracy: right / samples }),
    reset() {
      [loss, right, samples] = [0, 0, 0];
    },
  };
}

async function read(scalar: tf.Scalar): Promise<number> {
  const [value] = await scalar.data();
  scalar.dispose();
  return value!;
}
