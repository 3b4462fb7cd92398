/**
 * What a training run leaves: the logs of each epoch, the best one, and how it
 * ended.
 *
 * @module
 */
import type { BestBy } from "../contract/best_by.ts";
import type { LogRecord, Logs, Outcome, RunParams } from "../plugin.ts";
import { outcomeOf } from "./outcome.ts";
import type { RunSoFar } from "./run_options.ts";
import type { EpochRecord, Position, RunState } from "./state.ts";

/** What `fit` returns. */
export interface History {
  /** Indices of the epochs that ran, from `initialEpoch`. */
  readonly epoch: readonly number[];
  /** Log key -> its value in each epoch that had it, plugins' keys included. */
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** All logs of each epoch, in the order of `epoch`: they tell which epoch had which value. */
  readonly logs: readonly LogRecord[];
  /** What was known of the run. */
  readonly params: RunParams;
  /** The folder that its files are in: where a plugin's relative path begins. */
  readonly dir: string;
  /** How it ended: completed, stopped or aborted; by whom, where and why. */
  readonly outcome: Outcome;
  /** What of its files could not be written, a sentence each; absent if all was. */
  readonly unwritten?: readonly string[];
  /**
   * The best epoch: by what the first plugin with a `monitor` goes by, else the
   * lowest `val_loss`, else the lowest `loss`. NaN is never the best; undefined
   * if no epoch has a number.
   */
  readonly best: {
    /** Its index, from 0. */
    readonly epoch: number;
    /** The key it is best in. */
    readonly key: string;
    /** Its value there. */
    readonly value: number;
    /** All its logs: without `val_` keys if no validation ran in it. */
    readonly logs: LogRecord;
  } | undefined;
}

/** The best epoch of a run. */
type BestEpoch = NonNullable<History["best"]>;

/** The history of a run so far. */
export function historyOf(state: RunState): History {
  const { dir, params, position: { epochs } } = state;
  const history: Record<string, number[]> = {};
  for (const { logs } of epochs) {
    for (const [key, value] of Object.entries(logs)) {
      (history[key] ??= []).push(value);
    }
  }
  return {
    epoch: epochs.map(({ epoch }) => epoch),
    history,
    logs: epochs.map(({ logs }) => logs),
    params,
    dir,
    outcome: state.outcome ?? outcomeOf(state, undefined),
    ...state.unwritten.length && { unwritten: state.unwritten },
    best: bestOf(state),
  };
}

/** An epoch is over: it is part of the history, and who follows the run is told. */
export function endEpoch(
  state: RunState,
  epoch: number,
  logs: LogRecord,
): void {
  state.position.epochs.push({ epoch, logs });
  state.watch.epoch?.(soFar(state));
}

/** How far a run is, for those who follow it. */
export function soFar(state: RunState): RunSoFar {
  return { epochs: state.position.epochs, history: () => historyOf(state) };
}

/** The log key that makes an epoch with these logs the best so far; undefined where it is not. */
export function bestBy(
  { best, position }: RunState,
  logs: Logs,
): string | undefined {
  const epoch = { epoch: position.epoch, logs: logs as LogRecord };
  const epochs = [...position.epochs, epoch];
  const found = bestOf({ best, position: { epochs } });
  return found?.logs === logs ? found.key : undefined;
}

function bestOf(
  { best, position: { epochs } }: {
    readonly best: BestBy | undefined;
    readonly position: Pick<Position, "epochs">;
  },
): BestEpoch | undefined {
  return best
    ? bestIn(epochs, best)
    : bestIn(epochs, { key: "val_loss", direction: "min" }) ??
      bestIn(epochs, { key: "loss", direction: "min" });
}

function bestIn(
  epochs: readonly EpochRecord[],
  { key, direction }: Pick<BestBy, "key" | "direction">,
): BestEpoch | undefined {
  let best: BestEpoch | undefined;
  for (const { epoch, logs } of epochs) {
    const value = logs[key];
    if (value === undefined || Number.isNaN(value)) continue;
    if (best && !isBetter(value, best.value, direction)) continue;
    best = { epoch, key, value, logs };
  }
  return best;
}

/** As float32, as plugins compare. */
function isBetter(
  value: number,
  than: number,
  direction: BestBy["direction"],
): boolean {
  const [a, b] = [Math.fround(value), Math.fround(than)];
  return direction === "min" ? a < b : a > b;
}
