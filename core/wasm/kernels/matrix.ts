/**
 * Matrices in a batch: where they lie, transposed or not, and broadcast.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { sizeOf } from "../runtime/shape.ts";

/** A tensor as a batch of matrices; `rows` and `cols` are those after transposing. */
export interface Matrix {
  /** The tensor. */
  readonly tensor: tf.TensorInfo;
  /** Shape of the batch. */
  readonly batch: number[];
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly cols: number;
  /** Bytes from row to row and from column to column. */
  readonly strides: readonly [number, number];
}

/** The matrices in `tensor`. A transposed one is read with its strides swapped. */
export function matrixOf(tensor: tf.TensorInfo, transposed: boolean): Matrix {
  const batch = tensor.shape.slice(0, -2);
  const [rows = 1, cols = 1] = tensor.shape.slice(-2);
  return transposed
    ? { tensor, batch, rows: cols, cols: rows, strides: [4, 4 * cols] }
    : { tensor, batch, rows, cols, strides: [4 * cols, 4] };
}

/** Which matrix of a batch shaped `from` is the `i`th of one broadcast to `to`. */
export function broadcastIndex(
  i: number,
  to: readonly number[],
  from: readonly number[],
): number {
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

/**
 * How batches shaped `a` and `b` run along one broadcast to `to`: for `run`
 * products in a row, each goes on by 1 matrix or stays (0).
 */
export function runOf(
  to: readonly number[],
  a: readonly number[],
  b: readonly number[],
): { run: number; steps: readonly [number, number] } {
  const stepOf = (from: readonly number[], axis: number) =>
    Number((from[axis - (to.length - from.length)] ?? 1) !== 1);
  let run = 1, steps: readonly [number, number] = [0, 0];
  for (let axis = to.length - 1; axis >= 0; axis--) {
    const size = to[axis] ?? 1;
    if (size === 1) continue;
    const own = [stepOf(a, axis), stepOf(b, axis)] as const;
    if (run > 1 && (own[0] !== steps[0] || own[1] !== steps[1])) break;
    steps = own;
    run *= size;
  }
  return { run, steps };
}
