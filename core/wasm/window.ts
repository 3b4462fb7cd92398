/**
 * The window of a convolution or a pool, told to the SIMD kernels.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import type { Heap } from "./heap.ts";

/** tf.js' geometry of a convolution or pool (`tf.backend_util.compute…Info`). */
export type WindowInfo = ReturnType<typeof tf.backend_util.computeConv2DInfo>;

/**
 * Sets the window for the calls that follow.
 *
 * @throws {RangeError} If channels do not come last: tf.js on a CPU knows NHWC only.
 */
export function setWindow(heap: Heap, info: WindowInfo): void {
  if (info.dataFormat !== "channelsLast") {
    throw new RangeError(
      `Cannot run kernel on the wasm backend: data format must be "NHWC", current value is "NCHW"`,
    );
  }
  heap.simd.setWindow(
    ...[info.batchSize, info.inHeight, info.inWidth, info.inChannels],
    ...[info.outHeight, info.outWidth, info.filterHeight, info.filterWidth],
    ...[
      info.strideHeight,
      info.strideWidth,
      info.dilationHeight,
      info.dilationWidth,
    ],
    ...[info.padInfo.top, info.padInfo.left],
  );
}
