/**
 * Gradients of max and average pooling, in 2D and 3D.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { address, output } from "../runtime/heap.ts";
import {
  castingToFloat,
  input,
  type Kernel,
  type KernelCall,
} from "../runtime/kernel.ts";
import {
  checkGradient,
  runByImage,
  type Window2D,
  type Window3D,
} from "./window.ts";

type Shape4D = [number, number, number, number];
type Shape5D = [number, number, number, number, number];

/**
 * Each `dy` goes to the first input of its window that equals the maximum,
 * which the forward pass has found already. One walk over the outputs, 16
 * channels at a time; the stock kernel searches for the maximum again for each
 * input.
 */
export const maxPoolGrad: Kernel = castingToFloat({
  name: tf.MaxPoolGrad,
  run: (call) => maxGradient(call, window2D(call), "first"),
}, ["dy", "input", "output"]);

/** The same in 3D, where tf.js gives a tie to the last input. */
export const maxPool3DGrad: Kernel = castingToFloat({
  name: tf.MaxPool3DGrad,
  run: (call) => maxGradient(call, window3D(call, "input"), "last"),
}, ["dy", "input", "output"]);

/**
 * Each `dy` is split evenly over the inputs of its window; padding counts as
 * inputs, as in tf.js. The same walk as for max pooling.
 */
export const avgPoolGrad: Kernel = castingToFloat({
  name: tf.AvgPoolGrad,
  run(call) {
    const info = window2D(call);
    return averageGradient(call, info, info.filterHeight * info.filterWidth);
  },
}, ["dy"]);

/** The same in 3D. */
export const avgPool3DGrad: Kernel = castingToFloat({
  name: tf.AvgPool3DGrad,
  run(call) {
    const info = window3D(call, "input");
    return averageGradient(
      call,
      info,
      info.filterDepth * info.filterHeight * info.filterWidth,
    );
  },
}, ["dy"]);

/**
 * Max pooling in 3D. The stock kernel of tf.js 4.22 starts from a maximum of 0,
 * which is wrong where all inputs of a window are negative. NaN does not count,
 * as in tf.js' other max pools.
 */
export const maxPool3D: Kernel = castingToFloat({
  name: tf.MaxPool3D,
  run(call) {
    const { heap } = call;
    const info = window3D(call, "x");
    const y = output(heap, info.outShape);
    const from = address(heap, input(call, "x")), to = address(heap, y);
    runByImage(heap, info, (x, y) => ["maxPool", from + x, to + y]);
    return y;
  },
}, ["x"]);

function window2D(call: KernelCall): Window2D {
  const { filterSize, strides, pad, dimRoundingMode } = call
    .attrs as tf.MaxPoolGradAttrs;
  const shape = input(call, "input").shape as Shape4D;
  return tf.backend_util.computePool2DInfo(
    shape,
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}

function window3D(call: KernelCall, name: "x" | "input"): Window3D {
  const { filterSize, strides, pad, dimRoundingMode } = call
    .attrs as tf.MaxPool3DGradAttrs;
  const shape = input(call, name).shape as Shape5D;
  return tf.backend_util.computePool3DInfo(
    shape,
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}

function maxGradient(
  call: KernelCall,
  info: Window2D | Window3D,
  tie: "first" | "last",
): tf.TensorInfo {
  const { heap } = call;
  const x = input(call, "input"),
    y = input(call, "output"),
    dy = input(call, "dy");
  checkGradient(dy, info);
  checkGradient(y, info);
  const dx = output(heap, x.shape);
  const [fromX, fromY, fromDy, to] = [x, y, dy, dx].map((t) =>
    address(heap, t)
  ) as Four;
  runByImage(
    heap,
    info,
    (x, y) => [
      "maxPoolGradient",
      ...[fromX + x, fromY + y, fromDy + y, to + x],
      Number(tie === "last"),
    ],
  );
  return dx;
}

type Four = [number, number, number, number];

function averageGradient(
  call: KernelCall,
  info: Window2D | Window3D,
  size: number,
): tf.TensorInfo {
  const { heap } = call;
  const dy = input(call, "dy");
  checkGradient(dy, info);
  const dx = output(heap, input(call, "input").shape);
  const from = address(heap, dy), to = address(heap, dx);
  runByImage(
    heap,
    info,
    (x, y) => ["averagePoolGradient", from + y, to + x, 1 / size],
  );
  return dx;
}
