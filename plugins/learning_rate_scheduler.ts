/**
 * Sets the learning rate at the beginning of each epoch, or of each batch: by a
 * function of (epoch, learning rate), or by a schedule named on the command
 * line, after a warm-up if there is to be one.
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
import type { Plugin, Run } from "../core/plugin.ts";
import { pythonFloat } from "./_python_float.ts";
import { checkInteger, checkNumber, checkOneOf } from "./_ranges.ts";
import { namedSchedule, type Schedule, warmedUp } from "./_schedules.ts";

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
  /**
   * Whether the schedule goes by epochs or by batches, counted over all epochs:
   * then its indices, and all settings but `epochs`, are of batches. Default
   * `"epoch"`.
   */
  readonly every?: "epoch" | "batch";
  /** Epochs, or batches, in which the rate first rises in equal steps to what it was; the schedule begins then. Default 0. */
  readonly warmup?: number;
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
  /** `cosine`: epochs until it reaches its end, those of the warm-up included. Default 0: all epochs of the run. */
  readonly epochs?: number;
  /** `cosine`: where it ends, behind its last epoch or batch. Default 0. */
  readonly minLr?: number;
  /** Its name in this run, which must be another where it runs twice. Default `"learning-rate-scheduler"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults: Required<LearningRateSchedulerOptions> = {
  schedule: "exponential",
  every: "epoch",
  warmup: 0,
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
  every: "epoch or batch: what the schedule counts",
  warmup: "epochs, or batches, in which the rate first rises to what it was",
  verbose: "print the rate of each epoch",
  steps: "step: pairs EPOCH:RATE",
  rate: "exponential, warmup: rate of the decay, per epoch",
  startEpoch: "exponential, warmup: first epoch of the decay, from 0",
  increase: "warmup: amount added in each epoch before that",
  epochs: "cosine: epochs until it reaches its end; 0: all epochs of the run",
  minLr: "cosine: where it ends, behind its last epoch or batch",
  name: "its name in this run, another where it runs twice",
};

/**
 * Set the learning rate at the beginning of each epoch, or of each batch.
 * Provides `learning_rate`: its value at the end of the epoch.
 *
 * @param options The schedule.
 * @throws {OptionError} If a setting is out of its range, or
 * the schedule's name is unknown.
 */
export default function learningRateScheduler(
  options: LearningRateSchedulerOptions = {},
): Plugin {
  const { schedule, every, verbose, name, ...settings } = {
    ...defaults,
    ...options,
  };
  const kind = defaults.name;
  checkNumber(kind, "rate", settings.rate);
  checkNumber(kind, "increase", settings.increase);
  checkNumber(kind, "minLr", settings.minLr, (v) => v >= 0, ">= 0");
  checkInteger(kind, "startEpoch", settings.startEpoch, 0);
  checkInteger(kind, "epochs", settings.epochs, 0);
  checkInteger(kind, "warmup", settings.warmup, 0);
  checkOneOf(kind, "every", every, ["epoch", "batch"]);
  const own: Schedule = typeof schedule === "function"
    ? (index, lr) => schedule(index, lr)
    : namedSchedule(schedule, settings);
  const rateOf = warmedUp(own, settings.warmup);

  function set(index: number, length: number, run: Run): number {
    const { optimizer } = run;
    const rate = rateOf(index, optimizer.learningRate, length);
    if (typeof rate !== "number" || !(rate >= 0 && rate < Infinity)) {
      throw new RangeError(
        `the schedule returned ${rate} for ${every} ${index}: expected a finite number >= 0`,
      );
    }
    optimizer.learningRate = rate;
    return rate;
  }

  function say(epoch: number, rate: number, run: Run): void {
    if (!verbose) return;
    run.print(
      `Epoch ${epoch + 1}: LearningRateScheduler setting learning rate to ${
        pythonFloat(rate)
      }.`,
    );
  }

  const plugin: Plugin = {
    name,
    needs: {},
    provides: { onEpochEnd: ["learning_rate"] },
    requires: ["learningRate"],
    onEpochEnd: (_epoch, _logs, run) => ({
      learning_rate: run.optimizer.learningRate,
    }),
  };
  if (every === "epoch") {
    plugin.onEpochBegin = (epoch, _logs, run) => {
      const rate = set(epoch, settings.epochs || run.params.epochs, run);
      say(epoch, rate, run);
    };
  } else {
    plugin.onTrainBatchBegin = (batch, _logs, run) => {
      const { epoch, params: { steps, epochs } } = run;
      if (steps === undefined) throw new Error(UNKNOWN_STEPS);
      const length = (settings.epochs || epochs) * steps;
      const rate = set(epoch * steps + batch, length, run);
      if (batch === 0) say(epoch, rate, run);
    };
  }
  return plugin;
}

const UNKNOWN_STEPS =
  'the number of batches per epoch is not known: set stepsPerEpoch, or every: "epoch"';
