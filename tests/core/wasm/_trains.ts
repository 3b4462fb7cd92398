/**
 * Trains a model on both backends.
 *
 * @module
 */
import { assert } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { assertSame, normal, on } from "./_on_both.ts";

/** Asserts that outputs and gradients of all weights are the same on both backends. */
export async function assertTrains(
  model: tf.LayersModel,
  inputs: () => tf.Tensor[],
): Promise<void> {
  const weights = model.trainableWeights.map((w) =>
    (w as unknown as { val: tf.Variable }).val
  );
  const gradients = () => {
    const xs = inputs();
    const loss = () => {
      const y = model.apply(xs, { training: true }) as tf.Tensor;
      return tf.mean(tf.mul(y, normal(y.shape, 9))) as tf.Scalar;
    };
    const { value, grads } = tf.variableGrads(loss, weights);
    return [value, ...weights.map((w) => grads[w.name]!)];
  };
  await assertSame(gradients, 1e-4);
  const [loss] = await on("wasm", gradients);
  assert(Number.isFinite(loss?.values[0]));
  model.dispose();
}
