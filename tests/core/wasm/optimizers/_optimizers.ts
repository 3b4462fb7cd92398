/**
 * The optimizers that are fused, with settings that reach each of their formulas.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** Makers of optimizers, by name. */
export const OPTIMIZERS: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.05),
  momentum: () => tf.train.momentum(0.02, 0.9),
  nesterov: () => tf.train.momentum(0.02, 0.9, true),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.5),
  rmsprop: () => tf.train.rmsprop(0.01),
  "rmsprop with momentum": () => tf.train.rmsprop(0.005, 0.9, 0.5),
  "rmsprop centered": () => tf.train.rmsprop(0.005, 0.9, 0.5, 1e-3, true),
  adam: () => tf.train.adam(0.02),
  adamax: () => tf.train.adamax(0.02),
  "adamax with decay": () => tf.train.adamax(0.02, 0.9, 0.99, 1e-7, 0.1),
};
