/**
 * A bias added to each row.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { address, output } from "../runtime/heap.ts";
import { input, type Kernel } from "../runtime/kernel.ts";
import { shards } from "../runtime/thread_pool.ts";
import { sizeOf } from "../runtime/shape.ts";

/**
 * A tensor plus a vector along its last axis, which is what an unfused bias
 * is: row by row, without the index arithmetic of a broadcast. Every other
 * addition goes to the stock kernel.
 */
export const addBias: Kernel = {
  name: tf.Add,
  run(call) {
    const { heap } = call;
    const x = input(call, "a"), bias = input(call, "b");
    const cols = x.shape.at(-1) ?? 0;
    const float = x.dtype === "float32" && bias.dtype === "float32";
    const isBias = bias.shape.length === 1 && bias.shape[0] === cols &&
      x.shape.length > 1;
    if (!float || !isBias || cols === 0) return call.stock();
    const out = output(heap, x.shape), rows = sizeOf(x.shape) / cols;
    const [from, by, to] = [
      address(heap, x),
      address(heap, bias),
      address(heap, out),
    ];
    heap.pool.run(
      shards(heap.pool, rows, 2 * rows * cols).map(({ first, size }) => {
        const skip = 4 * cols * first;
        return [["addBias", from + skip, size, cols, by, -Infinity, to + skip]];
      }),
    );
    return out;
  },
};
