/**
 * For those who keep their own `for` loops: iterators that call the hooks, and
 * beneath them the hooks themselves, with begin and end paired and checked. The
 * same plugins, the same contract.
 *
 * @module
 */
import { isOuter } from "../contract/phases.ts";
import type { PluginList } from "../contract/plugin_list.ts";
import {
  HOOK_NAMES,
  type HookName,
  HOOKS,
  type Keeper,
  type LogRecord,
} from "../plugin.ts";
import { perform } from "../run/acts.ts";
import { isPromise, NO_LOGS } from "../run/dispatch.ts";
import { handDraws, outsideOfSteps } from "../run/draws.ts";
import { warn } from "../run/follow.ts";
import { endEpoch, type History, historyOf } from "../run/history.ts";
import { keepAll } from "../run/backup/keepers.ts";
import { aborted, outcomeOf } from "../run/outcome.ts";
import { isPause } from "../run/backup/backup.ts";
import { openSession, type Session } from "../run/session.ts";
import { nextEpoch } from "../run/state.ts";
import { stopping } from "../run/stopping.ts";
import { epochsOf, type ListEpoch, type Reported } from "./epochs.ts";
import { handedLogs } from "./handed_logs.ts";
import { begins, ends } from "./list_position.ts";
import { type Nesting, nesting } from "./nesting.ts";
import {
  type CallbackListOptions,
  listSession,
} from "./callback_list_options.ts";

/** One method a hook. It returns a promise only if a plugin does; what comes back are the logs with what plugins added. */
export type ListHooks = {
  readonly [H in HookName]: typeof HOOKS[H]["indexed"] extends false
    ? (logs?: LogRecord) => LogRecord | Promise<LogRecord>
    : (index: number, logs?: LogRecord) => LogRecord | Promise<LogRecord>;
};

/** The hooks of a run, for a hand-written loop. */
export interface CallbackList extends ListHooks, AsyncDisposable {
  /**
   * The epochs of a training run. The hooks are called around each, a stop is
   * heeded, and training ends after the last. Leaving the loop in any other way
   * counts as a failure.
   *
   * @param epochs Index after the last epoch. Default: the option.
   */
  epochs(epochs?: number): AsyncIterable<ListEpoch>;
  /**
   * Where the run is, all from 0: the epoch, the batch to go on with, and the
   * training steps done. In a run that goes on from a backup it says, once
   * `onTrainBegin` is over, where the loop is to begin.
   */
  readonly position: {
    readonly epoch: number;
    readonly batch: number;
    readonly step: number;
  };
  /** Whether the loop is to be left, as Keras does, after the batch or the epoch: a plugin asked for it, or the signal is aborted. */
  readonly stopped: boolean;
  /** Ask for a stop, as a plugin does. */
  stop(reason: string): void;
  /** The logs of the epochs so far, and how the run ended. */
  readonly history: History;
  /** End a run that failed: the end hooks of what is open run, with `run.outcome` failed. */
  fail(error: unknown): Promise<void>;
  /**
   * Run with other plugins from the next epoch on. `onTrainEnd` is called for
   * those that leave, `onTrainBegin` for those that come.
   *
   * @throws {SetupError} If they cannot run; then all stays as it is.
   */
  replacePlugins(plugins: PluginList): void;
}

/**
 * Hooks for a hand-written loop, what Keras calls a `CallbackList`.
 *
 * @example
 * ```ts
 * import { callbackList, printLogs } from "@hookloop/hookloop";
 *
 * await using list = callbackList({ plugins: [printLogs()], metrics: ["loss"] });
 * for await (const epoch of list.epochs(2)) {
 *   for await (const batch of epoch.batches([3, 2, 1])) {
 *     await batch.end({ loss: batch.data });
 *   }
 * }
 * console.log(list.history.history.loss); // [ 2, 2 ]
 * ```
 *
 * @param options Plugins, and what the loop can offer them.
 * @returns The list. Leaving its scope (`await using`) with training still open counts as a failure.
 * @throws {SetupError} If the plugins' needs cannot be met.
 * @throws {InputError} If an option is out of range.
 */
