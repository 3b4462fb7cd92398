/**
 * Keras' callbacks as they stand in a case, made into our plugins.
 *
 * @module
 */
import {
  csvLogger,
  earlyStopping,
  learningRateScheduler,
  modelCheckpoint,
  reduceLrOnPlateau,
  swapEmaWeights,
  terminateOnNan,
} from "../../mod.ts";
import {
  HOOK_NAMES,
  type HookName,
  type Plugin,
  type Run,
} from "../../core/plugin.ts";
import type { CaseCallback } from "./cases.ts";

/** As JSON has them; a case that gives wrong ones fails in the factory. */
type Options = Readonly<{ hook: string; call: number; schedule: string }>;

const FACTORIES: Readonly<Record<string, (options: never) => Plugin>> = {
  CSVLogger: csvLogger,
  EarlyStopping: earlyStopping,
  LearningRateScheduler: ({ schedule, ...options }: Options) =>
    learningRateScheduler({ ...options, schedule: scheduleOf(schedule) }),
  ModelCheckpoint: modelCheckpoint,
  ReduceLROnPlateau: reduceLrOnPlateau,
  StopAt: ({ hook, call }: Options) => stopAt(camelHook(hook), call),
  SwapEMAWeights: swapEmaWeights,
  TerminateOnNaN: terminateOnNan,
};

/** The functions a case may name. */
const SCHEDULES: Readonly<
  Record<string, (epoch: number, lr: number) => number>
> = {
  constant: (_, lr) => lr,
  halve_every_2: (epoch, lr) => epoch > 0 && epoch % 2 === 0 ? lr / 2 : lr,
  exp_after_3: (epoch, lr) => epoch < 3 ? lr : lr * Math.exp(-0.1),
  warm_then_decay: (epoch, lr) => epoch < 4 ? lr + 0.001 : lr * Math.exp(-0.1),
  step_table: (epoch) => epoch < 3 ? 0.1 : epoch < 6 ? 0.01 : 0.001,
  keep_smaller: (epoch, lr) => Math.min(lr, epoch < 4 ? 0.1 : 0.01),
};

/**
 * The plugin for a callback. Names are made unique, since a case may list two
 * of a kind.
 *
 * @param callback The callback.
 * @param index Its place in the list.
 */
export function pluginOf({ type, args }: CaseCallback, index: number): Plugin {
  const factory = FACTORIES[type];
  if (!factory) throw new Error(`there is no counterpart of ${type}`);
  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(args)) {
    if (value !== null) options[camel(key)] = value;
  }
  if (typeof options.verbose === "number") {
    options.verbose = options.verbose > 0;
  }
  const plugin = factory(options as never);
  return { ...plugin, name: `${plugin.name}-${index}` };
}

function scheduleOf(name: string): (epoch: number, lr: number) => number {
  const schedule = SCHEDULES[name];
  if (!schedule) throw new Error(`there is no schedule "${name}"`);
  return schedule;
}

/** Asks to stop in the given hook, on its call number `call`. */
function stopAt(hook: HookName, call: number): Plugin {
  let calls = 0;
  const plugin: Plugin = { name: "stop-at" };
  (plugin as unknown as Record<string, unknown>)[hook] = (
    ...args: unknown[]
  ) => {
    if (calls++ === call) (args.at(-1) as Run).stop("as the case says");
  };
  return plugin;
}

/**
 * `min_delta` -> `minDelta`.
 *
 * @param name A name as Python writes it.
 */
export function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** `on_epoch_end` -> `onEpochEnd`; `on_batch_end` is the old name of `on_train_batch_end`. */
function camelHook(name: string): HookName {
  const hook = camel(name.replace(/^on_batch/, "on_train_batch"));
  if ((HOOK_NAMES as readonly string[]).includes(hook)) return hook as HookName;
  throw new Error(`there is no hook ${name}`);
}
