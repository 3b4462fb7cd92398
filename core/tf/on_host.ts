/**
 * Whether reading a tensor is cheap.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** Whether the backend keeps tensors in the computer's own memory; a read from a GPU waits for all the work before it. */
export function onHost(): boolean {
  const backend = tf.getBackend();
  return backend === "cpu" || backend === "wasm";
}
