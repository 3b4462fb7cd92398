/**
 * For those who keep their own `for` loops: the hooks to call from them, with
 * begin and end paired and checked. The same plugins, the same contract.
 *
 * @module
 */
import { type History, recorder } from "../run/history.ts";
import { validationOf } from "../contract/log_keys.ts";
import { outcomeOf } from "../run/outcome.ts";
import { pairing } from "./nesting.ts";
import {
  type Direction,
  HOOK_NAMES,
  type HookName,
  type IndexedHook,
  type Logs,
  type RunParams,
} from "../plugin.ts";
import {
  cleanUp,
  NO_LOGS,
  openSession,
  type RunOptions,
  type Session,
} from "../run/session.ts";
import type { Resources } from "../steps.ts";

/** What a hand-written loop tells about itself. */
export interface HandLoopOptions extends RunOptions, Resources {
  /** The keys the batches report. Then the contract is checked at once; else at the first call of each hook. */
  readonly metrics?: readonly string[];
  /** Whether lower or higher is better, by key. `loss` and `accuracy` are known. */
  readonly directions?: Readonly<Record<string, Direction>>;
  /** Whether `onEpochEnd` gets `val_` keys too. Default false. */
  readonly validation?: boolean;
  /** Index after the last epoch. Default 1. */
  readonly epochs?: number;
  /** Index of the first epoch. Default 0. */
  readonly initialEpoch?: number;
  /** Batches an epoch, for the progress bar. Default unknown. */
  readonly steps?: number;
  /** Samples a batch. Default unknown. */
  readonly batchSize?: number;
}

/** One method a hook. It returns a promise only if a plugin does; what comes back are the logs with what plugins added. */
export type HandHooks = {
  readonly [H in HookName]: H extends IndexedHook
    ? (index: number, logs?: Logs) => Logs | Promise<Logs>
    : (logs?: Logs) => Logs | Promise<Logs>;
};

/** The hooks of a run, to call from a loop of one's own. */
export interface HandLoop extends HandHooks, AsyncDisposable {
  /** Whether a plugin asked to stop: leave the loop as Keras does, after the batch or the epoch. */
  readonly stopped: boolean;
  /** The logs of the epochs so far, and how the run ended. */
  readonly history: History;
  /** End a run that failed: the end hooks of what is open run, with `run.outcome` failed. */
  fail(error: unknown): Promise<void>;
}

/**
 * Hooks for a loop of one's own.
 *
 * @example
 * ```ts
 * import { handLoop, printLogs } from "@hookloop/hookloop";
 *
 * await using loop = handLoop({ plugins: [printLogs()], metrics: ["loss"], epochs: 2 });
 * await loop.onTrainBegin();
 * for (let epoch = 0; epoch < 2 && !loop.stopped; epoch++) {
 *   await loop.onEpochBegin(epoch);
 *   for (let batch = 0; batch < 3 && !loop.stopped; batch++) {
 *     await loop.onTrainBatchBegin(batch);
 *     await loop.onTrainBatchEnd(batch, { loss: 1 / (batch + 1) });
 *   }
 *   await loop.onEpochEnd(epoch, { loss: 0.5 });
 * }
 * await loop.onTrainEnd();
 * ```
 *
 * @param options Plugins, and what the loop can offer them.
 * @returns One method a hook. Leaving its scope (`await using`) with training still open counts as a failure.
 * @throws {SetupError} If the plugins' needs cannot be met.
 */
export function handLoop(options: HandLoopOptions): HandLoop {
  const session = openSession({
    ...options,
    steps: options,
    params: paramsOf(options),
    validation: validationOf(
      options.validation ?? false,
      1,
      options.initialEpoch ?? 0,
      options.epochs ?? 1,
    ),
  });
  const { state } = session;
  const record = recorder();
  const pairs = pairing();

  function call(hook: HookName, index: number, logs: Logs) {
    pairs.check(hook, index);
    if (hook === "onEpochBegin") state.epoch = index;
    state.batch = hook.includes("Batch") ? index : undefined;
    if (hook === "onTrainBatchEnd") state.step++;
    if (!pairs.inside && hook.endsWith("End")) {
      state.outcome = outcomeOf(state, undefined);
    }
    const fired = session.fire[hook]?.(index, logs);
    const done = (added: Logs | undefined) =>
      finish(hook, index, added ?? logs);
    return fired instanceof Promise
      ? fired.then(done)
      : done(fired as Logs | undefined);
  }

  function finish(hook: HookName, index: number, logs: Logs): Logs {
    if (hook === "onEpochEnd") record.add(index, logs);
    if (hook.endsWith("End") && !pairs.inside) cleanUp(state);
    const error = session.takeEndError();
    if (error) throw error;
    return logs;
  }

  async function fail(error: unknown): Promise<void> {
    state.outcome = outcomeOf(state, { error });
    await endOpen(session, pairs.open());
    pairs.clear();
    cleanUp(state);
  }

  return {
    ...hookMethods(call),
    get stopped() {
      return state.stop !== undefined || state.signal.aborted;
    },
    get history() {
      return record.history(
        state.params,
        state.outcome ?? outcomeOf(state, undefined),
      );
    },
    fail,
    async [Symbol.asyncDispose]() {
      if (pairs.inside) {
        await fail(new Error("the loop was left before its end"));
      }
    },
  };
}

function hookMethods(
  call: (hook: HookName, index: number, logs: Logs) => Logs | Promise<Logs>,
): HandHooks {
  const methods: Record<string, unknown> = {};
  for (const hook of HOOK_NAMES) {
    methods[hook] = /Batch|Epoch/.test(hook)
      ? (index: number, logs = NO_LOGS) => call(hook, index, logs)
      : (logs = NO_LOGS) => call(hook, 0, logs);
  }
  return methods as unknown as HandHooks;
}

async function endOpen(
  session: Session,
  phases: readonly HookName[],
): Promise<void> {
  for (const hook of phases) await session.fire[hook]?.(0, NO_LOGS);
  session.takeEndError();
}

function paramsOf(
  options: HandLoopOptions,
): Omit<RunParams, "metrics" | "directions"> {
  return {
    mode: "fit",
    epochs: options.epochs ?? 1,
    initialEpoch: options.initialEpoch ?? 0,
    steps: options.steps,
    validationSteps: undefined,
    batchSize: options.batchSize,
  };
}
