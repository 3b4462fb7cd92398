/**
 * The window of a convolution or a pool, as the SIMD kernels take it.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Heap } from "../runtime/heap.ts";
import { callKernel, input, type KernelCall } from "../runtime/kernel.ts";
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
 * Refuses a gradient that does not have the shape of what it is the gradient of:
 * a kernel would read it with the wrong geometry, or beyond its end.
 *
 * @throws {RangeError} If it has not.
 */
export function checkGradient(
  dy: tf.TensorInfo,
  { outShape }: Window2D | Window3D,
): void {
  if (tf.util.arraysEqual(dy.shape, outShape)) return;
  throw new RangeError(
    `Cannot compute gradient: a tensor shaped [${outShape}] was expected, current shape is [${dy.shape}]`,
  );
}

/**
 * Calls `use` with input "dy", cut to the shape of the outputs where it is larger
 * along some axes, as tf.js' cpu backend reads it: a transposed convolution may
 * ask for fewer outputs than there are.
 *
 * @throws {RangeError} If it is smaller along some axis.
 */
export function withCropped(
  call: KernelCall,
  info: Window2D | Window3D,
  use: (dy: tf.TensorInfo) => tf.TensorInfo,
): tf.TensorInfo {
  const dy = input(call, "dy"), { outShape } = info;
  const isLarger = dy.shape.length === outShape.length &&
    outShape.every((size, axis) => size <= (dy.shape[axis] ?? 0));
  if (!isLarger || tf.util.arraysEqual(dy.shape, outShape)) {
    checkGradient(dy, info);
    return use(dy);
  }
  const begin = outShape.map(() => 0), size: number[] = outShape;
  const cropped = callKernel(call, tf.Slice, { x: dy }, { begin, size });
  try {
    return use(cropped);
  } finally {
    call.heap.backend.disposeData(cropped.dataId);
  }
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
