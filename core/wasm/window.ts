/**
 * The window of a convolution or a pool, told to the SIMD kernels.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import type { Heap } from "./heap.ts";

/** tf.js' geometry in 2D (`tf.backend_util.computeConv2DInfo`, `computePool2DInfo`). */
export type Window2D = ReturnType<typeof tf.backend_util.computeConv2DInfo>;

/** tf.js' geometry in 3D (`tf.backend_util.computeConv3DInfo`, `computePool3DInfo`). */
export type Window3D = ReturnType<typeof tf.backend_util.computeConv3DInfo>;

/**
 * Sets the window for the calls that follow.
 *
 * @throws {RangeError} If channels do not come last: tf.js on a CPU knows NHWC only.
 */
export function setWindow(heap: Heap, info: Window2D | Window3D): void {
  if (info.dataFormat !== "channelsLast") {
    throw new RangeError(
      `Cannot run kernel on the wasm backend: "channelsLast" was expected, current value is "${info.dataFormat}"`,
    );
  }
  const depth = "inDepth" in info ? info : FLAT;
  heap.simd.setWindow(
    ...[info.batchSize, info.inChannels],
    ...[depth.inDepth, info.inHeight, info.inWidth],
    ...[depth.outDepth, info.outHeight, info.outWidth],
    ...[depth.filterDepth, info.filterHeight, info.filterWidth],
    ...[depth.strideDepth, info.strideHeight, info.strideWidth],
    ...[depth.dilationDepth, info.dilationHeight, info.dilationWidth],
    ...[depth.padInfo.front, info.padInfo.top, info.padInfo.left],
  );
}

/** The depth of a 2D image. */
const FLAT = {
  inDepth: 1,
  outDepth: 1,
  filterDepth: 1,
  strideDepth: 1,
  dilationDepth: 1,
  padInfo: { front: 0 },
};
