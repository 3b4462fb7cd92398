/**
 * The curves of several runs over one another.
 *
 * @module
 */
import type { Columns, EpochTable } from "./given.ts";
import type { CurveOptions } from "./options.ts";
import type { Picture } from "./picture.ts";

/** A run among those that are compared. */
export interface PlottedRun {
  /** What it is called in the legend. */
  readonly name: string;
  /** Its values: columns, or what `fit` returned. Null in a column where an epoch had none. */
  readonly history: Columns | EpochTable;
}

/** Options of {@linkcode plotRuns}. */
export interface RunsPlotOptions extends CurveOptions {
  /** Whether the best epoch of each run is marked, where its history says which it is. Default true. */
  readonly best?: boolean;
}

/**
 * Draw the same metric of several runs in one panel, one colour a run, one
 * panel for each key (`loss` and `val_loss` are two).
 *
 * @param runs The runs, in the order of the legend.
 * @param options See {@linkcode RunsPlotOptions}.
 * @throws {InputError} If there is no such key or option, or what is given is no list of runs.
 */
export declare function plotRuns(
  runs: readonly PlottedRun[],
  options?: RunsPlotOptions,
): Picture;
