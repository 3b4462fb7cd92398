/**
 * One update for each of tf.js' optimizers: which slots it keeps, under tf.js'
 * own names, and the SIMD kernel that does weight and slots in one pass. The
 * formulas are tf.js' (`simd/updates.as`), operation by operation and in float32,
 * so that fused and stock updates give the same bits.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Heap } from "../runtime/heap.ts";
import type { OptimizerFields } from "./fields.ts";
import type { UpdateName } from "./apply.ts";
import { advance, multiply, type Slot, slot, value } from "./slots.ts";

/** A weight to update. */
export interface Weight {
  /** Index in the optimizer's lists of slots. */
  readonly index: number;
  /** Name of the variable. */
  readonly name: string;
  /** The variable. */
  readonly variable: tf.Variable;
}

/** How to update a weight: the SIMD kernel and its arguments. */
export interface UpdateWeight {
  /** The kernel. */
  readonly kernel: UpdateName;
  /** Slots, each shaped like the weight. */
  readonly slots: readonly tf.Variable[];
  /** The kernel's other arguments. */
  readonly settings: readonly number[];
}

/** The parts of an optimizer's update. */
export interface Update {
  /** Makes the slots of a weight that has none yet; returns how to update it. */
  readonly prepare: (weight: Weight) => UpdateWeight;
  /** Advances what the optimizer counts per step. */
  readonly end?: () => void;
}

/** Begins a step of an optimizer: reads its settings and returns its update. */
export type BeginUpdate = (o: OptimizerFields, heap: Heap) => Update;

/** The updates by `className` of the optimizer. */
export const UPDATES = {
  SGD: (o) => ({
    prepare: () => ({ kernel: "sgd", slots: [], settings: [-o.learningRate] }),
  }),

  Momentum: (o) => ({
    prepare: (weight) => ({
      kernel: "momentum",
      slots: [slotOf(o.accumulations, weight, "momentum")],
      settings: [-o.learningRate, o.momentum, Number(o.useNesterov)],
    }),
  }),

  Adagrad: (o) => ({
    prepare: (weight) => ({
      kernel: "adagrad",
      slots: [
        slotOf(
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
        slotOf(o.accumulatedGrads, weight, "accum_grad"),
        slotOf(o.accumulatedUpdates, weight, "accum_var"),
      ],
      settings: [-o.learningRate, o.rho, 1 - o.rho, o.epsilon],
    }),
  }),

  RMSProp: (o) => ({
    prepare: (weight) => ({
      kernel: o.centered ? "rmspropCentered" : "rmsprop",
      slots: [
        slotOf(o.accumulatedMeanSquares, weight, "rms"),
        slotOf(o.accumulatedMoments, weight, "momentum"),
        ...(o.centered ? [slotOf(o.accumulatedMeanGrads, weight, "mg")] : []),
      ],
      settings: [o.learningRate, o.decay, 1 - o.decay, o.momentum, o.epsilon],
    }),
  }),

  Adam(o, heap) {
    const first = [o.beta1, 1 - o.beta1, 1 - value(heap, o.accBeta1)];
    const second = [o.beta2, 1 - o.beta2, 1 - value(heap, o.accBeta2)];
    return {
      prepare: (weight) => ({
        kernel: "adam",
        slots: [
          slotOf(o.accumulatedFirstMoment, weight, "m"),
          slotOf(o.accumulatedSecondMoment, weight, "v"),
        ],
        settings: [-o.learningRate, ...first, ...second, o.epsilon],
      }),
      end() {
        multiply(heap, o.accBeta1, o.beta1);
        multiply(heap, o.accBeta2, o.beta2);
      },
    };
  },

  Adamax(o, heap) {
    // In float32, as tf.js computes it.
    const { fround } = Math;
    const decay = fround(value(heap, o.iteration) * fround(o.decay));
    const rate = fround(fround(-o.learningRate) / fround(decay + 1));
    const correction1 = fround(1 - value(heap, o.accBeta1));
    return {
      prepare: (weight) => ({
        kernel: "adamax",
        slots: [
          slotOf(o.accumulatedFirstMoment, weight, "m"),
          slotOf(o.accumulatedWeightedInfNorm, weight, "v"),
        ],
        settings: [
          rate / correction1,
          o.beta1,
          1 - o.beta1,
          o.beta2,
          o.epsilon,
        ],
      }),
      end() {
        advance(heap, o.iteration, (x) => x + 1);
        multiply(heap, o.accBeta1, o.beta1);
      },
    };
  },
} satisfies Readonly<Record<string, BeginUpdate>>;

/** A slot of a weight. tf.js makes them for weights without a gradient too. */
function slotOf(
  slots: Slot[],
  { index, name, variable }: Weight,
  what: string,
  start = 0,
): tf.Variable {
  return slot(slots, index, `${name}/${what}`, variable, start).variable;
}
