/**
 * What a training run leaves: the logs of each epoch, the best one, and how it
 * ended.
 *
 * @module
 */
import { BEST_BY_DEFAULT, type BestBy, isBetter } from "../contract/best_by.ts";
import type { LogRecord, Logs, Outcome, RunParams } from "../plugin.ts";
import { outcomeOf } from "./outcome.ts";
import type { RunSoFar } from "./run_options.ts";
import type { EpochRecord, RunState } from "./state.ts";

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
  { best, position: { epoch, epochs } }: RunState,
  logs: Logs,
): string | undefined {
  const record = { epoch, logs: logs as LogRecord };
  for (const by of best ? [best] : BEST_BY_DEFAULT) {
    const before = bestIn(epochs, by);
    const now = better(before, record, by);
    if (now) return now === before ? undefined : by.key;
  }
  return undefined;
}

type By = Pick<BestBy, "key" | "direction">;

function bestOf(
  { best, position: { epochs } }: RunState,
): BestEpoch | undefined {
  for (const by of best ? [best] : BEST_BY_DEFAULT) {
    const found = bestIn(epochs, by);
    if (found) return found;
  }
  return undefined;
}

/** The best among the first epochs of a list. */
interface Found {
  readonly best: BestEpoch | undefined;
  readonly seen: number;
}

/** What was found in lists that grow, so that each epoch is looked at once. */
const foundIn = new WeakMap<readonly EpochRecord[], Map<string, Found>>();

function bestIn(
  epochs: readonly EpochRecord[],
  by: By,
): BestEpoch | undefined {
  const known = foundIn.get(epochs) ?? new Map<string, Found>();
  foundIn.set(epochs, known);
  const name = `${by.direction} ${by.key}`;
  let { best, seen }: Found = known.get(name) ?? { best: undefined, seen: 0 };
  for (; seen < epochs.length; seen++) best = better(best, epochs[seen]!, by);
  known.set(name, { best, seen });
  return best;
}

/** The epoch, where it is better than the best before it, or else that. */
function better(
  best: BestEpoch | undefined,
  { epoch, logs }: EpochRecord,
  { key, direction }: By,
): BestEpoch | undefined {
  const value = logs[key];
  return isBetter(value, best?.value, direction)
    ? { epoch, key, value, logs }
    : best;
}
