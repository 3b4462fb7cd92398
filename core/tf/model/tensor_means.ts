/**
 * Means of tensors over the batches of a pass, weighted by batch size, in sums
 * that the run owns.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { LogRecord } from "../../plugin.ts";
import { emptySums } from "../../run/state.ts";
import type { Sums } from "../../steps.ts";
import { onHost } from "../on_host.ts";

/** Means that accumulate batch by batch. */
export interface TensorMeans extends Disposable {
  /** Add to these sums from now on. */
  begin(sums: Sums): void;
  /** Add the values of a batch, in the order of the keys. The caller still owns them. */
  add(values: readonly tf.Scalar[], size: number): void;
  /** Call it after each step, and await it if it returns a promise: now and then the device must catch up. */
  catchUp(): void | Promise<void>;
  /** Bring the sums up to date. */
  settle(): Promise<void>;
  /** The means so far; `NaN` before the first batch. */
  logs(): LogRecord | Promise<LogRecord>;
  /** The values of the last batch; `NaN` before the first. */
  batchLogs(): LogRecord | Promise<LogRecord>;
}

/**
 * Means for the backend in use. Where reading a tensor is cheap (cpu, wasm),
 * each value is read at once. On a GPU, a read waits for all the work before
 * it, so the sums stay on the device until they are requested.
 *
 * @param keys The keys of the logs.
 */
export function tensorMeans(keys: readonly string[]): TensorMeans {
  return onHost() ? hostMeans(keys) : deviceMeans(keys);
}

/** Means on the host: every value is read when it is added. */
export function hostMeans(keys: readonly string[]): TensorMeans {
  const last = new Float64Array(keys.length).fill(NaN);
  let sums = emptySums();
  return {
    begin(given) {
      sums = given;
      last.fill(NaN);
    },
    add(values, size) {
      for (let i = 0; i < keys.length; i++) {
        last[i] = values[i]!.dataSync()[0]!;
        addTo(sums, keys[i]!, last[i]! * size, size);
      }
    },
    catchUp() {},
    settle: () => Promise.resolve(),
    logs: () => meansOf(keys, sums),
    batchLogs: () => recordOf(keys, last),
    [Symbol.dispose]() {},
  };
}

/** Deno frees what a GPU is done with only when something is read: otherwise memory grows for an epoch. */
const STEPS_AHEAD = 32;

/** Means on the device: one small tensor of sums, and one of the last batch's values, read when they are requested. */
export function deviceMeans(keys: readonly string[]): TensorMeans {
  let sums = emptySums();
  let pending: tf.Tensor | undefined;
  let pendingSize = 0;
  let last: tf.Tensor | undefined;
  let ahead = 0;
  let settled = Promise.resolve();

  function free(): void {
    pending?.dispose();
    last?.dispose();
    pending = last = undefined;
    pendingSize = ahead = 0;
  }
  /** What has been read is no longer on the device; it goes into the sums it was added for. */
  function settle(): Promise<void> {
    const [read, size, into] = [pending, pendingSize, sums];
    pending = undefined;
    pendingSize = ahead = 0;
    if (read) settled = settled.then(() => merge(read, size, into));
    return settled;
  }
  async function merge(read: tf.Tensor, size: number, into: Sums) {
    const values = await read.data();
    read.dispose();
    keys.forEach((key, i) => addTo(into, key, values[i]!, size));
  }
  return {
    begin(given) {
      free();
      sums = given;
    },
    add(values, size) {
      const before = pending;
      last?.dispose();
      last = tf.keep(tf.stack(values as tf.Scalar[]));
      pending = tf.keep(tf.tidy(() => {
        const weighted = last!.mul(size);
        return before ? weighted.add(before) : weighted;
      }));
      before?.dispose();
      pendingSize += size;
    },
    catchUp: () => ++ahead < STEPS_AHEAD ? undefined : settle(),
    settle,
    async logs() {
      const asked = sums;
      await settle();
      return meansOf(keys, asked);
    },
    async batchLogs() {
      const values = await last?.data();
      return recordOf(keys, values ?? keys.map(() => NaN));
    },
    [Symbol.dispose]: free,
  };
}

function addTo(
  { values, weights }: Sums,
  key: string,
  value: number,
  weight: number,
): void {
  values[key] = (values[key] ?? 0) + value;
  weights[key] = (weights[key] ?? 0) + weight;
}

function meansOf(
  keys: readonly string[],
  { values, weights }: Sums,
): LogRecord {
  const logs: Record<string, number> = {};
  for (const key of keys) logs[key] = (values[key] ?? 0) / (weights[key] ?? 0);
  return logs;
}

function recordOf(
  keys: readonly string[],
  values: ArrayLike<number>,
): LogRecord {
  const record: Record<string, number> = {};
  for (let i = 0; i < keys.length; i++) record[keys[i]!] = values[i]!;
  return record;
}
