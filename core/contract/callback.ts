/**
 * tf.js callbacks and bare hook objects, as the hooks of a run.
 *
 * @module
 */
import {
  HOOK_NAMES,
  type HookName,
  type Hooks,
  type LogRecord,
  type Plugin,
  type Run,
} from "../plugin.ts";

/** A tf.js callback: its batch hooks have other names than ours. */
export interface TfCallback {
  /** Our `onTrainBatchBegin`. */
  onBatchBegin?(batch: number, logs?: unknown): unknown;
  /** Our `onTrainBatchEnd`. */
  onBatchEnd?(batch: number, logs?: unknown): unknown;
  /** Called after a batch, at most every 125 ms: tf.js' `yieldEvery: "auto"`. */
  onYield?(epoch: number, batch: number, logs?: unknown): unknown;
  /** Called with the model at the start of training, as tf.js does. */
  setModel?(model: unknown): void;
  /** Called with the parameters at the start of training, as tf.js does. */
  setParams?(params: unknown): void;
}

/** What a run's handle has for tf.js' callbacks besides. */
export interface TfRun extends Run {
  /** Samples of the training data; undefined if they come in batches. */
  readonly samples: number | undefined;
  /** Samples of the last training batch; undefined if the steps do not tell. */
  readonly lastSize: number | undefined;
}

/** A hook, to be called with the object it came from as `this`. */
export type AnyHook = (this: unknown, ...args: unknown[]) => HookResult;

/** What a hook returns. */
export type HookResult = ReturnType<NonNullable<Hooks["onEpochEnd"]>>;

/** The hooks that a plugin has. */
export type HooksByName = { readonly [H in HookName]?: AnyHook };

/**
 * The hooks of a plugin, a bare hook object or a tf.js callback.
 *
 * @param given What the user listed, known to be one of them.
 */
export function hooksOf(given: Plugin & TfCallback): HooksByName {
  const hooks: { [H in HookName]?: AnyHook } = {};
  const tfjs: { [H in HookName]?: unknown } = {
    onTrainBatchBegin: given.onBatchBegin,
    onTrainBatchEnd: given.onBatchEnd && withBatch(given.onBatchEnd),
  };
  for (const name of HOOK_NAMES) {
    const hook = given[name] ?? tfjs[name];
    if (hook) hooks[name] = hook as AnyHook;
  }
  if (given.onYield) {
    hooks.onTrainBatchEnd = yielding(given.onYield, hooks.onTrainBatchEnd);
  }
  return given.setModel || given.setParams ? introduced(given, hooks) : hooks;
}

/** `onBatchEnd`, whose logs say which batch it was, and of how many samples. */
function withBatch(hook: NonNullable<TfCallback["onBatchEnd"]>): AnyHook {
  return function (this: unknown, ...[batch, logs, run]) {
    const { lastSize: size } = run as TfRun;
    return hook.call(this as TfCallback, batch as number, {
      ...logs as LogRecord,
      ...{ batch, size },
    }) as HookResult;
  };
}

/** How long `onYield` is not called again, in milliseconds. */
const YIELD_EVERY = 125;

/** The hook after a batch, and `onYield` behind it where the time has come. */
function yielding(
  onYield: NonNullable<TfCallback["onYield"]>,
  hook: AnyHook | undefined,
): AnyHook {
  let last: number | undefined;
  return function (this: unknown, ...[batch, logs, run]) {
    const { now, epoch } = run as Run;
    const result = hook?.call(this, batch, logs, run);
    last ??= now();
    if (now() - last < YIELD_EVERY) return result;
    last = now();
    const call = () =>
      onYield.call(this as TfCallback, epoch, batch as number, {
        ...logs as LogRecord,
      }) as HookResult;
    return result instanceof Promise ? result.then(call) : call();
  };
}

/** A tf.js callback expects the parameters and the model before training. */
function introduced(given: TfCallback, hooks: HooksByName): HooksByName {
  const begin = hooks.onTrainBegin;
  return {
    ...hooks,
    onTrainBegin(this: unknown, logs: unknown, run: unknown) {
      const { params, samples, model } = run as TfRun;
      const doValidation = params.metrics.some((key) => key.startsWith("val_"));
      given.setParams?.({ ...params, samples, doValidation });
      given.setModel?.(model);
      return begin?.call(this, logs, run);
    },
  };
}
