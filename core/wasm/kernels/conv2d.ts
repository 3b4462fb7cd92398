/**
 * 2D convolution and its gradients.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { activate, type Activation, canActivate } from "./activation.ts";
import { output } from "../runtime/heap.ts";
import {
  castingToFloat,
  input,
  type Kernel,
  type KernelCall,
} from "../runtime/kernel.ts";
import { convolution } from "./convolution.ts";
import { checkGradient, type Window2D, withCropped } from "./window.ts";

type Shape4D = [number, number, number, number];

/**
 * Convolution: patches of the input times the filter, block by block, so that
 * patches are made and used within the L2 cache ("im2col"). It is a little
 * faster than XNNPACK's, which the stock kernel calls, and caches nothing of a
 * filter, so that filters may change in place.
 */
export const conv2D: Kernel = {
  name: tf.Conv2D,
  run: (call) => isSupported(call, "linear") ? forward(call) : call.stock(),
};

/**
 * Convolution with bias and activation: as above, then one pass in place.
 * Activations other than linear and ReLU go to the stock kernel.
 */
export const fusedConv2D: Kernel = {
  name: tf.FusedConv2D,
  run(call) {
    const { activation } = call.attrs as tf.FusedConv2DAttrs;
    if (!isSupported(call, activation)) return call.stock();
    return activate(call, forward(call), call.inputs["bias"], activation);
  },
};

/**
 * Gradient with respect to the input, and the forward pass of a transposed
 * convolution: `dy` times the transposed filter gives patches, which are added up
 * where they overlap ("col2im"). No work is wasted on padding or stride gaps.
 */
export const conv2DBackpropInput: Kernel = castingToFloat({
  name: tf.Conv2DBackpropInput,
  run(call) {
    const { heap } = call;
    const attrs = call.attrs as tf.Conv2DBackpropInputAttrs;
    const filter = input(call, "filter");
    const info = geometry(attrs, attrs.inputShape, filter.shape as Shape4D);
    return withCropped(call, info, (dy) => {
      const dx = output(heap, info.inShape);
      convolution(heap, info, "convolveInputGradient", dy, filter, dx);
      return dx;
    });
  },
}, ["dy", "filter"]);

/**
 * Gradient with respect to the filter: patches of the input, transposed, times
 * `dy`, block by block, so that patches are made and used within the L2 cache.
 * The wasm backend has no such kernel of its own.
 */
export const conv2DBackpropFilter: Kernel = castingToFloat({
  name: tf.Conv2DBackpropFilter,
  run(call) {
    const { heap } = call;
    const attrs = call.attrs as tf.Conv2DBackpropFilterAttrs;
    const x = input(call, "x"), dy = input(call, "dy");
    const info = geometry(attrs, x.shape as Shape4D, attrs.filterShape);
    checkGradient(dy, info);
    const dFilter = output(heap, info.filterShape);
    convolution(heap, info, "convolveFilterGradient", x, dy, dFilter);
    return dFilter;
  },
}, ["x", "dy"]);

function isSupported(call: KernelCall, activation: Activation): boolean {
  const { dataFormat } = call.attrs as tf.Conv2DAttrs;
  const float = input(call, "x").dtype === "float32" &&
    input(call, "filter").dtype === "float32";
  return float && dataFormat === "NHWC" && canActivate(activation);
}

function forward(call: KernelCall): tf.TensorInfo {
  const x = input(call, "x"), filter = input(call, "filter");
  const attrs = call.attrs as tf.Conv2DAttrs;
  const info = geometry(
    attrs,
    x.shape as Shape4D,
    filter.shape as Shape4D,
    attrs.dilations,
  );
  const y = output(call.heap, info.outShape);
  convolution(call.heap, info, "convolve", x, filter, y);
  return y;
}

function geometry(
  attrs: Pick<
    tf.Conv2DAttrs,
    "strides" | "pad" | "dimRoundingMode" | "dataFormat"
  >,
  xShape: Shape4D,
  filterShape: Shape4D,
  dilations: tf.Conv2DAttrs["dilations"] = 1,
): Window2D {
  const { strides, pad, dimRoundingMode, dataFormat } = attrs;
  const format = tf.backend_util.convertConv2DDataFormat(dataFormat);
  return tf.backend_util.computeConv2DInfo(
    ...[
      xShape,
      filterShape,
      strides,
      dilations,
      pad,
      dimRoundingMode,
      false,
      format,
    ] as const,
  );
}
