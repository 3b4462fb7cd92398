/**
 * Sets the learning rate at the beginning of each epoch: by a function of
 * (epoch, learning rate), or by a schedule named on the command line.
 *
 * @example Any function, in code
 * ```ts
 * import learningRateScheduler from "@hookloop/hookloop/plugins/learning-rate-scheduler";
 * import { fakeRun } from "@hookloop/hookloop/testing";
 *
 * const decay = (epoch: number, lr: number) => epoch < 10 ? lr : lr * Math.exp(-0.1);
 * const { run, fire } = fakeRun(learningRateScheduler({ schedule: decay }));
 * await fire("onEpochBegin", 10);
 * console.log(run.optimizer.learningRate); // 0.00904837418035959…
 * ```
 *
 * @module
 */
import type { Plugin } from "../core/plugin.ts";
import { pythonFloat } from "./_python_float.ts";
import { checkInteger, checkNumber } from "./_ranges.ts";
import { namedSchedule, type Schedule } from "./_schedules.ts";

/** Options of {@linkcode learningRateScheduler}. */
export interface LearningRateSchedulerOptions {
  /**
   * A function of the epoch (from 0) and the current learning rate, or a name:
   * `"step"` (by the table `steps`), `"exponential"` (times exp(-`rate`) from
   * `startEpoch` on), `"warmup"` (plus `increase` per epoch until `startEpoch`,
   * then exponential), `"cosine"` (down to `minLr` over `epochs`). Default
   * `"exponential"`.
   */
  readonly schedule?:
    | ((epoch: number, learningRate: number) => number)
    | "step"
    | "exponential"
    | "warmup"
    | "cosine";
  /** Whether to print the rate of each epoch. Default false. */
  readonly verbose?: boolean;
  /** `step`: pairs EPOCH:RATE. Default `"0:0.1 5:0.01 10:0.001"`. */
  readonly steps?: string;
  /** `exponential`, `warmup`: rate of the decay, per epoch. Default 0.1. */
  readonly rate?: number;
  /** `exponential`, `warmup`: first epoch of the decay, from 0. Default 10. */
  readonly startEpoch?: number;
  /** `warmup`: amount added in each epoch before that. Default 0.001. */
  readonly increase?: number;
  /** `cosine`: epochs until it reaches its end. Default 0: all epochs of the run. */
  readonly epochs?: number;
  /** `cosine`: where it ends. Default 0. */
  readonly minLr?: number;
  /** Its name in this run, which must be another where it runs twice. Default `"learning-rate-scheduler"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults: Required<LearningRateSchedulerOptions> = {
  schedule: "exponential",
  verbose: false,
  steps: "0:0.1 5:0.01 10:0.001",
  rate: 0.1,
  startEpoch: 10,
  increase: 0.001,
  epochs: 0,
  minLr: 0,
  name: "learning-rate-scheduler",
};

/** One line of help per option. */
export const help: Readonly<
  Record<keyof LearningRateSchedulerOptions, string>
> = {
  schedule: "step, exponential, warmup or cosine; in code, any function",
  verbose: "print the rate of each epoch",
  steps: "step: pairs EPOCH:RATE",
  rate: "exponential, warmup: rate of the decay, per epoch",
  startEpoch: "exponential, warmup: first epoch of the decay, from 0",
  increase: "warmup: amount added in each epoch before that",
  epochs: "cosine: epochs until it reaches its end; 0: all epochs of the run",
  minLr: "cosine: where it ends",
  name: "its name in this run, another where it runs twice",
};

/**
 * Set the learning rate at the beginning of each epoch. Provides
 * `learning_rate`.
 *
 * @param options The schedule.
 * @throws {OptionError} If a setting is out of its range, or
 * the schedule's name is unknown.
 */
export default function learningRateScheduler(
  options: LearningRateSchedulerOptions = {},
): Plugin {
  const { schedule, verbose, name, ...settings } = { ...defaults, ...options };
  checkNumber(defaults.name, "rate", settings.rate);
  checkNumber(defaults.name, "increase", settings.increase);
  checkNumber(defaults.name, "minLr", settings.minLr, (v) => v >= 0, ">= 0");
  checkInteger(defaults.name, "startEpoch", settings.startEpoch, 0);
  checkInteger(defaults.name, "epochs", settings.epochs, 0);
  const rateOf: Schedule = typeof schedule === "function"
    ? (epoch, lr) => schedule(epoch, lr)
    : namedSchedule(schedule, settings);
  return {
    name,
    needs: {},
    provides: { onEpochEnd: ["learning_rate"] },
    requires: ["learningRate"],
    onEpochBegin(epoch, _logs, run) {
      const { optimizer, params } = run;
      const rate = rateOf(epoch, optimizer.learningRate, params.epochs);
      if (typeof rate !== "number" || !(rate >= 0 && rate < Infinity)) {
        throw new RangeError(
          `the schedule returned ${rate} for epoch ${epoch}: expected a finite number >= 0`,
        );
      }
      optimizer.learningRate = rate;
      if (verbose) {
        run.print(
          `Epoch ${epoch + 1}: LearningRateScheduler setting learning rate to ${
            pythonFloat(rate)
          }.`,
        );
      }
    },
    onEpochEnd: (_epoch, _logs, run) => ({
      learning_rate: run.optimizer.learningRate,
    }),
  };
}
