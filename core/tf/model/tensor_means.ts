/**
 * Means of tensors over the batches of a pass, weighted by batch size, in sums
 * that the run owns.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import type { Keeper, LogRecord } from "../../plugin.ts";
import { emptySums } from "../../run/state.ts";
import type { Sums } from "../../steps.ts";
import { onHost } from "../on_host.ts";
import { deviceMeans } from "./device_means.ts";
import {
  addAll,
  addTo,
  checkKeys,
  meansOf,
  recordOf,
  type SavedMeans,
} from "./mean_sums.ts";

/** Means that accumulate batch by batch. */
export interface TensorMeans extends Disposable {
  /** Add to these sums from now on; unless the pass goes on, nothing is left of the one before. */
  begin(sums: Sums, goesOn?: boolean): void;
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
  /** What there is beside the sums: taken back before the pass goes on. */
  readonly keeps: Keeper;
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
  let pending: SavedMeans["pending"];
  return {
    begin(given, goesOn = false) {
      sums = given;
      if (!goesOn) last.fill(NaN);
      else if (pending) addAll(sums, keys, pending.values, pending.size);
      pending = undefined;
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
    keeps: {
      save: () => ({ keys: [...keys], last: [...last] }),
      load(saved) {
        checkKeys(keys, saved as SavedMeans);
        last.set((saved as SavedMeans).last);
        // Of a run on a GPU.
        pending = (saved as SavedMeans).pending;
      },
    },
    [Symbol.dispose]() {},
  };
}
