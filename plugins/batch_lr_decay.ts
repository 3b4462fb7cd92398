/**
 * Divides the learning rate by a little more than 1 after each batch, down to a
 * minimum, as in Baldi, Sadowski and Whiteson, "Searching for exotic particles
 * in high-energy physics with deep learning" (2014).
 *
 * @example
 * ```ts
 * import batchLrDecay from "@hookloop/hookloop/plugins/batch-lr-decay";
 * import { fakeRun } from "@hookloop/hookloop/testing";
 *
 * const { run, fire } = fakeRun(batchLrDecay({ decay: 2 }), { learningRate: 0.05 });
 * await fire("onTrainBatchEnd", 0);
 * console.log(run.optimizer.learningRate); // 0.025
 * ```
 *
 * @module
 */
import type { Plugin } from "../core/plugin.ts";
import { checkNumber } from "./_ranges.ts";

/** Options of {@linkcode batchLrDecay}. */
export interface BatchLrDecayOptions {
  /** What the learning rate is divided by after each batch. Default 1.0000002. */
  readonly decay?: number;
  /** The learning rate is not lowered below this. Default 1e-6. */
  readonly minLr?: number;
  /** Its name in this run, which must be another where it runs twice. Default `"batch-lr-decay"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults: Required<BatchLrDecayOptions> = {
  decay: 1.0000002,
  minLr: 1e-6,
  name: "batch-lr-decay",
};

/** One line of help per option. */
export const help: Readonly<Record<keyof BatchLrDecayOptions, string>> = {
  decay: "what the learning rate is divided by after each batch",
  minLr: "the learning rate is not lowered below this",
  name: "its name in this run, another where it runs twice",
};

/**
 * Divide the learning rate by `decay` after each batch.
 *
 * @param options How fast and how far to decay.
 * @throws {OptionError} If `decay` is less than 1 or `minLr` negative.
 */
export default function batchLrDecay(
  options: BatchLrDecayOptions = {},
): Plugin {
  const { decay, minLr, name } = { ...defaults, ...options };
  checkNumber(defaults.name, "decay", decay, (v) => v >= 1, ">= 1");
  checkNumber(defaults.name, "minLr", minLr, (v) => v >= 0, ">= 0");
  return {
    name,
    needs: {},
    requires: ["learningRate"],
    onTrainBatchEnd(_batch, _logs, { optimizer }) {
      optimizer.learningRate = Math.max(optimizer.learningRate / decay, minLr);
    },
  };
}
