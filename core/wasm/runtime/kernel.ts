/**
 * What a training kernel is: the name of an operation of tf.js and a function
 * from tensors on the wasm heap to a new one.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import type { Heap } from "./heap.ts";

/** tf.js' own type of kernel function, which is not among its exports. */
export type KernelFunc = tf.KernelConfig["kernelFunc"];

/** What a kernel is called with. */
export interface KernelCall {
  /** Input tensors by name. */
  readonly inputs: tf.NamedTensorInfoMap;
  /** Attributes, by the names in tf.js' `…Attrs` interfaces. */
  readonly attrs: unknown;
  /** The heap the tensors lie in. */
  readonly heap: Heap;
  /** Calls the kernel this one was registered over, with the same arguments. */
  readonly stock: () => tf.TensorInfo;
}

/** A kernel for the wasm backend. */
export interface Kernel {
  /** Name of the kernel, as in `tf.registerKernel`. */
  readonly name: string;
  /** Computes the result, in new memory. */
  readonly run: (call: KernelCall) => tf.TensorInfo;
}

/** The input called `name`. Throws if tf.js left it out. */
export function input(call: KernelCall, name: string): tf.TensorInfo {
  const tensor = call.inputs[name];
  if (tensor === undefined) {
    throw new TypeError(`Cannot run kernel: input "${name}" is missing`);
  }
  return tensor;
}
