/**
 * The window of a convolution or a pool, told to the SIMD kernels.
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
 * The call that sets the window for those that follow on the same thread, on
 * `images` of the images.
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
 * Runs a kernel on all images, each thread its share of them. `input` lies in
 * images of the input's size, `output` in images of the output's.
 */
export function runByImage(
  heap: Heap,
  info: Window2D | Window3D,
  call: (input: number, output: number) => SimdCall,
): void {
  const sizeIn = 4 * sizeOf(info.inShape.slice(1)),
    sizeOut = 4 * sizeOf(info.outShape.slice(1));
  // Eight times that of a multiply-add in a product, by measure.
  const work = 8 * sizeOf(info.outShape) * info.filterHeight * info.filterWidth;
  heap.pool.run(
    shards(heap.pool, info.batchSize, work).map(({ first, size }) => [
      windowCall(info, size),
      call(first * sizeIn, first * sizeOut),
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
