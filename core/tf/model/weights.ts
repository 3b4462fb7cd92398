/**
 * Copies of a model's weights: take them, put them back, average them.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Snapshot, Weights } from "../../plugin.ts";

/**
 * The weights of `model`, trainable and not.
 *
 * @param model A built `tf.LayersModel`.
 */
export function modelWeights(model: tf.LayersModel): Weights {
  return variableWeights(
    model.weights.map((weight) => weight.read() as tf.Variable),
  );
}

/**
 * The same for a loop written by hand, over the variables it trains.
 *
 * @example Go back to the start
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 *
 * await tf.setBackend("cpu");
 * const slope = tf.variable(tf.scalar(1));
 * const weights = variableWeights([slope]);
 * const start = weights.snapshot();
 * slope.assign(tf.scalar(5));
 * weights.restore(start);
 * start.dispose();
 * ```
 *
 * @param variables The variables, in any order.
 */
export function variableWeights(variables: readonly tf.Variable[]): Weights {
  const copies = new WeakMap<Snapshot, tf.Tensor[]>();

  function copiesOf(snapshot: Snapshot): tf.Tensor[] {
    const found = copies.get(snapshot);
    if (found?.length === variables.length) return found;
    throw new TypeError(
      found
        ? "Cannot use the snapshot: it was disposed"
        : "Cannot use the snapshot: it was taken of another model",
    );
  }
  return {
    snapshot() {
      const tensors = variables.map((variable) => tf.keep(copy(variable)));
      const snapshot = { dispose: () => tf.dispose(tensors.splice(0)) };
      copies.set(snapshot, tensors);
      return snapshot;
    },
    restore(snapshot) {
      const tensors = copiesOf(snapshot);
      variables.forEach((variable, i) => assignCopy(variable, tensors[i]!));
    },
    average(snapshot, momentum) {
      const tensors = copiesOf(snapshot);
      variables.forEach((variable, i) => {
        const mean = tf.tidy(() =>
          tf.add(tensors[i]!.mul(momentum), variable.mul(1 - momentum))
        );
        tensors[i]!.dispose();
        tensors[i] = tf.keep(mean);
      });
    },
  };
}

/** A copy of the numbers: `clone` would share them, and a fused optimizer writes in place. */
function copy(tensor: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tensor.mul(tf.scalar(1, tensor.dtype as "float32")));
}

function assignCopy(variable: tf.Variable, tensor: tf.Tensor): void {
  tf.tidy(() => variable.assign(copy(tensor)));
}
