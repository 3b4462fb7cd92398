/**
 * Running means of what steps report, weighted by the size of the batches.
 *
 * @module
 */
import type { Logs } from "./plugin.ts";

/** A value of a step: a number, or a scalar tensor, which is read and freed. */
export type StepValue = number | {
  /** Reads it. */
  dataSync(): ArrayLike<number>;
  /** Frees it. */
  dispose(): void;
};

/** Log key -> the value for one batch. */
export type StepValues = Readonly<Record<string, StepValue>>;

/** Means over the batches since the last reset. */
export interface Means {
  /** Forget them. */
  reset(): void;
  /** Add a batch of `size` samples. */
  add(values: StepValues, size: number): void;
  /** The means, in the order the keys first came. */
  logs(): Logs;
}

/**
 * Means that start empty.
 */
export function runningMeans(): Means {
  let sums: Record<string, number> = {};
  let weights: Record<string, number> = {};
  return {
    reset() {
      sums = {};
      weights = {};
    },
    add(values, size) {
      for (const key in values) {
        sums[key] = (sums[key] ?? 0) + read(values[key]!) * size;
        weights[key] = (weights[key] ?? 0) + size;
      }
    },
    logs() {
      const logs: Record<string, number> = {};
      for (const key in sums) logs[key] = sums[key]! / weights[key]!;
      return logs;
    },
  };
}

function read(value: StepValue): number {
  if (typeof value === "number") return value;
  const number = value.dataSync()[0]!;
  value.dispose();
  return number;
}
