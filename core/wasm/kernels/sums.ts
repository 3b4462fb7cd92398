/**
 * Sums that gradients need: over rows (a bias), by segment (an embedding).
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { address, output, zeros } from "../runtime/heap.ts";
import { castingToFloat, input, type Kernel } from "../runtime/kernel.ts";
import { sizeOf } from "../runtime/shape.ts";

/**
 * Sum over leading axes, which is the gradient of a bias: whole rows are added
 * up, where the stock kernel transposes the tensor first. A sum of nothing is 0,
 * which the stock kernel leaves unset. Every other sum goes to the stock kernel.
 */
export const sum: Kernel = {
  name: tf.Sum,
  run(call) {
    const { heap } = call;
    const { axis, keepDims } = call.attrs as tf.SumAttrs;
    const x = input(call, "x");
    const axes = tf.util.parseAxisParam(axis, x.shape).toSorted((a, b) =>
      a - b
    );
    if (sizeOf(x.shape) === 0) {
      const shape = x.shape.flatMap((size, axis) =>
        !axes.includes(axis) ? size : keepDims ? 1 : []
      );
      return zeros(heap, shape, x.dtype);
    }
    const leading = axes.length < x.shape.length &&
      axes.every((a, i) => a === i);
    if (x.dtype !== "float32" || axes.length === 0 || !leading) {
      return call.stock();
    }
    const rest = x.shape.slice(axes.length), cols = sizeOf(rest);
    const out = output(heap, keepDims ? [...axes.map(() => 1), ...rest] : rest);
    const rows = sizeOf(x.shape.slice(0, axes.length));
    heap.simd.sumRows(address(heap, x), rows, cols, address(heap, out));
    return out;
  },
};

/**
 * Gradient of a lookup: row `i` of `x` is added to row `segmentIds[i]`, in one
 * pass. The wasm backend has no such kernel of its own; ids out of range drop
 * their row, and sums of integers are float32, as elsewhere in tf.js.
 */
export const unsortedSegmentSum: Kernel = castingToFloat({
  name: tf.UnsortedSegmentSum,
  run(call) {
    const { heap } = call;
    const { numSegments } = call.attrs as tf.UnsortedSegmentSumAttrs;
    const x = input(call, "x"), ids = input(call, "segmentIds");
    const rows = x.shape.slice(0, ids.shape.length);
    if (!tf.util.arraysEqual(rows, ids.shape)) {
      throw new RangeError(
        `Cannot sum segments: a tensor shaped [${rows}] was expected for the ids, current shape is [${ids.shape}]`,
      );
    }
    const rest = x.shape.slice(ids.shape.length);
    const out = output(heap, [numSegments, ...rest]);
    const [from, by, to] = [
      address(heap, x),
      address(heap, ids),
      address(heap, out),
    ];
    heap.simd.segmentSum(
      from,
      by,
      sizeOf(ids.shape),
      sizeOf(rest),
      numSegments,
      to,
    );
    return out;
  },
}, ["x"]);
