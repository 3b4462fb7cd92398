/**
 * The window of a convolution or a pool, as the SIMD kernels take it.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import type { Heap } from "../runtime/heap.ts";
import { shards, type SimdCall } from "../runtime/thread_pool.ts";
import { sizeOf } from "../runtime/shape.ts";

/** tf.js' geometry in 2D (`tf.backend_util.computeConv2DInfo`, `computePool2DInfo`). */
export type Window2D = tf.backend_util.Conv2DInfo;

/** tf.js' geometry in 3D (`tf.backend_util.computeConv3DInfo`, `computePool3DInfo`). */
export type Window3D = tf.backend_util.Conv3DInfo;

/**
 * The call that sets the window for the calls that follow on the same thread,
 * which take `images` images (default: all).
 *
 * @throws {RangeError} If channels do not come last: tf.js on a CPU knows NHWC only.
 */
export function windowCall(
  info: Window2D | Window3D,
  images: number = info.batchSize,
): SimdCall {
  if (info.dataFormat !== "channelsLast") {
    throw new RangeError(
      `Cannot run kernel on the wasm backend: "channelsLast" was expected, current value is "${info.dataFormat}"`,
    );
  }
  const depth = "inDepth" in info ? info : FLAT;
  return [
    "setWindow",
    ...[images, info.inChannels],
    ...[depth.inDepth, info.inHeight, info.inWidth],
    ...[depth.outDepth, info.outHeight, info.outWidth],
    ...[depth.filterDepth, info.filterHeight, info.filterWidth],
    ...[depth.strideDepth, info.strideHeight, info.strideWidth],
    ...[depth.dilationDepth, info.dilationHeight, info.dilationWidth],
    ...[depth.padInfo.front, info.padInfo.top, info.padInfo.left],
  ];
}

/**
 * Runs a kernel on all images, each thread on its shard of them. `call` gets the
 * byte offsets of a shard's first image in the input and in the output.
 */
export function runByImage(
  heap: Heap,
  info: Window2D | Window3D,
  call: (inputOffset: number, outputOffset: number) => SimdCall,
): void {
  const inBytes = 4 * sizeOf(info.inShape.slice(1)),
    outBytes = 4 * sizeOf(info.outShape.slice(1));
  // A step of a window takes eight times as long as a multiply-add in a product, as measured.
  const work = 8 * sizeOf(info.outShape) * info.filterHeight * info.filterWidth;
  heap.pool.run(
    shards(heap.pool, info.batchSize, work).map(({ first, size }) => [
      windowCall(info, size),
      call(first * inBytes, first * outBytes),
    ]),
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
