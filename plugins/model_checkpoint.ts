/**
 * Saves the model, or only its weights, after epochs or batches: each time, or
 * only when a metric is the best so far.
 *
 * @example The best weights, under one name
 * ```ts
 * import modelCheckpoint from "@hookloop/hookloop/plugins/model-checkpoint";
 * import { fakeRun } from "@hookloop/hookloop/testing";
 *
 * const { fire, saves } = fakeRun(modelCheckpoint({
 *   filepath: "best-{epoch:02d}-{val_loss:.2f}",
 *   saveBestOnly: true,
 * }));
 * await fire("onEpochEnd", 0, { val_loss: 0.5 });
 * await fire("onEpochEnd", 1, { val_loss: 0.7 });
 * console.log(saves.map(({ path }) => path)); // [ "best-01-0.50" ]
 * ```
 *
 * @module
 */
import type { Logs, Plugin, Run } from "../core/plugin.ts";
import { readTarget } from "./_checkpoint_target.ts";
import {
  checkBest,
  checkMode,
  directionOf,
  improves,
  monitored,
  watched,
} from "./_monitor.ts";
import { nonFinite } from "./_non_finite.ts";
import { checkInteger } from "./_ranges.ts";

/** Options of {@linkcode modelCheckpoint}. */
export interface ModelCheckpointOptions {
  /**
   * Folder to save into, relative to the run's: a template with `{epoch}` (from
   * 1), with any log key, and with `{batch}` (from 1) where `saveFreq` is a
   * number, such as `"{epoch:02d}-{val_loss:.2f}"`. Default
   * `"checkpoints/{epoch:02d}"`.
   */
  readonly filepath?: string;
  /** Log key to watch if `saveBestOnly` is set. Default `"val_loss"`. */
  readonly monitor?: string;
  /** Whether to print what is saved and why. Default false. */
  readonly verbose?: boolean;
  /** Whether to save only when `monitor` is the best so far. Default false. */
  readonly saveBestOnly?: boolean;
  /** Whether to save only the weights, without the model's topology and optimizer. Default false. */
  readonly saveWeightsOnly?: boolean;
  /** Whether lower or higher is better, or `"auto"`: as the metric declares. Default `"auto"`. */
  readonly mode?: "auto" | "min" | "max";
  /** `"epoch"`, or every this many batches, counted over all epochs. Default `"epoch"`. */
  readonly saveFreq?: "epoch" | number;
  /** Value that the first best must beat. Default: none. */
  readonly initialValueThreshold?: number | undefined;
  /** Keep only this many of the latest checkpoints; 0 keeps all. Default 0. */
  readonly maxToKeep?: number;
  /** Its name in this run, which must be another where it runs twice. Default `"model-checkpoint"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults:
  & Required<Omit<ModelCheckpointOptions, "initialValueThreshold">>
  & {
    /** None. */
    readonly initialValueThreshold: number | undefined;
  } = {
    filepath: "checkpoints/{epoch:02d}",
    monitor: "val_loss",
    verbose: false,
    saveBestOnly: false,
    saveWeightsOnly: false,
    mode: "auto",
    saveFreq: "epoch",
    initialValueThreshold: undefined,
    maxToKeep: 0,
    name: "model-checkpoint",
  };

/** One line of help per option. */
export const help: Readonly<Record<keyof ModelCheckpointOptions, string>> = {
  filepath:
    "folder to save into: a template with {epoch}, log keys and {batch}",
  monitor: "log key to watch if saveBestOnly is set",
  verbose: "print what is saved and why",
  saveBestOnly: "save only when monitor is the best so far",
  saveWeightsOnly: "save only the weights, without topology and optimizer",
  mode: "min, max, or auto: as the metric declares",
  saveFreq: "epoch, or every this many batches",
  initialValueThreshold: "value that the first best must beat",
  maxToKeep: "keep only this many of the latest checkpoints; 0 keeps all",
  name: "its name in this run, another where it runs twice",
};

