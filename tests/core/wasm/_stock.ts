/**
 * Optimizers that tf.js itself updates, to compare the fused ones with.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";

/** Makes `optimizer` an instance of a subclass, since those are never fused. */
export function asStock<T extends tf.Optimizer>(optimizer: T): T {
  const subclass = Object.create(Object.getPrototypeOf(optimizer));
  return Object.setPrototypeOf(optimizer, subclass);
}
