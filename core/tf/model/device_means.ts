/**
 * Means over the batches of a pass, weighted by the size of the batches.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Logs } from "../../plugin.ts";

/** Means that grow batch by batch. */
export interface RunningMeans {
  /** Forget all batches. */
  reset(): void;
  /** Take in the values of a batch, in the order of the keys. They stay the caller's. */
  add(values: readonly tf.Scalar[], size: number): void;
  /**
   * To be called after each step, and waited for if it gives a promise: now and
   * then the device must catch up.
   */
  settle(): void | Promise<void>;
  /** The means so far; `NaN` before the first batch. */
  logs(): Logs | Promise<Logs>;
}

/**
 * Means for the backend in use. Where reading a tensor is cheap (cpu, wasm),
 * each value is read at once. On a GPU a read waits for all the work before it,
 * so there the sums stay on the device until `logs` is called.
 *
 * @param keys The keys of the logs.
 */
export function runningMeans(keys: readonly string[]): RunningMeans {
  const backend = tf.getBackend();
  return backend === "cpu" || backend === "wasm"
    ? hostMeans(keys)
    : deviceMeans(keys);
}

/** Deno frees what a GPU is done with only when something is read: without, the memory grows for an epoch. */
const STEPS_AHEAD = 32;

/** Means on the host: every value is read when it is added. */
export function hostMeans(keys: readonly string[]): RunningMeans {
  const sums = new Float64Array(keys.length);
  let count = 0;
  return {
    reset() {
      sums.fill(0);
      count = 0;
    },
    add(values, size) {
      for (let i = 0; i < sums.length; i++) {
        sums[i]! += values[i]!.dataSync()[0]! * size;
      }
      count += size;
    },
    settle() {},
    logs: () => meansOf(keys, sums, count),
  };
}

/** Means on the device: one small tensor of sums, read when `logs` is called. */
export function deviceMeans(keys: readonly string[]): RunningMeans {
  const sums = new Float64Array(keys.length);
  let count = 0;
  let pending: tf.Tensor | undefined;
  let ahead = 0;

  function takePending(): tf.Tensor | undefined {
    const taken = pending;
    pending = undefined;
    return taken;
  }
  /** What was read is no longer on the device, so nothing is left there after the last `logs`. */
  async function moveToHost(): Promise<void> {
    const read = takePending();
    const values = await read?.data();
    read?.dispose();
    values?.forEach((value, i) => sums[i]! += value);
    ahead = 0;
  }
  return {
    reset() {
      takePending()?.dispose();
      sums.fill(0);
      count = 0;
    },
    add(values, size) {
      const before = takePending();
      pending = tf.keep(tf.tidy(() => {
        const weighted = tf.stack(values as tf.Scalar[]).mul(size);
        return before ? weighted.add(before) : weighted;
      }));
      before?.dispose();
      count += size;
    },
    settle: () => ++ahead < STEPS_AHEAD ? undefined : moveToHost(),
    async logs() {
      await moveToHost();
      return meansOf(keys, sums, count);
    },
  };
}

function meansOf(
  keys: readonly string[],
  sums: Float64Array,
  count: number,
): Logs {
  const logs: Record<string, number> = {};
  for (let i = 0; i < keys.length; i++) logs[keys[i]!] = sums[i]! / count;
  return logs;
}
