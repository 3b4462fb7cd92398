/**
 * Copies of tensors that a change in place does not reach: `clone` shares the
 * numbers, and a fused optimizer writes in place.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/**
 * A copy of the numbers, the caller's to free; no `tf.tidy` frees it.
 *
 * @param tensor Of any type but string.
 */
export function copyOf(tensor: tf.Tensor): tf.Tensor {
  return tf.keep(tf.tidy(() => copied(tensor)));
}

/**
 * Set a variable to the numbers of a tensor.
 *
 * @param variable The variable.
 * @param tensor Of its shape and type.
 */
export function assignCopy(variable: tf.Variable, tensor: tf.Tensor): void {
  tf.tidy(() => variable.assign(copied(tensor)));
}

function copied(tensor: tf.Tensor): tf.Tensor {
  return tensor.mul(tf.scalar(1, tensor.dtype as "float32"));
}
