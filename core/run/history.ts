/**
 * What a training run leaves: the logs of each epoch, the best one, and how it
 * ended.
 *
 * @module
 */
import type { Outcome, RunParams } from "../plugin.ts";
import { outcomeOf } from "./outcome.ts";
import type { EpochRecord, RunState } from "./state.ts";

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
  readonly best: {
    /** Its index, from 0. */
    readonly epoch: number;
    /** The key it is best in: `val_loss`, or `loss` if there is no validation. */
    readonly key: string;
    /** Its value there. */
    readonly value: number;
  } | undefined;
}

/** The best epoch of a run. */
type BestEpoch = NonNullable<History["best"]>;

/** The history of a run so far. */
export function historyOf(state: RunState): History {
  const { params, position: { epochs } } = state;
  const history: Record<string, number[]> = {};
  for (const { logs } of epochs) {
    for (const [key, value] of Object.entries(logs)) {
      (history[key] ??= []).push(value);
    }
  }
  return {
    epoch: epochs.map(({ epoch }) => epoch),
    history,
    params,
    outcome: state.outcome ?? outcomeOf(state, undefined),
    best: bestOf(epochs, "val_loss") ?? bestOf(epochs, "loss"),
  };
}

function bestOf(
  epochs: readonly EpochRecord[],
  key: string,
): BestEpoch | undefined {
  let best: BestEpoch | undefined;
  for (const { epoch, logs } of epochs) {
    // NaN is less than nothing.
    const value = logs[key] ?? NaN;
    if (value < (best?.value ?? Infinity)) best = { epoch, key, value };
  }
  return best;
}
