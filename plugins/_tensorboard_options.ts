/**
 * The options of `tensorboard` that are more than a number or a text.
 *
 * @module
 */
import { OptionError } from "../core/plugin.ts";
import { shown } from "./_shown.ts";

/** How often batches are written: never, or every so many. */
export type UpdateFreq = "epoch" | number;

/**
 * How often something is written.
 *
 * @param value `"epoch"`, `"batch"`, or a number of batches, which the command
 * line passes as text.
 * @throws {OptionError} If it is none of them.
 */
export function readUpdateFreq(value: unknown): UpdateFreq {
  if (value === "epoch") return value;
  const batches = value === "batch" ? 1 : numberOf(value);
  if (Number.isInteger(batches) && batches >= 1) return batches;
  throw new OptionError(
    `Cannot create tensorboard as 'updateFreq' must be "epoch", "batch" or an integer >= 1: current value is ${
      shown(value)
    }`,
  );
}

/** Batches of a run, counted from 1, the last one included. */
export interface BatchRange {
  /** The first. */
  readonly first: number;
  /** The last. */
  readonly last: number;
}

/**
 * The batches to be profiled.
 *
 * @param value 0 for none, the number of a batch, a pair, or a text such as
 * `"10,20"`.
 * @returns Undefined for none.
 * @throws {OptionError} If it is none of them.
 */
export function readProfileBatch(value: unknown): BatchRange | undefined {
  const parts = typeof value === "string"
    ? value.split(",")
    : Array.isArray(value)
    ? value
    : [value];
  const [first = NaN, last = first] = parts.map(numberOf);
  const whole = Number.isInteger(first) && Number.isInteger(last);
  if (whole && first === 0 && last === 0) return undefined;
  if (whole && parts.length <= 2 && first >= 1 && last >= first) {
    return { first, last };
  }
  throw new OptionError(
    `Cannot create tensorboard as 'profileBatch' must be 0, the number of a batch from 1, or a pair such as [10, 20]: current value is ${
      shown(value)
    }`,
  );
}

/** Number(true) would be 1, and Number("") 0. */
function numberOf(value: unknown): number {
  if (typeof value === "string" && value.trim() !== "") return Number(value);
  return typeof value === "number" ? value : NaN;
}