/**
 * Save the model after epochs or batches.
 *
 * @param options Where to save, when, and what.
 * @throws {OptionError} If a number is out of its range, or the template cannot be read, or
 * `mode` is unknown.
 */
export default function modelCheckpoint(
  options: ModelCheckpointOptions = {},
): Plugin {
  const { filepath, monitor, verbose, saveBestOnly, mode, name, ...rest } = {
    ...defaults,
    ...options,
  };
  const { saveWeightsOnly, initialValueThreshold, maxToKeep } = rest;
  const { template, keys, saveFreq } = readTarget(filepath, rest.saveFreq);
  checkBest(defaults.name, "initialValueThreshold", initialValueThreshold);
  checkMode(defaults.name, mode);
  checkInteger(defaults.name, "maxToKeep", maxToKeep, 0);
  const keepsBestEpoch = saveBestOnly && saveFreq === "epoch";
  const hook = saveFreq === "epoch" ? "onEpochEnd" : "onTrainBatchEnd";
  const state = {
    best: initialValueThreshold,
    sinceSave: 0,
    saved: [] as string[],
  };

  /** The value that is the best so far; undefined if it is not. */
  function bestIn(
    logs: Logs,
    path: string,
    say: Say,
    run: Run,
  ): number | undefined {
    const value = logs[monitor];
    if (value === undefined) return undefined; // No validation in this epoch.
    const direction = directionOf(mode, monitor, run);
    const before = state.best === undefined ? "None" : fiveDigits(state.best);
    if (!improves(value, state.best, 0, direction)) {
      say(`${monitor} did not improve from ${before}`);
      return undefined;
    }
    say(
      `${monitor} improved from ${before} to ${
        fiveDigits(value)
      }, saving model to ${path}`,
    );
    return value;
  }

  /** Stays synchronous when nothing is saved. */
  function consider(
    values: Logs<"epoch">,
    run: Run,
  ): Promise<void> | undefined {
    const path = template.render(values);
    const say: Say = (text) => {
      if (verbose) run.print(`Epoch ${values.epoch}: ${text}`);
    };
    if (!saveBestOnly) {
      say(`saving model to ${path}`);
      return save(path, state.best, say, run);
    }
    const best = bestIn(values, path, say, run);
    return best === undefined ? undefined : save(path, best, say, run);
  }

  async function save(
    path: string,
    best: number | undefined,
    say: Say,
    run: Run,
  ): Promise<void> {
    await run.save(path, { weightsOnly: saveWeightsOnly });
    // What could not be saved is not the best that there is.
    state.best = best;
    say(`finished saving model to ${path}`);
    if (maxToKeep === 0) return;
    state.saved = [...state.saved.filter((old) => old !== path), path];
    while (state.saved.length > maxToKeep) {
      run.files.remove(state.saved.shift()!);
    }
  }

  const plugin: Plugin = {
    name,
    needs: { [hook]: saveBestOnly ? [...keys, watched(monitor, mode)] : keys },
    requires: ["save"],
    ...keepsBestEpoch && { monitor: monitored(monitor, mode) },
    state,
    // A folder that is none of the run's is told before the first step.
    onTrainBegin: (_logs, run) => void run.path(filepath),
  };
  if (saveFreq === "epoch") {
    plugin.onEpochEnd = (epoch, logs, run) => {
      // An epoch without validation has no value for a name that asks for one.
      if (keys.some((key) => logs[key] === undefined)) return;
      return consider({ ...logs, epoch: epoch + 1 }, run);
    };
  } else {
    plugin.onTrainBatchEnd = (batch, logs, run) => {
      if (++state.sinceSave < saveFreq) return;
      state.sinceSave = 0;
      const place = { epoch: run.epoch + 1, batch: batch + 1 };
      return consider({ ...logs, ...place }, run);
    };
  }
  return plugin;
}

type Say = (text: string) => void;

function fiveDigits(value: number): string {
  return nonFinite(value) ?? value.toFixed(5);
}
