/**
 * tf.js callbacks and bare hook objects, made into plugins.
 *
 * @module
 */
import { HOOK_NAMES, type Plugin, type Run } from "../plugin.ts";

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

/**
 * A plugin around a tf.js callback or a bare hook object, which keeps its
 * `this`.
 *
 * @param given The callback.
 * @param name Its name in messages.
 */
export function adopt(given: Plugin & TfCallback, name: string): Plugin {
  const plugin: Record<string, unknown> = { name };
  for (
    const key of [
      "needs",
      "provides",
      "directions",
      "uses",
      "order",
      "onError",
      "state",
    ] as const
  ) {
    if (given[key] !== undefined) plugin[key] = given[key];
  }
  for (const hook of HOOK_NAMES) {
    if (given[hook]) plugin[hook] = given[hook].bind(given);
  }
  if (given.onBatchBegin) {
    plugin.onTrainBatchBegin ??= given.onBatchBegin.bind(given);
  }
  if (given.onBatchEnd) plugin.onTrainBatchEnd ??= given.onBatchEnd.bind(given);
  return given.setModel || given.setParams
    ? introduce(plugin as unknown as Plugin, given)
    : plugin as unknown as Plugin;
}

/** A tf.js callback expects the model before training, and stops by setting a flag on it. */
function introduce(plugin: Plugin, given: TfCallback): Plugin {
  const watch = (run: Run) => {
    const model = run.model as { stopTraining?: boolean } | undefined;
    if (!model?.stopTraining) return;
    model.stopTraining = false;
    run.stop("the callback set model.stopTraining");
  };
  const watched: Record<string, unknown> = { ...plugin };
  for (const hook of HOOK_NAMES) {
    const call = plugin[hook] as ((...args: unknown[]) => unknown) | undefined;
    if (!call) continue;
    watched[hook] = async (...args: unknown[]) => {
      await call(...args);
      watch(args.at(-1) as Run);
    };
  }
  watched.onTrainBegin = async (logs: never, run: Run) => {
    given.setParams?.(run.params);
    given.setModel?.(run.model);
    await plugin.onTrainBegin?.(logs, run);
  };
  return watched as unknown as Plugin;
}
