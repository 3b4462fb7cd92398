/**
 * The fields of tf.js' optimizers that their types hide.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import type { Slot } from "./slots.ts";

/** The fields that updates read: each optimizer has those it needs. */
export interface OptimizerFields {
  /** Learning rate, read at each step. */
  learningRate: number;
  /** Momentum (Momentum, RMSProp), read at each step. */
  momentum: number;
  /** Whether Momentum is Nesterov's. */
  useNesterov: boolean;
  /** Decay of means (RMSProp), or of the learning rate (Adamax). */
  decay: number;
  /** Whether RMSProp subtracts the mean gradient. */
  centered: boolean;
  /** Decay of means (Adadelta). */
  rho: number;
  /** Decay of the first moment. */
  beta1: number;
  /** Decay of the second moment. */
  beta2: number;
  /** Keeps divisors away from 0. */
  epsilon: number;
  /** Start value of Adagrad's sums. */
  initialAccumulatorValue: number;
  /** beta1 to the power of the step. */
  accBeta1: tf.Variable;
  /** beta2 to the power of the step. */
  accBeta2: tf.Variable;
  /** Adamax's count of steps. */
  iteration: tf.Variable;
  /** Momentum's slots. */
  accumulations: Slot[];
  /** Slots of Adagrad and Adadelta. */
  accumulatedGrads: Slot[];
  /** Slots of Adadelta. */
  accumulatedUpdates: Slot[];
  /** Slots of RMSProp. */
  accumulatedMeanSquares: Slot[];
  /** Slots of RMSProp. */
  accumulatedMoments: Slot[];
  /** Slots of RMSProp, centered. */
  accumulatedMeanGrads: Slot[];
  /** Slots of Adam and Adamax. */
  accumulatedFirstMoment: Slot[];
  /** Slots of Adam. */
  accumulatedSecondMoment: Slot[];
  /** Slots of Adamax. */
  accumulatedWeightedInfNorm: Slot[];
}
