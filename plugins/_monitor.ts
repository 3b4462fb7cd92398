/**
 * Whether a value is better than the best so far: what early stopping,
 * checkpoints and plateaus share.
 *
 * @module
 */
import type { Direction, RunParams } from "../core/plugin.ts";

/** How a direction is given: by itself, or left to the metric. */
export type Mode = "auto" | Direction;

/**
 * Whether `value` is better than `best` by more than `minDelta`. As in Keras,
 * exactly `minDelta` better is no improvement, and values are compared as
 * float32, so that 0.29 + 0.05 is 0.34; unlike Keras, NaN is never better.
 *
 * @param value The new value.
 * @param best The best so far; undefined before the first.
 * @param minDelta Least change that counts; its sign does not matter.
 * @param direction Whether lower or higher is better.
 */
export function improves(
  value: number,
  best: number | undefined,
  minDelta: number,
  direction: Direction,
): boolean {
  if (Number.isNaN(value)) return false;
  if (best === undefined) return true;
  const delta = Math.abs(minDelta);
  const reference = Math.fround(best);
  return direction === "min"
    ? Math.fround(value + delta) < reference
    : Math.fround(value - delta) > reference;
}

/**
 * The direction of a key: the mode if it says one, else what is known of it.
 *
 * @param mode The option.
 * @param key The log key.
 * @param params What is known of the run.
 */
export function directionOf(
  mode: Mode,
  key: string,
  params: RunParams,
): Direction {
  return mode === "auto" ? params.directions[key] ?? "min" : mode;
}

/**
 * Refuse a value to beat that nothing can be compared with.
 *
 * @param plugin Name of the plugin.
 * @param option Name of the option.
 * @param value The option; undefined for none.
 * @throws {RangeError} If it is NaN or not a number.
 */
export function checkBest(
  plugin: string,
  option: string,
  value: number | undefined,
): void {
  if (value === undefined) return;
  if (typeof value === "number" && !Number.isNaN(value)) return;
  throw new RangeError(
    `Cannot create ${plugin} as '${option}' must be a number, or undefined for none: current value is ${value}`,
  );
}

/**
 * Refuse a mode that is none.
 *
 * @param plugin Name of the plugin.
 * @param mode The option.
 * @throws {TypeError} If it is not one of the three.
 */
export function checkMode(plugin: string, mode: unknown): void {
  if (mode === "auto" || mode === "min" || mode === "max") return;
  throw new TypeError(
    `Cannot create ${plugin} as 'mode' must be "auto", "min" or "max": current value is ${
      JSON.stringify(mode)
    }`,
  );
}
