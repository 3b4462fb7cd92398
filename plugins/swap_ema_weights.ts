/**
 * Keeps an exponential moving average of the weights while the model trains,
 * and puts it in their place for tests and predictions. tf.js' optimizers have
 * no such average, so it is kept here.
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
 * ```
 *
 * @module
 */
import type { Plugin, Run } from "../core/plugin.ts";
import { checkNumber } from "./_ranges.ts";

/** Options of {@linkcode swapEmaWeights}. */
export interface SwapEmaWeightsOptions {
  /** How much of the average is kept at each batch: average = momentum * average + (1 - momentum) * weights. Default 0.99. */
  readonly momentum?: number;
  /** Whether the average is in place from the end of an epoch to the beginning of the next, so that checkpoints contain it, and stays after the last. List this plugin before them. Default false. */
  readonly swapOnEpoch?: boolean;
  /** Whether the average outlives training, so that the same plugin object serves `evaluate` and `predict` later; it is freed when the next training begins. Default false. */
  readonly keep?: boolean;
  /** Its name in this run, which must be another where it runs twice. Default `"swap-ema-weights"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults: Required<SwapEmaWeightsOptions> = {
  momentum: 0.99,
  swapOnEpoch: false,
  keep: false,
  name: "swap-ema-weights",
};

/** One line of help per option. */
export const help: Readonly<Record<keyof SwapEmaWeightsOptions, string>> = {
  momentum: "how much of the average is kept at each batch",
  swapOnEpoch: "the average is in place between epochs, and after the last",
  keep: "the average outlives training, for evaluate and predict later",
  name: "its name in this run, another where it runs twice",
};

/**
 * Test and predict with the moving average of the weights.
 *
 * @param options How slowly the average moves, and when it is in place.
 * @throws {OptionError} If `momentum` is not in [0, 1).
 */
export default function swapEmaWeights(
  options: SwapEmaWeightsOptions = {},
): Plugin {
  const { momentum, swapOnEpoch, keep, name } = { ...defaults, ...options };
  const inRange = (value: number) => value >= 0 && value < 1;
  checkNumber(defaults.name, "momentum", momentum, inRange, ">= 0 and < 1");

  function swapIn({ weights }: Run): void {
    if (!weights.has(AVERAGE) || weights.has(OWN)) return;
    weights.snapshot(OWN);
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
    onTrainBegin: (_logs, run) => run.weights.release(AVERAGE),
    onEpochBegin: (_epoch, _logs, run) => swapOut(run),
    onTrainBatchEnd(_batch, _logs, run) {
      // The first step's weights are the first average, as in Keras.
      if (run.weights.has(AVERAGE)) run.weights.average(AVERAGE, momentum);
      else run.weights.snapshot(AVERAGE, { keep });
    },
    onTestBegin: (_logs, run) => swapIn(run),
    onTestEnd: (_logs, run) => swapOut(run),
    onPredictBegin: (_logs, run) => swapIn(run),
    onPredictEnd: (_logs, run) => swapOut(run),
    onEpochEnd(_epoch, _logs, run) {
      if (swapOnEpoch) swapIn(run);
    },
    onTrainEnd(_logs, run) {
      // After the last epoch the average stays in place; after a failure it
      // does not.
      if (run.outcome?.status === "failed") swapOut(run);
      run.weights.release(OWN);
      if (!keep) run.weights.release(AVERAGE);
    },
  };
}

/** Names of the snapshots. */
const AVERAGE = "average";
const OWN = "own";
