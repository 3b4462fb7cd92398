/**
 * Means of tensors on a GPU, where a read waits for all the work before it.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { emptySums } from "../../run/state.ts";
import type { Sums } from "../../steps.ts";
import {
  addAll,
  checkKeys,
  meansOf,
  recordOf,
  type SavedMeans,
} from "./mean_sums.ts";
import type { TensorMeans } from "./tensor_means.ts";

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
    addAll(into, keys, values, size);
  }
  return {
    begin(given, goesOn = false) {
      if (!goesOn) free();
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
    keeps: {
      async save() {
        const [values, read] = await Promise.all([
          pending?.data(),
          last?.data(),
        ]);
        return {
          keys: [...keys],
          last: [...read ?? keys.map(() => NaN)],
          pending: values && { values: [...values], size: pendingSize, ahead },
        };
      },
      load(saved) {
        const { last: read, pending: rest } = saved as SavedMeans;
        checkKeys(keys, saved as SavedMeans);
        free();
        last = tf.keep(tf.tensor1d([...read]));
        if (!rest) return;
        pending = tf.keep(tf.tensor1d([...rest.values]));
        ({ size: pendingSize, ahead } = rest);
      },
    },
    [Symbol.dispose]: free,
  };
}
