/**
 * Lowers the learning rate when a metric stagnates: by a factor, or
 * exponentially (times exp(-0.1)).
 *
 * @example Halve it after two epochs without improvement
 * ```ts
 * import reduceLrOnPlateau from "@hookloop/hookloop/plugins/reduce-lr-on-plateau";
 * import { fakeRun } from "@hookloop/hookloop/testing";
 *
 * const { run, fire } = fakeRun(reduceLrOnPlateau({ factor: 0.5, patience: 2 }));
 * for (const [epoch, val_loss] of [0.5, 0.5, 0.5].entries()) {
 *   await fire("onEpochEnd", epoch, { val_loss });
 * }
 * console.log(run.optimizer.learningRate); // 0.005
 * ```
 *
 * @module
 */
import type { Plugin, Run } from "../core/plugin.ts";
import { checkMode, directionOf, improves, watched } from "./_monitor.ts";
import { pythonFloat } from "./_python_float.ts";
import { checkInteger, checkNumber } from "./_ranges.ts";

/** Options of {@linkcode reduceLrOnPlateau}. */
export interface ReduceLrOnPlateauOptions {
  /** Log key to watch. Default `"val_loss"`. */
  readonly monitor?: string;
  /** What the learning rate is multiplied by, between 0 and 1. Default 0.1. */
  readonly factor?: number;
  /** Epochs without improvement after which to lower it. Default 10. */
  readonly patience?: number;
  /** Whether to print when it does so. Default false. */
  readonly verbose?: boolean;
  /** Whether lower or higher is better, or `"auto"`: as the metric declares. Default `"auto"`. */
  readonly mode?: "auto" | "min" | "max";
  /** Smallest change that counts as an improvement. Default 0.0001. */
  readonly minDelta?: number;
  /** Epochs to wait after a reduction before watching again. Default 0. */
  readonly cooldown?: number;
  /** The learning rate is not lowered below this. Default 0. */
  readonly minLr?: number;
  /** Whether to multiply by exp(-0.1) instead of `factor`. Default false. */
  readonly reduceExp?: boolean;
  /** Its name in this run, which must be another where it runs twice. Default `"reduce-lr-on-plateau"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults: Required<ReduceLrOnPlateauOptions> = {
  monitor: "val_loss",
  factor: 0.1,
  patience: 10,
  verbose: false,
  mode: "auto",
  minDelta: 1e-4,
  cooldown: 0,
  minLr: 0,
  reduceExp: false,
  name: "reduce-lr-on-plateau",
};

/** One line of help per option. */
export const help: Readonly<Record<keyof ReduceLrOnPlateauOptions, string>> = {
  monitor: "log key to watch",
  factor: "what the learning rate is multiplied by, between 0 and 1",
  patience: "epochs without improvement after which to lower it",
  verbose: "print when it does so",
  mode: "min, max, or auto: as the metric declares",
  minDelta: "smallest change that counts as an improvement",
  cooldown: "epochs to wait after a reduction before watching again",
  minLr: "the learning rate is not lowered below this",
  reduceExp: "multiply by exp(-0.1) instead of factor",
  name: "its name in this run, another where it runs twice",
};

/**
 * Lower the learning rate when `monitor` stagnates. Provides `learning_rate`:
 * its value during the epoch, before any reduction.
 *
 * @param options What to watch, how long to wait, and how far to go.
 * @throws {OptionError} If a number is out of its range, or
 * `mode` is unknown.
 */
export default function reduceLrOnPlateau(
  options: ReduceLrOnPlateauOptions = {},
): Plugin {
  const { monitor, factor, patience, verbose, mode, name, ...rest } = {
    ...defaults,
    ...options,
  };
  const { minDelta, cooldown, minLr, reduceExp } = rest;
  checkMode(defaults.name, mode);
  checkNumber(
    defaults.name,
    "factor",
    factor,
    (v) => v > 0 && v < 1,
    "> 0 and < 1",
  );
  checkNumber(defaults.name, "minDelta", minDelta);
  checkNumber(defaults.name, "minLr", minLr, (v) => v >= 0, ">= 0");
  checkInteger(defaults.name, "patience", patience, 0);
  checkInteger(defaults.name, "cooldown", cooldown, 0);
  const state = { best: undefined as number | undefined, wait: 0, cooldown: 0 };

  function reduce(epoch: number, run: Run): void {
    const old = run.optimizer.learningRate;
    if (old <= minLr) return;
    const lower = reduceExp ? old * Math.exp(-0.1) : old * factor;
    run.optimizer.learningRate = Math.max(lower, minLr);
    Object.assign(state, { cooldown, wait: 0 });
    if (verbose) {
      run.print(
        `Epoch ${epoch + 1}: ReduceLROnPlateau reducing learning rate to ${
          pythonFloat(run.optimizer.learningRate)
        }.`,
      );
    }
  }

  return {
    name,
    needs: { onEpochEnd: [watched(monitor, mode)] },
    provides: { onEpochEnd: ["learning_rate"] },
    requires: ["learningRate"],
    state,
    onEpochEnd(epoch, logs, run) {
      const provided = { learning_rate: run.optimizer.learningRate };
      const value = logs[monitor];
      if (value === undefined) return provided; // No validation in this epoch.
      if (state.cooldown > 0) {
        state.cooldown--;
        state.wait = 0;
      }
      const direction = directionOf(mode, monitor, run);
      if (improves(value, state.best, minDelta, direction)) {
        Object.assign(state, { best: value, wait: 0 });
      } else if (state.cooldown === 0) {
        state.wait++;
        if (state.wait >= patience) reduce(epoch, run);
      }
      return provided;
    },
  };
}
