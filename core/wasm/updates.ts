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
import type { Simd } from "./simd.ts";
import { advance, type Slot, slot } from "./slots.ts";

/** A weight to update. */
export interface Weight {
  /** Place in the optimizer's lists of slots. */
  readonly index: number;
  /** Name of the variable. */
  readonly name: string;
  /** The variable. */
  readonly variable: tf.Variable;
}

/** How to update a weight: the SIMD kernel, addresses of its slots, numbers. */
export interface UpdateWeight {
  /** Kernel. */
  readonly kernel: keyof Simd;
  /** Slots, as arrays like the weight. */
  readonly slots: readonly tf.Variable[];
  /** What else the kernel takes. */
  readonly settings: readonly number[];
}

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
  SGD: (o) => ({
    prepare: () => ({ kernel: "sgd", slots: [], settings: [-o.learningRate] }),
  }),

  Momentum: (o) => ({
    prepare: (weight) => ({
      kernel: "momentum",
      slots: [place(o.accumulations, weight, "momentum")],
      settings: [-o.learningRate, o.momentum, Number(o.useNesterov)],
    }),
  }),

  Adagrad: (o) => ({
    prepare: (weight) => ({
      kernel: "adagrad",
      slots: [
        place(
          o.accumulatedGrads,
          weight,
          "accumulator",
          o.initialAccumulatorValue,
        ),
      ],
      settings: [-o.learningRate, tf.backend().epsilon()],
    }),
  }),

  Adadelta: (o) => ({
    prepare: (weight) => ({
      kernel: "adadelta",
      slots: [
        place(o.accumulatedGrads, weight, "accum_grad"),
        place(o.accumulatedUpdates, weight, "accum_var"),
      ],
      settings: [-o.learningRate, o.rho, 1 - o.rho, o.epsilon],
    }),
  }),

  RMSProp: (o) => ({
    prepare: (weight) => ({
      kernel: o.centered ? "rmspropCentered" : "rmsprop",
      slots: [
        place(o.accumulatedMeanSquares, weight, "rms"),
        place(o.accumulatedMoments, weight, "momentum"),
        ...(o.centered ? [place(o.accumulatedMeanGrads, weight, "mg")] : []),
      ],
      settings: [o.learningRate, o.decay, 1 - o.decay, o.momentum, o.epsilon],
    }),
  }),

  Adam(o, heap) {
    const left1 = 1 - advance(heap, o.accBeta1, (x) => x);
    const left2 = 1 - advance(heap, o.accBeta2, (x) => x);
    const betas = [o.beta1, 1 - o.beta1, o.beta2, 1 - o.beta2];
    return {
      prepare: (weight) => ({
        kernel: "adam",
        slots: [
          place(o.accumulatedFirstMoment, weight, "m"),
          place(o.accumulatedSecondMoment, weight, "v"),
        ],
        settings: [-o.learningRate / left1, ...betas, left2, o.epsilon],
      }),
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
      prepare: (weight) => ({
        kernel: "adamax",
        slots: [
          place(o.accumulatedFirstMoment, weight, "m"),
          place(o.accumulatedWeightedInfNorm, weight, "v"),
        ],
        settings: [rate / left1, o.beta1, 1 - o.beta1, o.beta2, o.epsilon],
      }),
      end() {
        advance(heap, o.iteration, (x) => x + 1);
        advance(heap, o.accBeta1, (x) => x * o.beta1);
      },
    };
  },
};

/** A weight's slot, which tf.js makes for a weight without a gradient too. */
function place(
  slots: Slot[],
  { index, name, variable }: Weight,
  what: string,
  start = 0,
): tf.Variable {
  return slot(slots, index, `${name}/${what}`, variable, start).variable;
}
