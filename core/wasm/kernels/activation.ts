/**
 * What follows the product in a fused kernel: bias and activation.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { address, floats, type Heap, withScratch } from "../runtime/heap.ts";
import { sizeOf } from "../runtime/shape.ts";

/** tf.js' names of fused activations. */
export type Activation = tf._FusedMatMulAttrs["activation"];

/** Whether {@linkcode activate} knows the activation. */
export function canActivate(activation: Activation): boolean {
  return activation === "linear" || activation === "relu";
}

/**
 * `out = activation(out + bias)`, in place. The bias has one value per
 * index of the last axis, or one for all.
 *
 * @throws {RangeError} If the activation is neither linear nor ReLU.
 */
export function activate(
  heap: Heap,
  out: tf.TensorInfo,
  bias: tf.TensorInfo | undefined,
  activation: Activation,
): void {
  if (!canActivate(activation)) {
    throw new RangeError(
      `Cannot fuse activation on the wasm backend: "linear" or "relu" was expected, current value is "${activation}"`,
    );
  }
  if (activation === "linear" && bias === undefined) return;
  const cols = out.shape.at(-1) ?? 1, at = address(heap, out);
  const floor = activation === "relu" ? 0 : -Infinity;
  const add = (from: number) =>
    heap.simd.addBias(at, sizeOf(out.shape) / cols, cols, from, floor, at);
  if (bias !== undefined && sizeOf(bias.shape) === cols) {
    return add(address(heap, bias));
  }
  withScratch(heap, 4 * cols, (scratch) => {
    const value = bias === undefined
      ? 0
      : floats(heap, address(heap, bias), 1)[0] ?? 0;
    floats(heap, scratch, cols).fill(value);
    add(scratch);
  });
}
