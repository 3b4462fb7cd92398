/**
 * The ranges of the learning rate finder's options.
 *
 * @module
 */
import type { SuggestBy, Sweep } from "./_lr_sweep.ts";
import { checkPath } from "./_paths.ts";
import { checkInteger, checkNumber, checkOneOf } from "./_ranges.ts";

/** The options to check. */
export interface Checked extends Sweep {
  /** How much of the mean is kept. */
  readonly smoothing: number;
  /** When the loss counts as diverged. */
  readonly stopFactor: number;
  /** How to choose the suggested rate. */
  readonly suggestion: SuggestBy;
  /** Where the drawing goes; `""` for none. */
  readonly svg: string;
  /** Where the table goes; `""` for none. */
  readonly csv: string;
}

/**
 * Reject what cannot work.
 *
 * @throws {OptionError} If an option is out of its range.
 */
export function checkLrOptions(options: Checked): void {
  const name = "lr-finder";
  const { startLr, endLr, steps, smoothing, stopFactor } = options;
  const above = (least: number) => (value: number) => value > least;
  const part = (value: number) => value >= 0 && value < 1;
  checkNumber(name, "startLr", startLr, above(0), "> 0");
  checkNumber(name, "endLr", endLr, above(startLr), `> startLr (${startLr})`);
  checkInteger(name, "steps", steps, 2);
  checkOneOf(name, "schedule", options.schedule, ["exponential", "linear"]);
  checkNumber(name, "smoothing", smoothing, part, ">= 0 and < 1");
  checkNumber(name, "stopFactor", stopFactor, above(1), "> 1");
  for (const option of ["svg", "csv"] as const) {
    if (options[option]) checkPath(name, option, options[option]);
  }
  checkOneOf(name, "suggestion", options.suggestion, ["valley", "steepest"]);
}
