/**
 * Lookup of rows, which is the forward pass of an embedding.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { address, output } from "../runtime/heap.ts";
import { input, type Kernel } from "../runtime/kernel.ts";
import { sizeOf } from "../runtime/shape.ts";

/**
 * Rows by index: each is copied as a whole, where the stock kernel computes the
 * position of every value. Lookups along other axes, and indices out of range,
 * go to the stock kernel, whose error names the index.
 */
export const gather: Kernel = {
  name: tf.GatherV2,
  run(call) {
    const { heap } = call;
    const { axis, batchDims } = call.attrs as tf.GatherV2Attrs;
    const x = input(call, "x"), indices = input(call, "indices");
    const types = x.dtype === "float32" && indices.dtype === "int32";
    if (!types || axis !== 0 || batchDims || x.shape.length === 0) {
      return call.stock();
    }
    const [count = 0, ...rest] = x.shape;
    const out = output(heap, [...indices.shape, ...rest]);
    const [from, by, to] = [
      address(heap, x),
      address(heap, indices),
      address(heap, out),
    ];
    const rows = sizeOf(indices.shape), cols = sizeOf(rest);
    if (heap.simd.gatherRows(from, count, by, rows, cols, to)) return out;
    heap.backend.disposeData(out.dataId);
    return call.stock();
  },
};
