/**
 * A part of a tensor.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { address, memoryOf, output } from "../runtime/heap.ts";
import { input, type Kernel } from "../runtime/kernel.ts";
import { sizeOf } from "../runtime/shape.ts";

/**
 * A part that is contiguous, such as a batch of samples, is copied within the
 * heap. The stock kernel first reads the whole tensor out of the heap, however
 * small the part. Like the cpu backend's, and unlike the stock kernel, this one
 * throws when a part is not within the tensor.
 */
export const slice: Kernel = {
  name: tf.Slice,
  run(call) {
    const x = input(call, "x");
    const { begin, size } = call.attrs as tf.SliceAttrs;
    const [from = [], extent = []] = tf.slice_util.parseSliceParams(
      x,
      begin,
      size,
    );
    tf.slice_util.assertParamsValid(x, from, extent);
    const contiguous = x.dtype !== "string" && x.shape.length > 0 &&
      tf.slice_util.isSliceContinous(x.shape, from, extent);
    if (!contiguous) return call.stock();
    const { heap } = call;
    const out = output(heap, extent, x.dtype);
    const bytes = tf.util.bytesPerElement(x.dtype);
    const first = tf.slice_util.computeFlatOffset(
      from,
      tf.util.computeStrides(x.shape),
    );
    const start = address(heap, x) + first * bytes;
    const end = start + sizeOf(extent) * bytes;
    new Uint8Array(memoryOf(heap.backend).buffer)
      .copyWithin(address(heap, out), start, end);
    return out;
  },
};
