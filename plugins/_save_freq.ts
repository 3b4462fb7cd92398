/**
 * How often something is saved, read from an option.
 *
 * @module
 */
import { OptionError } from "../core/plugin.ts";

/**
 * After each epoch, or every this many batches.
 *
 * @param plugin Name of the plugin.
 * @param value The option `saveFreq`; the command line passes text.
 * @throws {OptionError} If it is neither.
 */
export function readSaveFreq(plugin: string, value: unknown): "epoch" | number {
  if (value === "epoch") return value;
  // Number(true) would be 1.
  const batches = typeof value === "boolean" ? NaN : Number(value);
  if (Number.isInteger(batches) && batches >= 1) return batches;
  throw new OptionError(
    `Cannot create ${plugin} as 'saveFreq' must be "epoch" or an integer >= 1: current value is ${value}`,
  );
}
