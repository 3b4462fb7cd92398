/**
 * Finds a learning rate: trains while the rate rises from batch to batch, draws
 * the loss over it, suggests one, and restores the model. After Smith,
 * "Cyclical learning rates for training neural networks", 2017; smoothing and
 * suggestion as in fastai.
 *
 * @example A loss that falls from a rate of 0.01 on
 * ```ts
 * import lrFinder from "@hookloop/hookloop/plugins/lr-finder";
 * import { fakeRun } from "@hookloop/hookloop/testing";
 *
 * const finder = lrFinder({ smoothing: 0, svg: "", csv: "" });
 * const { fire, run, batchLogs, stops, lines } = fakeRun(finder);
 * await fire("onTrainBegin");
 * for (let batch = 0; stops.length === 0; batch++) {
 *   await fire("onTrainBatchBegin", batch);
 *   const rate = Math.log10(run.optimizer.learningRate);
 *   batchLogs.loss = 2 - Math.tanh(2 * rate + 3) + 10 ** rate;
 *   await fire("onTrainBatchEnd", batch);
 * }
 * await fire("onTrainEnd");
 * console.log(lines);
 * ```
 *
 * @module
 */
import type { LogRecord, Plugin, Run } from "../core/plugin.ts";
import { drawing } from "./_lr_drawing.ts";
import { checkLrOptions } from "./_lr_options.ts";
import {
  allTried,
  cutShort,
  inWords,
  notReported,
  table,
  tooHigh,
} from "./_lr_report.ts";
import { type Point, rateAt, smooth, suggest } from "./_lr_sweep.ts";

/** Options of {@linkcode lrFinder}. */
export interface LrFinderOptions {
  /** Learning rate of the first batch. Default 1e-7. */
  readonly startLr?: number;
  /** Learning rate of the last batch. Default 10. */
  readonly endLr?: number;
  /** Number of batches, one per rate; the run needs at least that many. Default 100. */
  readonly steps?: number;
  /** How the rate rises: by the same factor each time, or by the same amount. Default `"exponential"`. */
  readonly schedule?: "exponential" | "linear";
  /** Key of the loss among the values a batch reports. Default `"loss"`. */
  readonly monitor?: string;
  /** How much of the smoothed loss is kept at each batch; 0 for no smoothing. Default 0.98. */
  readonly smoothing?: number;
  /** Stop once the smoothed loss is more than this many times its best. Default 4. */
  readonly stopFactor?: number;
  /** The rate to suggest: the middle of the longest valley, or where the smoothed loss falls most steeply, which is bolder, as smoothing lags behind. Default `"valley"`. */
  readonly suggestion?: "valley" | "steepest";
  /** Path of the drawing, relative to the run's folder; `""` for none. Default `"lr-finder.svg"`. */
  readonly svg?: string;
  /** Path of the table, relative to the run's folder; `""` for none. Default `"lr-finder.csv"`. */
  readonly csv?: string;
  /** Its name in this run, which must be another where it runs twice. Default `"lr-finder"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults: Required<LrFinderOptions> = {
  startLr: 1e-7,
  endLr: 10,
  steps: 100,
  schedule: "exponential",
  monitor: "loss",
  smoothing: 0.98,
  stopFactor: 4,
  suggestion: "valley",
  svg: "lr-finder.svg",
  csv: "lr-finder.csv",
  name: "lr-finder",
};

/** One line of help per option. */
export const help: Readonly<Record<keyof LrFinderOptions, string>> = {
  startLr: "learning rate of the first batch",
  endLr: "learning rate of the last batch",
  steps: "number of batches, one per rate",
  schedule: "exponential or linear",
  monitor: "key of the loss among the values a batch reports",
  smoothing: "how much of the smoothed loss is kept at each batch",
  stopFactor: "stop once the smoothed loss is this many times its best",
  suggestion:
    "valley: the middle of the longest one; or steepest, which is bolder",
  svg: "path of the drawing; empty for none",
  csv: "path of the table; empty for none",
  name: "its name in this run, another where it runs twice",
};

/**
 * Try rising learning rates, suggest one, and leave everything as it was:
 * weights, optimizer and learning rate. The run stops when all rates have been
 * tried, or the loss diverges.
 *
 * @param options Which rates to try, and where to write.
 * @throws {OptionError} If a number is out of its range, or `schedule` or
 * `suggestion` is unknown.
 */
export default function lrFinder(options: LrFinderOptions = {}): Plugin {
  const given = { ...defaults, ...options };
  checkLrOptions(given);
  const { steps, monitor, smoothing, stopFactor, suggestion, svg, csv, name } =
    given;
  const state = {
    before: undefined as number | undefined,
    points: [] as Point[],
    best: undefined as number | undefined,
    over: false,
  };

  function record(logs: LogRecord, run: Run): void {
    const loss = logs[monitor];
    if (loss === undefined) throw notReported(monitor, Object.keys(logs));
    const { points } = state;
    const learningRate = rateAt(points.length, given);
    const smoothed = smooth(points, loss, smoothing);
    points.push({ learningRate, loss, smoothed });
    state.best = Math.min(state.best ?? smoothed, smoothed);
    const reason = tooHigh(points, state.best, stopFactor) ??
      allTried(points, steps);
    if (reason === undefined) return;
    state.over = true;
    run.stop(reason);
  }

  function putBack({ weights, optimizer }: Run): void {
    if (weights.has(BEFORE)) {
      weights.restore(BEFORE);
      weights.release(BEFORE);
    }
    if (state.before !== undefined) optimizer.learningRate = state.before;
  }

  function report(run: Run): void {
    const { points, over } = state;
    const found = suggest(points, suggestion);
    const summary = inWords(found, suggestion, points);
    if (!over) run.print(cutShort(points.length, steps));
    run.print(`Learning rate finder: ${summary}`);
    if (points.length === 0) return;
    if (csv) run.files.write(csv, table(points));
    if (!svg) return;
    run.files.write(svg, drawing(points, found, monitor, summary));
    run.print(`Learning rate finder: the curve is in ${run.path(svg)}`);
  }

  return {
    name,
    // The loss actually read is the batch's own; this proves that it will be
    // there.
    needs: { onTrainBatchEnd: [monitor] },
    requires: ["learningRate", "weights", "optimizerState", "batchLogs"],
    // So that its rate is the one that counts, and what it restores stays.
    order: "post",
    state,
    onTrainBegin(_logs, run) {
      const { weights, optimizer } = run;
      for (const file of [svg, csv]) if (file) run.path(file);
      state.before ??= optimizer.learningRate;
      weights.snapshot(BEFORE, { optimizer: true });
    },
    onTrainBatchBegin(_batch, _logs, run) {
      if (!state.over) {
        run.optimizer.learningRate = rateAt(state.points.length, given);
      }
    },
    onTrainBatchEnd(_batch, _logs, run) {
      if (state.over) return;
      const logs = run.batchLogs();
      if (!(logs instanceof Promise)) return record(logs, run);
      return logs.then((logs) => record(logs, run));
    },
    onTrainEnd(_logs, run) {
      putBack(run);
      if (run.outcome?.status !== "failed") report(run);
    },
  };
}

/** Name of the snapshot. */
const BEFORE = "before";
