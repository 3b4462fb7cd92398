/**
 * What follows the product in a fused kernel: bias and activation.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { address, floats, withScratch } from "../runtime/heap.ts";
import { callKernel, type KernelCall } from "../runtime/kernel.ts";
import { sizeOf } from "../runtime/shape.ts";

/** tf.js' names of fused activations. */
export type Activation = tf._FusedMatMulAttrs["activation"];

/** Whether {@linkcode activate} knows the activation. */
export function canActivate(activation: Activation): boolean {
  return activation === "linear" || activation === "relu";
}

/**
 * `activation(out + bias)`. The bias broadcasts to `out`; a vector, with one value
 * for each index of the last axis, is added in place.
 *
 * @returns `out`, or what takes its place.
 * @throws {RangeError} If the activation is neither linear nor ReLU.
 */
export function activate(
  call: KernelCall,
  out: tf.TensorInfo,
  bias: tf.TensorInfo | undefined,
  activation: Activation,
): tf.TensorInfo {
  if (!canActivate(activation)) {
    throw new RangeError(
      `Cannot fuse activation on the wasm backend: "linear" or "relu" was expected, current value is "${activation}"`,
    );
  }
  const { heap } = call, cols = out.shape.at(-1) ?? 1;
  if (bias !== undefined && !isVector(bias, cols)) {
    const sum = callKernel(call, tf.Add, { a: out, b: bias }, {});
    heap.backend.disposeData(out.dataId);
    return activate(call, sum, undefined, activation);
  }
  const at = address(heap, out), rows = sizeOf(out.shape) / cols;
  const floor = activation === "relu" ? 0 : -Infinity;
  const add = (from: number) =>
    heap.simd.addBias(at, rows, cols, from, floor, at);
  if (bias !== undefined) add(address(heap, bias));
  else if (activation === "relu") {
    withScratch(heap, 4 * cols, (zeros) => {
      floats(heap, zeros, cols).fill(0);
      add(zeros);
    });
  }
  return out;
}

function isVector({ shape, dtype }: tf.TensorInfo, cols: number): boolean {
  return dtype === "float32" && shape.length === 1 && shape[0] === cols;
}
