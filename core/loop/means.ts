/**
 * Running means of what steps report, weighted by the size of the batches.
 *
 * @module
 */
import type { Logs } from "../plugin.ts";

/** A value of a step: a number, or a scalar tensor, which is read and freed. */
export type StepValue = number | {
  /** Reads it; may throw where only `data` can. */
  dataSync(): ArrayLike<number>;
  /** Reads it later, as a GPU must. */
  data?(): Promise<ArrayLike<number>>;
  /** Frees it. */
  dispose(): void;
};

/** Log key -> the value for one batch. */
export type StepValues = Readonly<Record<string, StepValue>>;

/** Means over the batches since the last reset. */
export interface Means {
  /** Forget them. */
  reset(): void;
  /** Add a batch of `size` samples; a promise only if a value must be waited for. */
  add(values: StepValues, size: number): void | Promise<void>;
  /** The means, in the order the keys first came. */
  logs(): Logs;
}

/**
 * Means that start empty.
 */
export function runningMeans(): Means {
  let sums: Record<string, number> = {};
  let weights: Record<string, number> = {};

  function addOne(key: string, value: number, size: number): void {
    sums[key] = (sums[key] ?? 0) + value * size;
    weights[key] = (weights[key] ?? 0) + size;
  }

  return {
    reset() {
      sums = {};
      weights = {};
    },
    add(values, size) {
      const pending: Promise<void>[] = [];
      for (const key in values) {
        const value = read(values[key]!);
        if (typeof value === "number") addOne(key, value, size);
        else pending.push(value.then((number) => addOne(key, number, size)));
      }
      return pending.length ? Promise.all(pending).then(() => {}) : undefined;
    },
    logs() {
      const logs: Record<string, number> = {};
      for (const key in sums) logs[key] = sums[key]! / weights[key]!;
      return logs;
    },
  };
}

function read(value: StepValue): number | Promise<number> {
  if (typeof value === "number") return value;
  let number: number;
  try {
    number = value.dataSync()[0]!;
  } catch (error) {
    if (!value.data) throw error;
    return value.data().then((data) => {
      value.dispose();
      return data[0]!;
    });
  }
  value.dispose();
  return number;
}
