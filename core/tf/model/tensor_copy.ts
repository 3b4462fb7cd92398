/**
 * Copies of tensors that in-place changes do not reach: `clone` shares the
 * numbers, and a fused optimizer writes in place.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/**
 * A copy of the numbers, which the caller frees; no `tf.tidy` does.
 *
 * @param tensor A tensor of any type but string.
 */
export function copyOf(tensor: tf.Tensor): tf.Tensor {
  return tf.keep(tf.tidy(() => copied(tensor)));
}

/**
 * Set a variable to the numbers of a tensor.
 *
 * @param tensor A tensor of its shape and type.
 */
export function assignCopy(variable: tf.Variable, tensor: tf.Tensor): void {
  tf.tidy(() => variable.assign(copied(tensor)));
}

function copied(tensor: tf.Tensor): tf.Tensor {
  return tensor.mul(tf.scalar(1, tensor.dtype as "float32"));
}
