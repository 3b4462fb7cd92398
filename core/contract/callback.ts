/**
 * tf.js callbacks and bare hook objects, as the hooks of a run.
 *
 * @module
 */
import {
  HOOK_NAMES,
  type HookName,
  type Hooks,
  type Plugin,
  type Run,
} from "../plugin.ts";

/** A tf.js callback: its batch hooks have other names than ours. */
export interface TfCallback {
  /** Our `onTrainBatchBegin`. */
  onBatchBegin?(batch: number, logs?: unknown): unknown;
  /** Our `onTrainBatchEnd`. */
  onBatchEnd?(batch: number, logs?: unknown): unknown;
  /** Called with the model at the start of training, as tf.js does. */
  setModel?(model: unknown): void;
  /** Called with the parameters at the start of training, as tf.js does. */
  setParams?(params: unknown): void;
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
    onTrainBatchEnd: given.onBatchEnd,
  };
  for (const name of HOOK_NAMES) {
    const hook = given[name] ?? tfjs[name];
    if (hook) hooks[name] = hook as AnyHook;
  }
  return given.setModel || given.setParams ? introduced(given, hooks) : hooks;
}

/** A tf.js callback expects the parameters and the model before training. */
function introduced(given: TfCallback, hooks: HooksByName): HooksByName {
  const begin = hooks.onTrainBegin;
  return {
    ...hooks,
    onTrainBegin(this: unknown, logs: unknown, run: unknown) {
      const { params, model } = run as Run;
      given.setParams?.(params);
      given.setModel?.(model);
      return begin?.call(this, logs, run);
    },
  };
}
