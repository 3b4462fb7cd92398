/**
 * Keeps an exponential moving average of the trainable weights while the model
 * trains, puts it in their place for tests and predictions, and leaves it in
 * the model at the end. In Keras the optimizer keeps it (`use_ema`) and the
 * callback `SwapEMAWeights` swaps; tf.js' optimizers have no such average, so
 * both are here.
 *
 * @example Test with the average, continue training with the weights
 * ```ts
 * import swapEmaWeights from "@hookloop/hookloop/plugins/swap-ema-weights";
 * import { fakeRun } from "@hookloop/hookloop/testing";
 *
 * const { fire, weights } = fakeRun(swapEmaWeights({ momentum: 0.5 }));
 * for (const weight of [1, 3]) {
 *   weights[0] = weight;
 *   await fire("onTrainBatchEnd", 0);
 * }
 * await fire("onTestBegin");
 * console.log(weights); // [ 2 ]
 * await fire("onTestEnd");
 * console.log(weights); // [ 3 ]
 * await fire("onTrainEnd");
 * console.log(weights); // [ 2 ]
 * ```
 *
 * @module
 */
import type { Plugin, Run } from "../core/plugin.ts";
import { checkInteger, checkNumber } from "./_ranges.ts";

/** Options of {@linkcode swapEmaWeights}. */
export interface SwapEmaWeightsOptions {
  /** How much of the average is kept at each batch, >= 0 and < 1: average = momentum * average + (1 - momentum) * weights. Default 0.99. */
  readonly momentum?: number;
  /** Whether the average is in place from the end of an epoch to the beginning of the next, for what plugins do there, such as saving and keeping the best weights. Default false. */
  readonly swapOnEpoch?: boolean;
  /** The average replaces the weights, and training goes on from it, every so many batches of the run. Default 0: never. */
  readonly emaOverwriteFrequency?: number;
  /** Whether the average outlives training: the next `fit` with the same plugin object and model goes on with it, as Keras' optimizer does. Default false: each `fit` begins a new one. */
  readonly keep?: boolean;
  /** Its name in this run, which must be another where it runs twice. Default `"swap-ema-weights"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults: Required<SwapEmaWeightsOptions> = {
  momentum: 0.99,
  swapOnEpoch: false,
  emaOverwriteFrequency: 0,
  keep: false,
  name: "swap-ema-weights",
};

/** One line of help per option. */
export const help: Readonly<Record<keyof SwapEmaWeightsOptions, string>> = {
  momentum: "how much of the average is kept at each batch",
  swapOnEpoch: "the average is in place between epochs, as for checkpoints",
  emaOverwriteFrequency:
    "training goes on from the average every so many batches; 0: never",
  keep: "the next fit in code goes on with the average",
  name: "its name in this run, another where it runs twice",
};

/**
 * Test and predict with the moving average of the weights, which is in the
 * model when `fit` returns; after a failure the weights are. It acts before the
 * other plugins, wherever it is listed.
 *
 * @param options How slowly the average moves, and when it is in place.
 * @throws {OptionError} If `momentum` is not in [0, 1), or
 * `emaOverwriteFrequency` is not an integer >= 0.
 */
export default function swapEmaWeights(
  options: SwapEmaWeightsOptions = {},
): Plugin {
  const { momentum, swapOnEpoch, emaOverwriteFrequency, keep, name } = {
    ...defaults,
    ...options,
  };
  const own = defaults.name;
  const inRange = (value: number) => value >= 0 && value < 1;
  checkNumber(own, "momentum", momentum, inRange, ">= 0 and < 1");
  checkInteger(own, "emaOverwriteFrequency", emaOverwriteFrequency, 0);

  function swapIn({ weights }: Run): void {
    if (!weights.has(AVERAGE) || weights.has(OWN)) return;
    weights.snapshot(OWN, { trainable: true });
    weights.restore(AVERAGE);
  }

  function swapOut({ weights }: Run): void {
    if (!weights.has(OWN)) return;
    weights.restore(OWN);
    weights.release(OWN);
  }

  return {
    name,
    needs: {},
    requires: ["weights"],
    // The average is part of the step: what others see and save comes after.
    order: "pre",
    onTrainBegin(_logs, run) {
      if (!keep) run.weights.release(AVERAGE);
    },
    onEpochBegin: (_epoch, _logs, run) => swapOut(run),
    onTrainBatchEnd(_batch, _logs, { weights, step }) {
      // The first step's weights are the first average.
      if (weights.has(AVERAGE)) weights.average(AVERAGE, momentum);
      else weights.snapshot(AVERAGE, { trainable: true, keep });
      if (emaOverwriteFrequency > 0 && step % emaOverwriteFrequency === 0) {
        weights.restore(AVERAGE);
      }
    },
    onTestBegin: (_logs, run) => swapIn(run),
    onTestEnd: (_logs, run) => swapOut(run),
    onPredictBegin: (_logs, run) => swapIn(run),
    onPredictEnd: (_logs, run) => swapOut(run),
    onEpochEnd(_epoch, _logs, run) {
      if (swapOnEpoch) swapIn(run);
    },
    onTrainEnd(_logs, run) {
      if (run.outcome?.status === "failed") swapOut(run);
      else swapIn(run);
      run.weights.release(OWN);
      if (!keep) run.weights.release(AVERAGE);
    },
  };
}

/** Names of the snapshots. */
const AVERAGE = "average";
const OWN = "own";
