/**
 * The SIMD kernels, bound to the memory of tf.js' wasm module, so that they read
 * and write its tensors in place.
 *
 * @module
 */
import { SIMD_BYTES, SIMD_SHARED_BYTES } from "./simd_bytes.ts";

/** A kernel: addresses and byte strides, sizes, floats; see its source beside this file. */
export type SimdFunction = (...args: number[]) => void;

/** What the module exports. Sizes of scratch memory (`…Scratch`) are in bytes. */
export interface Simd {
  /** C = A B of float32, by strides, for a batch. */
  gemmBatch: SimdFunction;
  /** C = A B of int32, by strides, for a batch. */
  gemmIntBatch: SimdFunction;
  /** Scratch memory of `gemmBatch`, by columns and depth. */
  gemmScratch: (n: number, k: number) => number;
  /** Sets the geometry of the window for the functions down to `averagePoolGradient`. */
  setWindow: SimdFunction;
  /** Scratch memory of the three convolutions, by number of filters. */
  convolutionScratch: (filters: number) => number;
  /** Convolution. */
  convolve: SimdFunction;
  /** Its gradient with respect to the input. */
  convolveInputGradient: SimdFunction;
  /** Its gradient with respect to the filter. */
  convolveFilterGradient: SimdFunction;
  /** Gradient of a depthwise convolution with respect to the input. */
  depthwiseInputGradient: SimdFunction;
  /** Gradient of a depthwise convolution with respect to the filter. */
  depthwiseFilterGradient: SimdFunction;
  /** Max pooling. */
  maxPool: SimdFunction;
  /** Gradient of max pooling. */
  maxPoolGradient: SimdFunction;
  /** Gradient of average pooling. */
  averagePoolGradient: SimdFunction;
  /** Sums over the rows of a matrix. */
  sumRows: SimdFunction;
  /** Bias and lower bound, row by row. */
  addBias: SimdFunction;
  /** Gradient of ReLU. */
  reluGradient: SimdFunction;
  /** Adds numbers to others. */
  addTo: SimdFunction;
  /** Copies rows by index; returns 0 when an index is out of range. */
  gatherRows: (...args: number[]) => number;
  /** Sums of rows by segment. */
  segmentSum: SimdFunction;
  /** Update of SGD. */
  sgd: SimdFunction;
  /** Update of Momentum. */
  momentum: SimdFunction;
  /** Update of Adagrad. */
  adagrad: SimdFunction;
  /** Update of Adadelta. */
  adadelta: SimdFunction;
  /** Update of RMSProp. */
  rmsprop: SimdFunction;
  /** Update of RMSProp, centered. */
  rmspropCentered: SimdFunction;
  /** Update of Adam. */
  adam: SimdFunction;
  /** Update of Adamax. */
  adamax: SimdFunction;
}

/** The kernels, compiled for `memory`: shared memory needs a module of its own. */
export function simdModule(memory: WebAssembly.Memory): WebAssembly.Module {
  const shared = memory.buffer instanceof SharedArrayBuffer;
  return new WebAssembly.Module(
    Uint8Array.fromBase64(shared ? SIMD_SHARED_BYTES : SIMD_BYTES),
  );
}

/** Instantiates the kernels over `memory`. */
export function bindSimd(memory: WebAssembly.Memory): Simd {
  const { exports } = new WebAssembly.Instance(simdModule(memory), {
    env: { memory },
  });
  return exports as unknown as Simd;
}
