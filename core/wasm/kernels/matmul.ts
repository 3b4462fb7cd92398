/**
 * Matrix products, alone and with bias and activation.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { address, output, withScratch, zeros } from "../runtime/heap.ts";
import { input, type Kernel, type KernelCall } from "../runtime/kernel.ts";
import { sizeOf } from "../runtime/shape.ts";
import { type Shard, shards, type SimdCall } from "../runtime/thread_pool.ts";
import { activate, canActivate } from "./activation.ts";
import { broadcastIndex, type Matrix, matrixOf, runOf } from "./matrix.ts";

/**
 * `a b` with either of the two transposed. One blocked SIMD product reads both
 * by strides, so a transpose costs nothing (`simd/gemm.as`; the stock kernel
 * runs a naive loop there). Products of int32 are exact (`simd/integers.as`);
 * the stock kernel refuses them.
 */
export const batchMatMul: Kernel = {
  name: tf.BatchMatMul,
  run: (call) =>
    isBoth(call, "float32") || isBoth(call, "int32")
      ? product(call)
      : call.stock(),
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
    if (!isBoth(call, "float32") || (stockCan && !canActivate(activation))) {
      return call.stock();
    }
    const out = product(call);
    return activate(call, out, call.inputs["bias"], activation);
  },
};

function isBoth(call: KernelCall, dtype: "float32" | "int32"): boolean {
  return input(call, "a").dtype === dtype && input(call, "b").dtype === dtype;
}

function product(call: KernelCall): tf.TensorInfo {
  const { heap } = call;
  const { transposeA, transposeB } = call.attrs as tf.BatchMatMulAttrs;
  const left = input(call, "a"), right = input(call, "b");
  if (left.shape.length < 2 || right.shape.length < 2) {
    throw new RangeError(
      `Cannot multiply matrices: at least 2 axes were expected, current shapes are [${left.shape}] and [${right.shape}]`,
    );
  }
  const a = matrixOf(left, transposeA), b = matrixOf(right, transposeB);
  if (a.cols !== b.rows) {
    throw new RangeError(
      `Cannot multiply matrices: the inner sizes must match, current values are ${a.cols} and ${b.rows}`,
    );
  }
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.batch, b.batch);
  const shape = [...batch, a.rows, b.cols], { dtype } = a.tensor;
  if (sizeOf(shape) * a.cols === 0) return zeros(heap, shape, dtype);
  const out = output(heap, shape, dtype);
  multiply(call, a, b, batch, out);
  return out;
}

/** Threads share the rows of one product, or the products of a batch. */
function multiply(
  { heap }: KernelCall,
  a: Matrix,
  b: Matrix,
  batch: number[],
  out: tf.TensorInfo,
): void {
  const atA = address(heap, a.tensor), atB = address(heap, b.tensor);
  const atC = address(heap, out);
  const bytesA = 4 * a.rows * a.cols, bytesB = 4 * b.rows * b.cols;
  const count = sizeOf(batch), work = sizeOf(out.shape) * a.cols;
  const { run, steps: [stepA, stepB] } = runOf(batch, a.batch, b.batch);
  const isInt = out.dtype === "int32";
  /** Products `i` to `i + n - 1`, which lie in one run; of each the given rows. */
  const gemm = (i: number, n: number, { first, size }: Shard, at: number) => {
    const fromA = atA + bytesA * broadcastIndex(i, batch, a.batch);
    const fromB = atB + bytesB * broadcastIndex(i, batch, b.batch);
    const to = atC + 4 * b.cols * (a.rows * i + first);
    return [
      ...[isInt ? "gemmIntBatch" : "gemmBatch", n],
      ...[stepA * bytesA, stepB * bytesB, size, b.cols, a.cols],
      ...[fromA + first * a.strides[0], ...a.strides, fromB, ...b.strides, to],
      ...(isInt ? [] : [at]),
    ] as unknown as SimdCall;
  };
  const all = { first: 0, size: a.rows };
  const products = ({ first, size }: Shard, at: number) => {
    const calls: SimdCall[] = [];
    for (let i = first, end = first + size, n; i < end; i += n) {
      n = Math.min(run - i % run, end - i);
      calls.push(gemm(i, n, all, at));
    }
    return calls;
  };
  const split = count === 1
    ? shards(heap.pool, a.rows, work, 6)
    : shards(heap.pool, count, work);
  const scratch = isInt
    ? 0
    : Math.ceil(heap.simd.gemmScratch(b.cols, a.cols) / 16) * 16;
  withScratch(heap, split.length * scratch, (start) => {
    heap.pool.run(split.map((shard, s) => {
      const at = start + s * scratch;
      return count === 1 ? [gemm(0, 1, shard, at)] : products(shard, at);
    }));
  });
}
