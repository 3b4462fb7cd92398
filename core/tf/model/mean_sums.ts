/**
 * Sums of values by log key, and what is made of them.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import type { LogRecord } from "../../plugin.ts";
import type { Sums } from "../../steps.ts";

/** What means keep beside their sums. */
export interface SavedMeans {
  /** The log keys, in order. */
  readonly keys: readonly string[];
  /** The values of the last batch. */
  readonly last: readonly number[];
  /** What is on a device still, in float32. Added to the sums at another time, it would give other bits. */
  readonly pending?: {
    /** Their sums, by key. */
    readonly values: readonly number[];
    /** Samples in them. */
    readonly size: number;
    /** Steps since the device last caught up. */
    readonly ahead: number;
  } | undefined;
}

/** Add the value of one key. */
export function addTo(
  { values, weights }: Sums,
  key: string,
  value: number,
  weight: number,
): void {
  values[key] = (values[key] ?? 0) + value;
  weights[key] = (weights[key] ?? 0) + weight;
}

/** Add the values of all keys, which are of so many samples. */
export function addAll(
  sums: Sums,
  keys: readonly string[],
  values: ArrayLike<number>,
  size: number,
): void {
  keys.forEach((key, i) => addTo(sums, key, values[i]!, size));
}

/**
 * Refuse what was saved of other keys.
 *
 * @throws {InputError} If it was.
 */
export function checkKeys(keys: readonly string[], saved: SavedMeans): void {
  if (keys.join() === saved.keys.join()) return;
  const [was, is] = [saved.keys, keys].map((list) =>
    list.map((key) => `"${key}"`).join(", ")
  );
  throw new InputError(
    `Cannot go on with the means of ${was}: the model reports ${is}`,
  );
}

/** The means; `NaN` where there is nothing. */
export function meansOf(
  keys: readonly string[],
  { values, weights }: Sums,
): LogRecord {
  const logs: Record<string, number> = {};
  for (const key of keys) logs[key] = (values[key] ?? 0) / (weights[key] ?? 0);
  return logs;
}

/** A record of values in the order of the keys. */
export function recordOf(
  keys: readonly string[],
  values: ArrayLike<number>,
): LogRecord {
  const record: Record<string, number> = {};
  for (let i = 0; i < keys.length; i++) record[keys[i]!] = values[i]!;
  return record;
}
