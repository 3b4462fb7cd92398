/**
 * Optimizer slots and weights, to be written in place on the wasm heap.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { address, floats, type Heap } from "../runtime/heap.ts";

/** How tf.js' optimizers hold the state that belongs to a weight. */
export interface Slot {
  /** Name in a saved optimizer: the weight's name and that of the state, as in `…/m`. */
  originalName: string;
  /** Its values, shaped like the weight. */
  variable: tf.Variable;
}

/** The `i`th slot; if it does not exist yet, it is made and filled with `start` (default 0). */
export function slot(
  slots: Slot[],
  i: number,
  name: string,
  like: tf.Variable,
  start = 0,
): Slot {
  return slots[i] ??= {
    originalName: name,
    variable: tf.tidy(() => tf.fill(like.shape, start).variable(false)),
  };
}

/**
 * Address of a variable's data, to be written in place. Data that the variable
 * shares with another tensor (`clone`, `reshape`) is copied first, so that the
 * other tensor keeps its values.
 */
export function writable(heap: Heap, variable: tf.Variable): number {
  address(heap, variable); // moves data that are still on another backend
  if (heap.backend.refCount(variable.dataId) > 1) {
    const own = tf.tensor(variable.dataSync(), variable.shape, variable.dtype);
    variable.assign(own);
    own.dispose();
  }
  return address(heap, variable);
}

/** The value of a scalar variable. */
export function value(heap: Heap, scalar: tf.Variable): number {
  return floats(heap, address(heap, scalar), 1)[0] ?? 0;
}

/** Replaces the value of a scalar variable by `next` of it, in place. */
export function advance(
  heap: Heap,
  scalar: tf.Variable,
  next: (x: number) => number,
): void {
  const at = writable(heap, scalar);
  const view = floats(heap, at, 1);
  view[0] = next(view[0] ?? 0);
}

/** Multiplies a scalar variable in place, in float32 as tf.js does: `factor` is a tensor there. */
export function multiply(
  heap: Heap,
  scalar: tf.Variable,
  factor: number,
): void {
  advance(heap, scalar, (x) => x * Math.fround(factor));
}
