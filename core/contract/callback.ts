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

/** A tf.js callback expects the model before training, and stops by setting a flag on it. */
function introduced(given: TfCallback, hooks: HooksByName): HooksByName {
  const watched: { [H in HookName]?: AnyHook } = {};
  const wrap = (hook: AnyHook | undefined): AnyHook =>
    async function (this: unknown, ...args: unknown[]): Promise<void> {
      await hook?.apply(this, args);
      heedStop(args.at(-1) as Run);
    };
  for (const name of Object.keys(hooks) as HookName[]) {
    watched[name] = wrap(hooks[name]);
  }
  const begin = watched.onTrainBegin ?? wrap(undefined);
  watched.onTrainBegin = function (this: unknown, ...args: unknown[]) {
    const run = args.at(-1) as Run;
    given.setParams?.(run.params);
    given.setModel?.(run.model);
    return begin.apply(this, args);
  };
  return watched;
}

function heedStop(run: Run): void {
  const model = run.model as { stopTraining?: boolean } | undefined;
  if (!model?.stopTraining) return;
  model.stopTraining = false;
  run.stop("the callback set model.stopTraining");
}
