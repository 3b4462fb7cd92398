/**
 * tf.js' engine as those see it who measure: its kernels are those registered
 * for the backend in use, and while somebody watches, functions that tell of
 * them stand in their place.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Engine, KernelFacts, KernelWatcher } from "../steps.ts";

type Kernel = tf.KernelConfig;
type KernelFunc = Kernel["kernelFunc"];

/** Backends whose kernels are done when they return. */
const SYNCHRONOUS = ["cpu", "wasm"];

// The registry of kernels is tf.js' own, for all runs of this process.
let watchers: readonly KernelWatcher[] = [];
const plain = new Map<Kernel, KernelFunc>();

/** The engine of tf.js. */
export const tfEngine: Engine = Object.freeze({
  get name() {
    return tf.getBackend();
  },
  get asynchronous() {
    return !SYNCHRONOUS.includes(tf.getBackend());
  },
  memory() {
    const { numBytes, numTensors } = tf.memory();
    return { bytes: numBytes, tensors: numTensors };
  },
  watch(watcher: KernelWatcher) {
    if (watchers.length === 0) putInPlace(tf.getBackend());
    watchers = [...watchers, watcher];
    return () => {
      if (!watchers.includes(watcher)) return;
      watchers = watchers.filter((it) => it !== watcher);
      if (watchers.length === 0) putBack();
    };
  },
});

function putInPlace(backend: string): void {
  for (const kernel of tf.getKernelsForBackend(backend)) {
    const { kernelName, kernelFunc } = kernel;
    plain.set(kernel, kernelFunc);
    kernel.kernelFunc = telling(kernelName, kernelFunc);
  }
}

function putBack(): void {
  for (const [kernel, kernelFunc] of plain) kernel.kernelFunc = kernelFunc;
  plain.clear();
}

function telling(name: string, run: KernelFunc): KernelFunc {
  return (params) => {
    // Those who are told of the begin are told of the end.
    const told = watchers;
    for (const watcher of told) watcher.begin(name);
    let outputs: ReturnType<KernelFunc> | undefined;
    try {
      return outputs = run(params);
    } finally {
      const facts = outputs && (() => factsOf(params.inputs, outputs!));
      for (const watcher of told) watcher.end(facts);
    }
  };
}

function factsOf(
  inputs: tf.NamedTensorInfoMap,
  outputs: ReturnType<KernelFunc>,
): KernelFacts {
  const list = Array.isArray(outputs) ? outputs : [outputs];
  const shapes: Record<string, readonly number[]> = {};
  // Some kernels take a list under a name.
  for (const [name, tensor] of Object.entries(inputs)) {
    if (tensor) shapes[name] = [...tensor.shape];
  }
  return {
    inputs: shapes,
    outputs: list.map(({ shape }) => [...shape]),
    bytes: list.reduce(
      (sum, { shape, dtype }) =>
        sum + tf.util.sizeFromShape(shape) * bytesPer(dtype),
      0,
    ),
  };
}

/** Texts have no fixed size. */
function bytesPer(dtype: tf.DataType): number {
  return dtype === "string" ? 0 : tf.util.bytesPerElement(dtype);
}
