/**
 * What a training kernel is: the name of an operation of tf.js and a function
 * from tensors on the wasm heap to a new one.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
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

/** Calls another kernel of the wasm backend. What it returns is the caller's to free. */
export function callKernel(
  { heap }: KernelCall,
  name: string,
  inputs: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap,
): tf.TensorInfo {
  const { kernelFunc } = tf.getKernel(name, "wasm");
  return kernelFunc({ inputs, attrs, backend: heap.backend }) as tf.TensorInfo;
}

/**
 * A kernel of float32 that takes the inputs called `names` in any type of
 * number, as tf.js' cpu backend does.
 */
export function castingToFloat({ name, run }: Kernel, names: string[]): Kernel {
  const isFloat = (call: KernelCall) => (name: string) =>
    input(call, name).dtype === "float32";
  return {
    name,
    run(call) {
      if (names.every(isFloat(call))) return run(call);
      const inputs = { ...call.inputs }, casts: tf.TensorInfo[] = [];
      try {
        for (const name of names) {
          const x = input(call, name);
          if (x.dtype === "float32") continue;
          inputs[name] = callKernel(call, tf.Cast, { x }, { dtype: "float32" });
          casts.push(inputs[name]);
        }
        return run({ ...call, inputs });
      } finally {
        for (const { dataId } of casts) call.heap.backend.disposeData(dataId);
      }
    },
  };
}
