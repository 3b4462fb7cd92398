/**
 * What a training run leaves: the logs of each epoch, the best one, and how it
 * ended.
 *
 * @module
 */
import type { Logs, Outcome, RunParams } from "../plugin.ts";

/** The best epoch of a run. */
export interface BestEpoch {
  /** Its index, from 0. */
  readonly epoch: number;
  /** The key it is best in: `val_loss`, or `loss` where there is no validation. */
  readonly key: string;
  /** Its value there. */
  readonly value: number;
}

/** What `fit` returns. */
export interface History {
  /** Indices of the epochs that ran, from `initialEpoch`. */
  readonly epoch: readonly number[];
  /** Log key -> its value in each epoch that had it, plugins' keys included. */
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** What was known of the run. */
  readonly params: RunParams;
  /** How it ended: completed, stopped or aborted; by whom, where and why. */
  readonly outcome: Outcome;
  /** The epoch with the lowest `val_loss` (or `loss`); undefined if no epoch ran. NaN is never the best. */
  readonly best: BestEpoch | undefined;
}

/** A history that grows. */
export interface Recorder {
  /** Add an epoch. */
  add(epoch: number, logs: Logs): void;
  /** What there is so far. */
  history(params: RunParams, outcome: Outcome): History;
}

/**
 * A history to add epochs to.
 */
export function recorder(): Recorder {
  const epochs: number[] = [];
  const history: Record<string, number[]> = {};
  const bests = new Map<string, BestEpoch>();
  return {
    add(epoch, logs) {
      epochs.push(epoch);
      for (const [key, value] of Object.entries(logs)) {
        (history[key] ??= []).push(value);
      }
      for (const key of ["loss", "val_loss"]) {
        const value = logs[key];
        if (value === undefined || Number.isNaN(value)) continue;
        if (value < (bests.get(key)?.value ?? Infinity)) {
          bests.set(key, { epoch, key, value });
        }
      }
    },
    history: (params, outcome) => ({
      epoch: epochs,
      history,
      params,
      outcome,
      best: bests.get("val_loss") ?? bests.get("loss"),
    }),
  };
}
