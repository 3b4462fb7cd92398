/**
 * Whether a value is better than the best so far: shared by early stopping,
 * checkpoints and plateaus.
 *
 * @module
 */
import {
  type Direction,
  type Monitor,
  type Need,
  OptionError,
  type Run,
} from "../core/plugin.ts";
import { checkOneOf } from "./_ranges.ts";
import { shown } from "./_shown.ts";

/** How a direction is given: explicitly, or left to the metric. */
export type Mode = "auto" | Direction;

/**
 * Whether `value` is better than `best` by more than `minDelta`. As in Keras,
 * exactly `minDelta` better is not an improvement, and values are compared as
 * float32, so that 0.29 + 0.05 is 0.34; unlike Keras, NaN is never better.
 *
 * @param value The new value.
 * @param best The best so far; undefined before the first.
 * @param minDelta Smallest change that counts; its sign does not matter.
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

/** The need for a key to watch: with its direction, if the mode leaves that to the metric. */
export function watched(key: string, mode: Mode): Need {
  return mode === "auto" ? { key, direction: true } : key;
}

/** What a plugin goes by that keeps the best of a key. */
export function monitored(key: string, mode: Mode): Monitor {
  return mode === "auto" ? { key } : { key, direction: mode };
}

/** Whether lower or higher is better: the mode, or what is known about the key. */
export function directionOf(mode: Mode, key: string, run: Run): Direction {
  return mode === "auto" ? run.direction(key) : mode;
}

/**
 * Reject a value to beat that nothing can be compared with.
 *
 * @param plugin Name of the plugin.
 * @param option Name of the option.
 * @param value The option; undefined for none.
 * @throws {OptionError} If it is NaN or not a number.
 */
export function checkBest(
  plugin: string,
  option: string,
  value: number | undefined,
): void {
  if (value === undefined) return;
  if (typeof value === "number" && !Number.isNaN(value)) return;
  throw new OptionError(
    `Cannot create ${plugin} as '${option}' must be a number, or undefined for none: current value is ${
      shown(value)
    }`,
  );
}

/**
 * Reject an unknown mode.
 *
 * @param plugin Name of the plugin.
 * @param mode The option.
 * @throws {OptionError} If it is not one of the three.
 */
export function checkMode(plugin: string, mode: unknown): void {
  checkOneOf(plugin, "mode", mode, ["auto", "min", "max"]);
}
