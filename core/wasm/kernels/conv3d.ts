/**
 * 3D convolution and its gradients: the SIMD functions of 2D, with planes added.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { convolution } from "./convolution.ts";
import { output } from "../runtime/heap.ts";
import { input, type Kernel, type KernelCall } from "../runtime/kernel.ts";
import { checkGradient, type Window3D, withCropped } from "./window.ts";

type Shape5D = [number, number, number, number, number];

/** 3D convolution as a product over patches, where the stock kernel is a naive loop. */
export const conv3D: Kernel = {
  name: tf.Conv3D,
  run(call) {
    if (!isFloat(call, "x", "filter")) return call.stock();
    const attrs = call.attrs as tf.Conv3DAttrs;
    const x = input(call, "x"), filter = input(call, "filter");
    const info = geometry(attrs, x.shape as Shape5D, filter.shape as Shape5D);
    const y = output(call.heap, info.outShape);
    convolution(call.heap, info, "convolve", x, filter, y);
    return y;
  },
};

/**
 * Gradient with respect to the input, as in 2D. The stock kernel of tf.js 4.22 gives
 * wrong values here.
 */
export const conv3DBackpropInput: Kernel = {
  name: tf.Conv3DBackpropInputV2,
  run(call) {
    if (!isFloat(call, "dy", "filter")) return call.stock();
    const { heap } = call;
    const attrs = call.attrs as tf.Conv3DBackpropInputV2Attrs;
    const filter = input(call, "filter");
    const info = geometry(attrs, attrs.inputShape, filter.shape as Shape5D);
    return withCropped(call, info, (dy) => {
      const dx = output(heap, info.inShape);
      convolution(heap, info, "convolveInputGradient", dy, filter, dx);
      return dx;
    });
  },
};

/**
 * Gradient with respect to the filter, as in 2D. The stock kernel of tf.js 4.22 gives
 * wrong values when strides are above 1.
 */
export const conv3DBackpropFilter: Kernel = {
  name: tf.Conv3DBackpropFilterV2,
  run(call) {
    if (!isFloat(call, "x", "dy")) return call.stock();
    const attrs = call.attrs as tf.Conv3DBackpropFilterV2Attrs;
    const x = input(call, "x"), dy = input(call, "dy");
    const info = geometry(attrs, x.shape as Shape5D, attrs.filterShape);
    checkGradient(dy, info);
    const dFilter = output(call.heap, info.filterShape);
    convolution(call.heap, info, "convolveFilterGradient", x, dy, dFilter);
    return dFilter;
  },
};

/** The stock kernels refuse other types with a message of their own. */
function isFloat(call: KernelCall, ...names: string[]): boolean {
  return names.every((name) => input(call, name).dtype === "float32");
}

function geometry(
  attrs:
    & Pick<tf.Conv3DAttrs, "strides" | "pad">
    & Partial<Pick<tf.Conv3DAttrs, "dilations">>,
  xShape: Shape5D,
  filterShape: Shape5D,
): Window3D {
  const { strides, dilations = 1, pad } = attrs;
  return tf.backend_util.computeConv3DInfo(
    xShape,
    filterShape,
    strides,
    dilations,
    pad,
  );
}