export function callbackList(options: CallbackListOptions): CallbackList {
  /** What the last batch reported for itself, as far as it was told. */
  const reported: Reported = { own: undefined, handed: NO_LOGS };
  const session = openSession({
    ...listSession(options),
    steps: {
      ...options as Omit<CallbackListOptions, "steps">,
      batchLogs: () => reported.own ?? reported.handed,
      // Of what the loop trains, something else must know.
      ...(options.weights ?? options.keeps) &&
        {
          keeps: keepAll({ own: options.keeps, reported: keeperOf(reported) }),
        },
    },
  });
  const { state } = session;
  const { position } = state;
  const nested = nesting();
  const draws = state.swaps.steps(handDraws(state));
  const handed = handedLogs(
    options,
    (hook) => session.hooks.reads(hook),
    position,
  );

  function call(hook: HookName, index: number, given?: LogRecord) {
    const logs = handed(hook, given);
    nested.enter(hook, index);
    Object.assign(state, { hook, index });
    // What had begun when the run was broken off is not begun again.
    if (begins(position, hook, index)) return logs;
    if (hook === "onTrainBatchBegin") reported.own = undefined;
    if (HOOKS[hook].side === "end") draws.end();
    if (hook === "onTrainBatchEnd") reported.handed = logs;
    if (!nested.inside) state.outcome = outcomeOf(state, aborted(state.signal));
    const fire = session.hooks.fire[hook];
    const fired = fire && outsideOfSteps(fire, index, logs);
    return isPromise(fired)
      ? fired.then((added) => finish(hook, index, added ?? logs))
      : finish(hook, index, fired ?? logs);
  }

  function finish(
    hook: HookName,
    index: number,
    logs: LogRecord,
  ): LogRecord | Promise<LogRecord> {
    if (hook === "onTrainBatchBegin") draws.begin();
    if (hook === "onTestBatchBegin") draws.begin(index);
    if (hook === "onEpochEnd") endEpoch(state, index, logs);
    ends(position, hook);
    const rejoining = hook === "onTrainBegin" ? session.rejoin() : undefined;
    if (rejoining) return rejoining.then(() => finishOuter(hook, logs));
    if (!isOuter(hook)) {
      const resting = rests(hook) ? session.rest() : undefined;
      return resting ? resting.then(() => logs) : logs;
    }
    const pending = nested.inside ? undefined : session.settle();
    return pending
      ? pending.then(() => finishOuter(hook, logs))
      : finishOuter(hook, logs);
  }

  /** Whether the run can be backed up then: one that was asked to stop does no other batch, but ends its epoch. */
  function rests(hook: HookName): boolean {
    if (hook === "onEpochEnd") return true;
    const ending = stopping(state) && !isPause(state.stop);
    return hook === "onTrainBatchEnd" && !ending;
  }

  function finishOuter(hook: HookName, logs: LogRecord): LogRecord {
    // Tests may also run before and after training.
    const over = HOOKS[hook].phase === "train";
    const error = nested.inside ? session.takeError() : session.close(over);
    if (error) throw error;
    return logs;
  }

  const list: CallbackList = {
    ...hookMethods(call),
    epochs: (count) => epochsOf(list, session, reported, draws, count),
    get position() {
      const { step, training: { batch } } = position;
      return { epoch: nextEpoch(position), batch, step };
    },
    get stopped() {
      return stopping(state) || state.signal.aborted;
    },
    get history() {
      return historyOf(state);
    },
    stop: (reason) => void perform(state, "the loop", { kind: "stop", reason }),
    fail(error) {
      draws.end();
      return failed(session, nested, error);
    },
    replacePlugins: session.control.replacePlugins,
    async [Symbol.asyncDispose]() {
      await list.fail(new Error("the loop was left before its end"));
    },
  };
  return list;
}

function keeperOf(reported: Reported): Keeper {
  return {
    save: () => ({ ...reported }),
    load: (saved) => void Object.assign(reported, saved),
  };
}

/** End what is open; nothing happens where nothing is. */
async function failed(
  session: Session,
  nested: Nesting,
  error: unknown,
): Promise<void> {
  const open = nested.open();
  nested.clear();
  if (open.length === 0) return;
  const { state, hooks } = session;
  state.failing = true;
  state.outcome = outcomeOf(state, { error });
  for (const hook of open) await hooks.fire[hook]?.(0, NO_LOGS);
  await session.settle();
  const endError = session.close();
  if (endError) warn(state, endError.message);
}

function hookMethods(
  call: (
    hook: HookName,
    index: number,
    logs?: LogRecord,
  ) => LogRecord | Promise<LogRecord>,
): ListHooks {
  const methods: Record<string, unknown> = {};
  for (const hook of HOOK_NAMES) {
    methods[hook] = HOOKS[hook].indexed
      ? (index: number, logs?: LogRecord) => call(hook, index, logs)
      : (logs?: LogRecord) => call(hook, 0, logs);
  }
  return methods as unknown as ListHooks;
}
