/**
 * Gradients of depthwise convolution, which the wasm backend lacks.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { address, output } from "../runtime/heap.ts";
import { castingToFloat, input, type Kernel } from "../runtime/kernel.ts";
import { callAll } from "../runtime/thread_pool.ts";
import {
  checkGradient,
  runByImage,
  type Window2D,
  windowCall,
} from "./window.ts";

type Shape4D = [number, number, number, number];

type Attrs = Pick<
  tf.DepthwiseConv2dNativeBackpropInputAttrs,
  "strides" | "dilations" | "pad" | "dimRoundingMode"
>;

/**
 * Gradient with respect to the input: one walk over `dy`, each value times the
 * filter added to the window it came from, four channels at a time.
 */
export const depthwiseBackpropInput: Kernel = castingToFloat({
  name: tf.DepthwiseConv2dNativeBackpropInput,
  run(call) {
    const { heap } = call;
    const attrs = call.attrs as tf.DepthwiseConv2dNativeBackpropInputAttrs;
    const dy = input(call, "dy"), filter = input(call, "filter");
    const info = geometry(attrs, attrs.inputShape, filter.shape as Shape4D);
    checkGradient(dy, info);
    const dx = output(heap, info.inShape);
    const [from, by, to] = [
      address(heap, dy),
      address(heap, filter),
      address(heap, dx),
    ];
    const multiplier = info.outChannels / info.inChannels;
    runByImage(
      heap,
      info,
      (x, y) => ["depthwiseInputGradient", from + y, by, to + x, multiplier],
    );
    return dx;
  },
}, ["dy", "filter"]);

/**
 * Gradient with respect to the filter: the same walk, `dy` times the window's
 * inputs added to the filter's gradient, which is small and stays in L1.
 */
export const depthwiseBackpropFilter: Kernel = castingToFloat({
  name: tf.DepthwiseConv2dNativeBackpropFilter,
  run(call) {
    const { heap } = call;
    const attrs = call.attrs as tf.DepthwiseConv2dNativeBackpropFilterAttrs;
    const x = input(call, "x"), dy = input(call, "dy");
    const info = geometry(attrs, x.shape as Shape4D, attrs.filterShape);
    checkGradient(dy, info);
    const dFilter = output(heap, info.filterShape);
    const [from, by, to] = [
      address(heap, x),
      address(heap, dy),
      address(heap, dFilter),
    ];
    const multiplier = info.outChannels / info.inChannels;
    callAll(heap.simd, [windowCall(info), [
      "depthwiseFilterGradient",
      from,
      by,
      to,
      multiplier,
    ]]);
    return dFilter;
  },
}, ["x", "dy"]);

function geometry(
  attrs: Attrs,
  xShape: Shape4D,
  filterShape: Shape4D,
): Window2D {
  const { strides, dilations, pad, dimRoundingMode } = attrs;
  return tf.backend_util
    .computeConv2DInfo(
      xShape,
      filterShape,
      strides,
      dilations,
      pad,
      dimRoundingMode,
      true,
    );
}
