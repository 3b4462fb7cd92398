/**
 * Gradients of 2D max and average pooling.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { address, output } from "./heap.ts";
import { input, type Kernel } from "./kernel.ts";
import { setWindow } from "./window.ts";

type Shape4D = [number, number, number, number];

/**
 * Each `dy` goes to the first input of its window that equals the maximum,
 * which the forward pass has found already. One walk over the outputs, four
 * channels at a time, where the stock kernel looks for the maximum again for
 * each input.
 */
export const maxPoolGrad: Kernel = {
  name: tf.MaxPoolGrad,
  run(call) {
    const { heap } = call;
    const { filterSize, strides, pad, dimRoundingMode } = call
      .attrs as tf.MaxPoolGradAttrs;
    const x = input(call, "input"),
      y = input(call, "output"),
      dy = input(call, "dy");
    const shape = x.shape as Shape4D;
    const info = tf.backend_util
      .computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const dx = output(heap, x.shape);
    setWindow(heap, info);
    heap.simd
      .maxPoolBack(
        address(heap, x),
        address(heap, y),
        address(heap, dy),
        address(heap, dx),
      );
    return dx;
  },
};

/**
 * Each `dy` goes to all inputs of its window in equal parts, padding counted
 * as in tf.js. The same walk as for max pooling.
 */
export const avgPoolGrad: Kernel = {
  name: tf.AvgPoolGrad,
  run(call) {
    const { heap } = call;
    const { filterSize, strides, pad } = call.attrs as tf.AvgPoolGradAttrs;
    const x = input(call, "input"), dy = input(call, "dy");
    const info = tf.backend_util
      .computePool2DInfo(x.shape as Shape4D, filterSize, strides, 1, pad);
    const dx = output(heap, x.shape);
    setWindow(heap, info);
    const share = 1 / (info.filterHeight * info.filterWidth);
    heap.simd.averagePoolBack(address(heap, dy), address(heap, dx), share);
    return dx;
  },
};
