/**
 * Matrix products, alone and with bias and activation.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { activate, canActivate } from "./activation.ts";
import { address, floats, output, withScratch } from "../runtime/heap.ts";
import { input, type Kernel, type KernelCall } from "../runtime/kernel.ts";
import { type Shard, shards, type SimdCall } from "../runtime/thread_pool.ts";
import { sizeOf } from "../runtime/shape.ts";

/**
 * `a b` with any of the two transposed. One blocked SIMD product reads both by
 * strides, so a transpose costs nothing (`simd/gemm.as`; the stock kernel runs
 * a naive loop there).
 */
export const batchMatMul: Kernel = {
  name: tf.BatchMatMul,
  run: (call) => isFloat(call) ? product(call) : call.stock(),
};

/**
 * `activation(a b + bias)`: the product above, then one pass in place for the
 * bias and ReLU. Activations other than linear and ReLU go to the stock kernel,
 * which tf.js calls for inference only.
 */
export const fusedMatMul: Kernel = {
  name: tf._FusedMatMul,
  run(call) {
    const { activation, transposeA, transposeB } = call
      .attrs as tf._FusedMatMulAttrs;
    const stockCan = !transposeA && !transposeB;
    if (!isFloat(call) || (stockCan && !canActivate(activation))) {
      return call.stock();
    }
    const out = product(call);
    activate(call.heap, out, call.inputs["bias"], activation);
    return out;
  },
};

function isFloat(call: KernelCall): boolean {
  return input(call, "a").dtype === "float32" &&
    input(call, "b").dtype === "float32";
}

function product(call: KernelCall): tf.TensorInfo {
  const { heap } = call;
  const { transposeA, transposeB } = call.attrs as tf.BatchMatMulAttrs;
  const a = matrix(input(call, "a"), transposeA);
  const b = matrix(input(call, "b"), transposeB);
  if (a.cols !== b.rows) {
    throw new RangeError(
      `Cannot multiply matrices: the inner sizes must match, current values are ${a.cols} and ${b.rows}`,
    );
  }
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.batch, b.batch);
  const out = output(heap, [...batch, a.rows, b.cols]);
  const [atA, atB, atC] = [a.tensor, b.tensor, out].map((t) =>
    address(heap, t)
  ) as Three;
  if (sizeOf([...out.shape, a.cols]) === 0) {
    floats(heap, atC, sizeOf(out.shape)).fill(0);
    return out;
  }
  const count = sizeOf(batch), work = sizeOf(out.shape) * a.cols;
  // Threads share the rows of one product, or the products of a batch.
  const runs = count === 1
    ? shards(heap.pool, a.rows, work, 6)
    : shards(heap.pool, count, work);
  const scratch = Math.ceil(heap.simd.gemmScratch(b.cols, a.cols) / 16) * 16;
  const gemm = (i: number, { first, size }: Shard, at: number): SimdCall => {
    const fromA = atA + 4 * a.rows * a.cols * broadcastIndex(i, batch, a.batch);
    const fromB = atB + 4 * b.rows * b.cols * broadcastIndex(i, batch, b.batch);
    const to = atC + 4 * b.cols * (a.rows * i + first);
    const rows = fromA + first * a.strides[0];
    return [
      "gemm",
      size,
      b.cols,
      a.cols,
      rows,
      ...a.strides,
      fromB,
      ...b.strides,
      to,
      0,
      at,
    ];
  };
  const all = { first: 0, size: a.rows };
  withScratch(heap, runs.length * scratch, (start) => {
    heap.pool.run(
      runs.map((run, r) =>
        count === 1
          ? [gemm(0, run, start + r * scratch)]
          : Array.from({ length: run.size }, (_, i) =>
            gemm(run.first + i, all, start + r * scratch))
      ),
    );
  });
  return out;
}

type Three = [number, number, number];

interface Matrix {
  tensor: tf.TensorInfo;
  batch: number[];
  rows: number;
  cols: number;
  /** Bytes from row to row and from column to column. */
  strides: [number, number];
}

function matrix(tensor: tf.TensorInfo, transposed: boolean): Matrix {
  const batch = tensor.shape.slice(0, -2);
  const [rows = 1, cols = 1] = tensor.shape.slice(-2);
  return transposed
    ? { tensor, batch, rows: cols, cols: rows, strides: [4, 4 * cols] }
    : { tensor, batch, rows, cols, strides: [4 * cols, 4] };
}

/** Which matrix of a stack shaped `from` is the `i`th of one shaped `to`. */
function broadcastIndex(i: number, to: number[], from: number[]): number {
  let index = 0;
  for (let d = 0, rest = i, left = sizeOf(to); d < to.length; d++) {
    const size = to[d] ?? 1;
    left /= size;
    const at = Math.floor(rest / left);
    rest -= at * left;
    const axis = d - (to.length - from.length);
    const own = from[axis] ?? 1;
    if (axis >= 0) index = index * own + (own === 1 ? 0 : at);
  }
  return index;
}
