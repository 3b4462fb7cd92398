/**
 * Batches of a run, as an option names them.
 *
 * @module
 */
import { OptionError } from "../../core/plugin.ts";
import { shown } from "../_shown.ts";

/** Batches of a run, counted from 1 over all epochs, the last one included. */
export interface BatchRange {
  /** The first. */
  readonly first: number;
  /** The last. */
  readonly last: number;
}

/**
 * The batches that an option names, as Keras' `profile_batch` does.
 *
 * @param plugin Name of the plugin.
 * @param option Name of the option.
 * @param value A number, a pair, or a text such as `"10..20"` or `"10,20"`; 0
 * for none.
 * @returns Undefined for none.
 * @throws {OptionError} If it is none of them.
 */
export function readBatchRange(
  plugin: string,
  option: string,
  value: unknown,
): BatchRange | undefined {
  const parts = typeof value === "string"
    ? value.split(/\.\.|,/)
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
    `Cannot create ${plugin} as '${option}' must be the number of a batch from 1, a pair such as [10, 20] or "10..20", or 0 for none: current value is ${
      shown(value)
    }`,
  );
}

/** A range in words: `batch 3`, `batches 10 to 20`. */
export function rangeText({ first, last }: BatchRange): string {
  return first === last ? `batch ${first}` : `batches ${first} to ${last}`;
}

/** Number(true) would be 1, and Number("") 0. */
function numberOf(value: unknown): number {
  if (typeof value === "string" && value.trim() !== "") return Number(value);
  return typeof value === "number" ? value : NaN;
}
