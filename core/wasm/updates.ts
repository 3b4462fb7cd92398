/**
 * One update for each of tf.js' optimizers: which slots it keeps, under tf.js'
 * own names, and the SIMD kernel that does weight and slots in one pass. The
 * formulas are tf.js' (`simd/updates.as`), term by term.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Heap } from "./heap.ts";
import type { OptimizerFields } from "./optimizer_fields.ts";
import { advance, type Slot, slot, writable } from "./slots.ts";

/** A weight to update. */
export interface Weight {
  /** Place in the optimizer's lists of slots. */
  readonly index: number;
  /** Name of the variable. */
  readonly name: string;
  /** The variable. */
  readonly variable: tf.Variable;
}

/** Updates one weight in place: number of values, address of weight and of gradient. */
export type UpdateWeight = (n: number, w: number, g: number) => void;

/** The parts of an optimizer's update. */
export interface Update {
  /** Makes the slots of a weight that has none, and says how to update it. */
  readonly prepare: (weight: Weight) => UpdateWeight;
  /** Moves on what the optimizer counts by step. */
  readonly end?: () => void;
}

/** Begins a step of an optimizer: reads its settings and gives its update. */
export type BeginUpdate = (o: OptimizerFields, heap: Heap) => Update;

/** The updates by class name, as `optimizer.getClassName()` says it. */
export const UPDATES: Readonly<Partial<Record<string, BeginUpdate>>> = {
  SGD: (o, { simd }) => ({
    prepare: () => (n, w, g) => simd.sgd(n, w, g, -o.learningRate),
  }),

  Momentum: (o, heap) => ({
    prepare(weight) {
      const a = place(heap, o.accumulations, weight, "momentum");
      return (n, w, g) =>
        heap.simd.momentum(
          n,
          w,
          g,
          a(),
          -o.learningRate,
          o.momentum,
          Number(o.useNesterov),
        );
    },
  }),

  Adagrad: (o, heap) => ({
    prepare(weight) {
      const a = place(
        heap,
        o.accumulatedGrads,
        weight,
        "accumulator",
        o.initialAccumulatorValue,
      );
      return (n, w, g) =>
        heap.simd.adagrad(
          n,
          w,
          g,
          a(),
          -o.learningRate,
          tf.backend().epsilon(),
        );
    },
  }),

  Adadelta: (o, heap) => ({
    prepare(weight) {
      const a = place(heap, o.accumulatedGrads, weight, "accum_grad");
      const d = place(heap, o.accumulatedUpdates, weight, "accum_var");
      return (n, w, g) =>
        heap.simd.adadelta(
          n,
          w,
          g,
          a(),
          d(),
          -o.learningRate,
          o.rho,
          1 - o.rho,
          o.epsilon,
        );
    },
  }),

  RMSProp: (o, heap) => ({
    prepare(weight) {
      const a = place(heap, o.accumulatedMeanSquares, weight, "rms");
      const m = place(heap, o.accumulatedMoments, weight, "momentum");
      const rest = [
        o.learningRate,
        o.decay,
        1 - o.decay,
        o.momentum,
        o.epsilon,
      ];
      if (!o.centered) {
        return (n, w, g) => heap.simd.rmsprop(n, w, g, a(), m(), ...rest);
      }
      const c = place(heap, o.accumulatedMeanGrads, weight, "mg");
      return (n, w, g) =>
        heap.simd.rmspropCentered(n, w, g, a(), m(), c(), ...rest);
    },
  }),

  Adam(o, heap) {
    const left1 = 1 - advance(heap, o.accBeta1, (x) => x);
    const left2 = 1 - advance(heap, o.accBeta2, (x) => x);
    const rest = [
      -o.learningRate / left1,
      o.beta1,
      1 - o.beta1,
      o.beta2,
      1 - o.beta2,
      left2,
    ];
    return {
      prepare(weight) {
        const m = place(heap, o.accumulatedFirstMoment, weight, "m");
        const v = place(heap, o.accumulatedSecondMoment, weight, "v");
        return (n, w, g) =>
          heap.simd.adam(n, w, g, m(), v(), ...rest, o.epsilon);
      },
      end() {
        advance(heap, o.accBeta1, (x) => x * o.beta1);
        advance(heap, o.accBeta2, (x) => x * o.beta2);
      },
    };
  },

  Adamax(o, heap) {
    const left1 = 1 - advance(heap, o.accBeta1, (x) => x);
    const rate = -o.learningRate /
      (advance(heap, o.iteration, (x) => x) * o.decay + 1);
    return {
      prepare(weight) {
        const m = place(heap, o.accumulatedFirstMoment, weight, "m");
        const v = place(heap, o.accumulatedWeightedInfNorm, weight, "v");
        const rest = [rate / left1, o.beta1, 1 - o.beta1, o.beta2, o.epsilon];
        return (n, w, g) => heap.simd.adamax(n, w, g, m(), v(), ...rest);
      },
      end() {
        advance(heap, o.iteration, (x) => x + 1);
        advance(heap, o.accBeta1, (x) => x * o.beta1);
      },
    };
  },
};

/** Sees to a weight's slot; the address comes later, for a weight may have no gradient. */
function place(
  heap: Heap,
  slots: Slot[],
  weight: Weight,
  what: string,
  start = 0,
): () => number {
  const { variable } = slot(
    slots,
    weight.index,
    `${weight.name}/${what}`,
    weight.variable,
    start,
  );
  return () => writable(heap, variable);
}
