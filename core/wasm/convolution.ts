/**
 * Calls the SIMD convolutions, in 2D or 3D.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { address, type Heap, withRoom } from "./heap.ts";
import { setWindow, type Window2D, type Window3D } from "./window.ts";

/** Forward, gradient towards the input, gradient towards the filter. */
export type Convolution = "convolve" | "convolveBack" | "convolveFilter";

/** Runs a convolution from `a` and `b` into `out`. */
export function convolution(
  heap: Heap,
  info: Window2D | Window3D,
  name: Convolution,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  out: tf.TensorInfo,
): void {
  setWindow(heap, info);
  const [fromA, fromB, to] = [
    address(heap, a),
    address(heap, b),
    address(heap, out),
  ];
  withRoom(heap, heap.simd.convolutionRoom(info.outChannels), (room) => {
    heap.simd[name](fromA, fromB, to, info.outChannels, room);
  });
}
