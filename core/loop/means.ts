/**
 * Running means of what steps report, weighted by the size of the batches.
 *
 * @module
 */
import { checkKeys } from "../contract/log_keys.ts";
import { show } from "../contract/show.ts";
import { InputError } from "../errors.ts";
import type { Keeper, LogRecord } from "../plugin.ts";
import { emptySums } from "../run/state.ts";
import type { Sums } from "../steps.ts";

/**
 * Log key -> the value for one batch: a number, or a scalar tensor, which is read
 * and freed.
 */
export type StepValues = Readonly<
  Record<
    string,
    number | {
      /** Reads it; may throw where only `data` can. */
      dataSync(): ArrayLike<number>;
      /** Reads it later, as a GPU must. */
      data?(): Promise<ArrayLike<number>>;
      /** Frees it. */
      dispose(): void;
    }
  >
>;

/** A value of a step. */
type StepValue = StepValues[string];

/** Means over the batches of a pass. */
export interface Means {
  /** A pass begins, or goes on: add to these sums. */
  begin(sums: Sums): void;
  /** Add a batch of `size` samples; a promise only if a value must be waited for. */
  add(values: StepValues, size: number): void | Promise<void>;
  /** The means, in the order the keys first came. */
  logs(): LogRecord;
  /** The values of the last batch. */
  batchLogs(): LogRecord;
  /** The values of the last batch, for backups: the sums are the run's. */
  readonly keeps: Keeper;
}

/** Means that start empty. */
export function meansOfValues(): Means {
  let sums: Sums = emptySums();
  let last: Record<string, number> = {};

  function addOne(key: string, value: number, size: number): void {
    const before = sums.values[key];
    if (typeof before !== "number") checkKeys([key]);
    last[key] = value;
    sums.values[key] = (before ?? 0) + value * size;
    sums.weights[key] = (sums.weights[key] ?? 0) + size;
  }

  return {
    begin: (next) => void (sums = next),
    add(values, size) {
      checkValues(values);
      last = {};
      let pending: Promise<void>[] | undefined;
      for (const key in values) {
        const value = read(key, values[key]!);
        if (typeof value === "number") addOne(key, value, size);
        else {
          (pending ??= []).push(
            value.then((number) => addOne(key, number, size)),
          );
        }
      }
      return pending && Promise.all(pending).then(() => {});
    },
    logs() {
      const logs: Record<string, number> = {};
      for (const key in sums.values) {
        logs[key] = sums.values[key]! / sums.weights[key]!;
      }
      return logs;
    },
    batchLogs: () => last,
    keeps: {
      save: () => ({ ...last }),
      load: (saved) => void (last = { ...saved as typeof last }),
    },
  };
}

function checkValues(values: unknown): void {
  if (
    typeof values === "object" && values !== null && !Array.isArray(values)
  ) return;
  throw new InputError(
    `Cannot use a step's values: they are ${
      show(values)
    }, expected an object such as { loss: 0.5 }`,
  );
}

function read(key: string, value: StepValue): number | Promise<number> {
  if (typeof value === "number") return value;
  if (typeof value?.dataSync !== "function") {
    throw new InputError(
      `Cannot use a step's values: "${key}" is ${
        show(value)
      }, expected a number or a tensor of one`,
    );
  }
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
