/**
 * What a plugin is, what its hooks receive and what they may do: read this
 * before writing one.
 *
 * A plugin is a plain object: a name, some of the 14 hooks, and what it says
 * about itself.
 *
 * | field | what it says |
 * |---|---|
 * | `needs` | the log keys each hook reads; a run that cannot have them is refused |
 * | `provides` | the log keys each hook adds by returning them |
 * | `requires` | what else the run must offer, such as `"weights"` or `"validation"`: one {@linkcode Requirement} or more |
 * | `order` | `"pre"` or `"post"`: before or behind the others, where `needs` and `provides` leave a choice |
 * | `onError` | `"disable"`: an error switches the plugin off, with a warning, and the run goes on |
 * | `state` | plain data, changed in place, reset at the start of each run, and part of a backup |
 * | `keeps` | how to save and load what it holds beside `state`, such as tensors |
 * | `monitor` | the log key by which it tells the best epoch, if it keeps one |
 * | `permissions` | hosts, files and variables it needs beyond its run |
 * | `onlooker` | `true`: it only looks on, and a run may go on without it, or with it |
 *
 * A module in `plugins/` exports it by default. If it has options, its default
 * export is a function that makes it from them, and beside it the module
 * exports `defaults`, against which names and types of options are checked, and
 * `help`, a line on each for `plugins NAME`.
 *
 * @example A plugin with options, and every field
 * ```ts
 * import { OptionError, type Plugin } from "@hookloop/hookloop/plugin";
 * import { fakeRun } from "@hookloop/hookloop/testing";
 *
 * // In a file of its own: export const defaults, export const help.
 * const defaults = { times: 2 };
 * const help = { times: "epochs of a low loss after which to stop" };
 *
 * // And: export default function lowLoss(…).
 * function lowLoss(options: Partial<typeof defaults> = {}): Plugin<"loss"> {
 *   const { times } = { ...defaults, ...options };
 *   if (times < 1) {
 *     throw new OptionError(
 *       `Cannot create low-loss as 'times' must be >= 1: current value is ${times}`,
 *     );
 *   }
 *   const state = { low: 0 };
 *   return {
 *     name: "low-loss",
 *     needs: { onEpochEnd: ["loss"] },
 *     provides: { onEpochEnd: ["low"] },
 *     requires: ["learningRate"],
 *     order: "post",
 *     onError: "disable",
 *     state,
 *     onEpochEnd(_epoch, { loss }, run) {
 *       if (loss < 0.1) state.low++;
 *       if (state.low === times) run.stop("the loss is low");
 *       run.optimizer.learningRate *= 0.9;
 *       return { low: state.low };
 *     },
 *   };
 * }
 *
 * const { fire, stops } = fakeRun(lowLoss({ times: 1 }));
 * await fire("onEpochEnd", 0, { loss: 0.05 });
 * console.log(stops.length, help.times); // 1
 * ```
 *
 * @module
 */
import type { RunEvent } from "./events.ts";
import type { Profiling } from "./profile.ts";

export { eventText } from "./event_text.ts";
export type {
  Act,
  ActEvent,
  EventPlace,
  Held,
  LogsEvent,
  OffEvent,
  Request,
  RunEvent,
  ToldRequest,
  WarningEvent,
} from "./events.ts";
export type {
  MemorySample,
  Profile,
  Profiling,
  Span,
  SpanKind,
} from "./profile.ts";

/**
 * The 14 hooks in the order of a run: the single table that their names, types,
 * log keys, pairing and texts are derived from.
 *
 * | field | what it says |
 * |---|---|
 * | `phase` | the part of a run that the hook begins or ends |
 * | `side` | whether it begins or ends that part |
 * | `indexed` | whether its first argument is the index of an epoch or of a batch, from 0 |
 * | `logs` | what its logs contain |
 *
 * The test hooks run in `evaluate` and in the validation inside `fit`.
 */
export const HOOKS = {
  onTrainBegin: {
    phase: "train",
    side: "begin",
    indexed: false,
    logs: "none",
  },
  onEpochBegin: {
    phase: "epoch",
    side: "begin",
    indexed: "epoch",
    logs: "none",
  },
  onTrainBatchBegin: {
    phase: "trainBatch",
    side: "begin",
    indexed: "batch",
    logs: "none",
  },
  onTrainBatchEnd: {
    phase: "trainBatch",
    side: "end",
    indexed: "batch",
    logs: "trainingMeans",
  },
  onTestBegin: { phase: "test", side: "begin", indexed: false, logs: "none" },
  onTestBatchBegin: {
    phase: "testBatch",
    side: "begin",
    indexed: "batch",
    logs: "none",
  },
  onTestBatchEnd: {
    phase: "testBatch",
    side: "end",
    indexed: "batch",
    logs: "testMeans",
  },
  onTestEnd: { phase: "test", side: "end", indexed: false, logs: "results" },
  onEpochEnd: { phase: "epoch", side: "end", indexed: "epoch", logs: "epoch" },
  onTrainEnd: {
    phase: "train",
    side: "end",
    indexed: false,
    logs: "lastEpoch",
  },
  onPredictBegin: {
    phase: "predict",
    side: "begin",
    indexed: false,
    logs: "none",
  },
  onPredictBatchBegin: {
    phase: "predictBatch",
    side: "begin",
    indexed: "batch",
    logs: "none",
  },
  onPredictBatchEnd: {
    phase: "predictBatch",
    side: "end",
    indexed: "batch",
    logs: "outputs",
  },
  onPredictEnd: {
    phase: "predict",
    side: "end",
    indexed: false,
    logs: "none",
  },
} as const;

/** Name of a hook. */
export type HookName = keyof typeof HOOKS;

/** The names of the hooks, in the order of a run. */
export const HOOK_NAMES: readonly HookName[] = Object.keys(
  HOOKS,
) as HookName[];

/** A part of a run, with its own begin and end hooks. */
export type Phase = typeof HOOKS[HookName]["phase"];

/**
 * Log key -> value, as a hook receives them: the keys it needs are numbers; if
 * a plugin does not say which it needs, any key may be missing. Logs are
 * frozen: a hook adds keys by returning them.
 */
export type Logs<K extends string = string> = {
  readonly [key in K]: string extends K ? number | undefined : number;
};

/** Log key -> value, as steps report them and hooks return them. */
export type LogRecord = Readonly<Record<string, number>>;

/** What `onPredictBatchEnd` receives. */
export interface PredictLogs {
  /** The model's outputs for this batch: a tensor, or a list of them. Valid during the hook only. */
  readonly outputs: unknown;
}

/**
 * The hooks of a plugin. Each is optional, and a hook that no plugin has costs
 * nothing. A hook returns nothing, or the keys it provides, or a promise of
 * either.
 *
 * @typeParam K The log keys it needs.
 */
export type Hooks<K extends string = string> = {
  // A method type, so that a Plugin<"loss"> is accepted wherever a Plugin is.
  [H in HookName]?: {
    hook(
      ...args: H extends "onPredictBatchEnd"
        ? [batch: number, logs: PredictLogs, run: Run]
        : typeof HOOKS[H]["indexed"] extends false ? [logs: Logs<K>, run: Run]
        : [index: number, logs: Logs<K>, run: Run]
    ): LogRecord | void | Promise<LogRecord | void>;
  }["hook"];
};

/** A log key that a hook reads; `direction` also requires that it be known whether lower or higher is better. */
export type Need<K extends string = string> =
  | K
  | { readonly key: K; readonly direction: true };

/** The log keys each hook reads: a list, or `"all"`. */
export type Needs<K extends string = string> = {
  readonly [H in HookName]?: readonly Need<K>[] | "all";
};

/** The log keys each hook adds. */
export type Provides = { readonly [H in HookName]?: readonly string[] };

/** Something that not every loop can offer. */
export type Requirement =
  | "learningRate"
  | "momentum"
  | "weights"
  | "optimizerState"
  | "save"
  | "model"
  | "predict"
  | "backup"
  | "validation"
  | "batchLogs"
  | "firstNonFinite";

/**
 * What a plugin does beyond its run: the hosts it reaches, the files it reads
 * and writes, the variables it asks for. A file in `plugins/` says so at its top
 * level, in plain data that is read before the file is loaded:
 *
 * ```ts
 * export const permissions = { net: ["localhost:9000"] };
 * ```
 *
 * The command line takes back what no plugin of the run says it needs; it grants
 * nothing that Deno was not started with.
 */
export interface Permissions {
  /** Hosts, with or without a port. */
  readonly net?: readonly string[];
  /** Files and folders that it reads. */
  readonly read?: readonly string[];
  /** Files and folders that it writes, other than the run's. */
  readonly write?: readonly string[];
  /** Environment variables. */
  readonly env?: readonly string[];
}

/** Whether lower or higher is better. */
export type Direction = "min" | "max";

/**
 * The log key that tells a plugin which epoch is the best, such as
 * `"val_loss"`; with `direction` where it is not to be what the metric declares.
 */
export type Monitor =
  | string
  | { readonly key: string; readonly direction?: Direction };

/**
 * How something that is not plain data outlives the process: what `save`
 * returns goes into a backup, and comes back in another process through `load`.
 *
 * @example A plugin that keeps a tensor
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import type { Plugin } from "@hookloop/hookloop";
 *
 * let sum: tf.Tensor = tf.scalar(0);
 * const plugin: Plugin = {
 *   name: "sum-of-epochs",
 *   keeps: {
 *     save: () => sum.dataSync(),
 *     load(saved) {
 *       sum.dispose();
 *       sum = tf.scalar((saved as Float32Array)[0]!);
 *     },
 *   },
 *   onEpochEnd(epoch) {
 *     const next = sum.add(epoch);
 *     sum.dispose();
 *     sum = next;
 *   },
 * };
 * console.log(plugin.name);
 * ```
 */
export interface Keeper {
  /**
   * What is to be kept, as of now: plain data, which is numbers (`NaN` and the
   * infinities among them), bigints, text, booleans, `null`, `undefined`, dates,
   * typed arrays, and lists, objects, maps and sets of these. A promise makes
   * the run wait.
   */
  save(): unknown;
  /** Take back what `save` returned, in a run that goes on; after `onTrainBegin`. */
  load(saved: unknown): void | Promise<void>;
}

/**
 * A plugin: a plain object with a name and some hooks.
 *
 * @example A plugin that stops the run
 * ```ts
 * import type { Plugin } from "@hookloop/hookloop";
 *
 * const plugin: Plugin<"val_accuracy"> = {
 *   name: "good-enough",
 *   needs: { onEpochEnd: ["val_accuracy"] },
 *   onEpochEnd(_epoch, logs, run) {
 *     if (logs.val_accuracy > 0.98) run.stop("validation accuracy passed 0.98");
 *   },
 * };
 * export default plugin;
 * ```
 *
 * @typeParam K The log keys it needs: `logs.KEY` is a number for these.
 */
export interface Plugin<K extends string = string> extends Hooks<K> {
  /** Kebab-case, unique within a run; it appears in every message. */
  readonly name: string;
  /**
   * The log keys each hook reads, and so the keys it receives: the run is
   * refused before its first step if one of them cannot be there. Without
   * `needs`, every hook receives all keys; with it, a hook that is not listed
   * receives none, and so never waits for the device.
   */
  readonly needs?: Needs<K>;
  /** The log keys each hook adds by returning them. */
  readonly provides?: Provides;
  /** What the run must offer; a run that cannot is refused. */
  readonly requires?: readonly Requirement[];
  /**
   * For a plugin that keeps what is best, such as a checkpoint of the best
   * epoch: what it goes by. The first such plugin tells which epoch is the
   * run's best, in the history, in the summary and in the record; without one
   * it is that of the lowest `val_loss`, or `loss`.
   */
  readonly monitor?: Monitor;
  /** Before or after the others, where `needs` and `provides` leave a choice. */
  readonly order?: "pre" | "post";
  /** What an error thrown in a hook does: fail the run (the default) or switch the plugin off. */
  readonly onError?: "fail" | "disable";
  /**
   * Plain data (see {@linkcode Keeper}), changed in place. The core resets it at
   * the start of a run, saves it with each backup, and puts it back, after
   * `onTrainBegin`, in a run that goes on: whatever must survive a restart
   * belongs here.
   */
  readonly state?: object;
  /** How to save and load what it holds beside `state`. */
  readonly keeps?: Keeper;
  /**
   * Whether it only looks on, and the run is the same without it: one that goes
   * on may have it or not, and with other options. Default false.
   */
  readonly onlooker?: boolean;
  /** What it needs beyond its run, where that depends on its options. */
  readonly permissions?: Permissions;
}

/**
 * How a plugin's factory rejects an option: its message is shown to the user as
 * is, whereas any other error is shown as a failure of the plugin. A hook throws
 * it where only the run can tell, such as that a time is past.
 *
 * @example
 * ```ts
 * import { OptionError } from "@hookloop/hookloop/plugin";
 *
 * function every(steps: number) {
 *   if (steps >= 1) return steps;
 *   throw new OptionError(
 *     `Cannot create my-plugin as 'every' must be >= 1: current value is ${steps}`,
 *   );
 * }
 * console.log(every(2));
 * ```
 */
export class OptionError extends RangeError {
  /** Always `"OptionError"`: the core recognises the error by its name, whichever version of this class threw it. */
  override name = "OptionError";
}

/** How the run ended; known in the end hooks. */
export interface Outcome {
  /** Ran to its end, was asked to stop, threw, or was aborted by its signal. */
  readonly status: "completed" | "stopped" | "failed" | "aborted";
  /** Plugin that asked for the stop or threw; absent if it was not a plugin. */
  readonly by?: string;
  /** Hook in which it happened. */
  readonly hook?: HookName;
  /** Epoch in which it happened, from 0. */
  readonly epoch?: number;
  /** Batch in which it happened, from 0; absent outside a batch. */
  readonly batch?: number;
  /** The reason, in words. */
  readonly reason?: string;
  /** Whether it was asked to stop only for now, and can go on from a backup. Default false. */
  readonly resumable?: boolean;
  /** What was thrown, if anything. */
  readonly error?: unknown;
}

/** What is known about a run from its start. */
export interface RunParams {
  /** The kind of run. */
  readonly mode: "fit" | "evaluate" | "predict";
  /** Index after the last epoch. 1 in `evaluate` and `predict`. */
  readonly epochs: number;
  /** Index of the first epoch. Default 0. */
  readonly initialEpoch: number;
  /** Training batches per epoch (in `evaluate` and `predict`: batches); undefined until known. */
  readonly steps: number | undefined;
  /** Batches per validation pass; undefined if there is no validation, or until known. */
  readonly validationSteps: number | undefined;
  /** Samples per batch; undefined if the data come in batches. */
  readonly batchSize: number | undefined;
  /** Seed of whatever is random in it, such as the order of the data and what steps draw; undefined in `evaluate` and `predict`. */
  readonly seed?: number | undefined;
  /** The keys of the epoch's logs, `val_` keys included, without those that plugins provide. */
  readonly metrics: readonly string[];
  /** The directions known, by log key: `loss` and `val_loss` are `"min"`, and so on. */
  readonly directions: Readonly<Record<string, Direction>>;
}

/** The optimizer's settings that a plugin may read and set while it runs. */
export interface OptimizerHandle {
  /** Step size. */
  learningRate: number;
  /** Momentum, for the optimizers that have one; with any other, setting it throws. */
  momentum: number;
}

/** Numbers held by the engine that computes: a `tf.Tensor` is one example. */
export interface Values {
  /** Length of each dimension. */
  readonly shape: readonly number[];
  /** The numbers, row after row. */
  data(): Promise<ArrayLike<number>>;
  /** Free them. */
  dispose(): void;
}

/** One weight of the model. */
export interface WeightEntry {
  /** Name of its layer; its own name if there are no layers. */
  readonly layer: string;
  /** Its name, unique within the model. */
  readonly name: string;
  /** Length of each dimension. */
  readonly shape: readonly number[];
  /** Its current numbers, row after row. */
  values(): Promise<ArrayLike<number>>;
}

/**
 * The model's weights, trainable and not. A snapshot is a copy under a name
 * private to the plugin, so that a plugin's `state` can hold the name; the core
 * frees whatever is left when the run ends.
 */
export interface Weights {
  /**
   * Copy them under a name, replacing any snapshot of that name. With
   * `optimizer`, the optimizer's slots are copied too
   * (`requires: ["optimizerState"]`). With `trainable`, only the weights that
   * training changes by gradients are copied, and so restored and averaged: not
   * a batch normalization's moving statistics. With `keep`, the copy outlives
   * the run, for this plugin's next one, until it is released.
   */
  snapshot(
    name: string,
    options?: {
      readonly optimizer?: boolean;
      readonly trainable?: boolean;
      readonly keep?: boolean;
    },
  ): void;
  /** Whether there is a snapshot with this name. */
  has(name: string): boolean;
  /** Put back what a snapshot holds; the snapshot stays. */
  restore(name: string): void;
  /** `snapshot = momentum * snapshot + (1 - momentum) * weights`, in place. */
  average(name: string, momentum: number): void;
  /** Free a snapshot; a missing one is not an error. */
  release(name: string): void;
  /** The weights one by one, in the model's order. */
  entries(): readonly WeightEntry[];
}

/** Numbers of a training step, some of which are NaN or infinite. */
export interface NonFinite {
  /** What they are: data, weights, what a layer puts out, losses by sample or for the batch, gradients. */
  readonly part:
    | "input"
    | "target"
    | "sampleWeight"
    | "weight"
    | "output"
    | "loss"
    | "totalLoss"
    | "gradient";
  /** Name of the model's input or output, of the weight, or of the layer that puts them out. */
  readonly name: string;
  /** Name of the layer, where they belong to one. */
  readonly layer?: string;
  /** The first of them: NaN, Infinity or -Infinity. */
  readonly value: number;
  /** Where it stands, an index for each dimension; in data and outputs the first is the sample's in the batch. */
  readonly at: readonly number[];
  /** How many are not finite, */
  readonly count: number;
  /** and of how many. */
  readonly size: number;
  /** The largest weight without its sign, where all weights are finite and what was computed with them is not. */
  readonly largestWeight?: number;
}

/** Samples of one batch. They belong to the run, and are valid until the next batch is requested. */
export interface TestBatch {
  /** One entry per input of the model, `[size, ...]`. */
  readonly x: readonly Values[];
  /** One entry per output. */
  readonly y: readonly Values[];
  /** Number of samples. */
  readonly size: number;
}

/** The data that the run validates or evaluates with. */
export interface ValidationData {
  /** Batches per pass; undefined if not known. */
  readonly steps: number | undefined;
  /** One pass over them. */
  batches(): AsyncIterable<TestBatch>;
}

/** A file to append to. */
export interface FileWriter {
  /** Append text, in UTF-8, or bytes; they have been handed to the system when this returns. */
  write(content: string | Uint8Array): void;
  /** Close it. Closing it twice is not an error. */
  close(): void;
}

/**
 * The files of a run: `run.files`, `run.save` and `run.path` all read paths
 * alike. A path names something in the run's folder; folders are created as
 * needed. It never leads out of it with `..`, nor is it the folder itself. An
 * absolute path is taken as it stands where the run has no folder of its own
 * (`dir` is `"."`); where it has one, only `read` takes it from elsewhere. What
 * the run itself writes there, such as `backup/`, is not for plugins to write.
 *
 * In a run that goes on from a backup the files are as they were then: what was
 * written since is gone, and a file that was open continues where it was,
 * however it is opened. Where the disk fails in mid-run nothing is thrown, unless
 * the run is to fail by it: what cannot be written waits until it can.
 */
export interface RunFiles {
  /** The text of a file; undefined if there is none. */
  read(path: string): string | undefined;
  /** Write a file, whole or not at all. */
  write(path: string, content: string | Uint8Array): void;
  /** Open a file to append to: after its current content with `append`, otherwise from an empty file. Default false. */
  open(path: string, options?: { readonly append?: boolean }): FileWriter;
  /**
   * Remove a file, or a folder with everything in it; a missing one is not an
   * error, but the run's folder and those around it are refused.
   */
  remove(path: string): void;
}

/**
 * Why a path is none for a file of a run (see {@linkcode RunFiles}), for plugins
 * that take one as an option.
 *
 * @example
 * ```ts
 * import { pathProblem } from "@hookloop/hookloop/plugin";
 *
 * console.log(pathProblem("logs/log.csv")); // undefined
 * console.log(pathProblem("../log.csv")); // leads out of the run's folder with ".."
 * ```
 *
 * @param path The path.
 * @returns What is wrong, to stand behind the path in a sentence; undefined if
 * nothing is.
 */
export function pathProblem(path: string): string | undefined {
  if (typeof path !== "string") return "is no text";
  const parts = path.split(/[\\/]/);
  if (parts.includes("..")) return `leads out of the run's folder with ".."`;
  if (parts.every((part) => part.trim() === "" || part === ".")) {
    return "names no file in the run's folder";
  }
  if (path.includes("\0")) return "holds a character that no name may have";
  const ofWindows = /^[a-z]:[\\/]|^\\/i.test(path);
  return ofWindows && globalThis.Deno?.build.os !== "windows"
    ? "is a path of Windows, which this system is not"
    : undefined;
}

/** Where a run prints. */
export interface Terminal {
  /** Whether a line can be rewritten (on a terminal, not in a pipe or a file). */
  readonly interactive: boolean;
  /** Width in characters, which changes with the window. */
  readonly columns: number;
  /** Whether it shows colours, and they are wanted. Default false. */
  readonly colors?: boolean | undefined;
  /** Whether it shows pictures, as a notebook does. Default false. */
  readonly pictures?: boolean | undefined;
}

/** Something that a notebook shows. */
export interface Picture {
  /** As HTML. */
  readonly html: string;
  /** The same in words, for what shows no HTML. */
  readonly text: string;
}

/** What a hook may see and do. Each plugin gets its own handle, so that the run knows who acts. */
export interface Run {
  /** Index of the epoch, from 0; `initialEpoch` before the first. */
  readonly epoch: number;
  /** Training batches finished in this run, over all epochs. */
  readonly step: number;
  /** What is known from the start. */
  readonly params: RunParams;
  /** Learning rate and momentum. */
  readonly optimizer: OptimizerHandle;
  /** Look at the weights; copy, restore and average them. */
  readonly weights: Weights;
  /** The model: a `tf.LayersModel` in `fit` (`modelOf(run)` has its type), whatever the caller gave in a hand-written loop. */
  readonly model: unknown;
  /** The validation or evaluation data; undefined if there are none. */
  readonly validation: ValidationData | undefined;
  /** Folder of the run. Default `"."`. */
  readonly dir: string;
  /** Its files. */
  readonly files: RunFiles;
  /** Aborted when the caller gives up; pass it to `fetch` and similar calls. */
  readonly signal: AbortSignal;
  /** How the run ended; undefined until an end hook of the whole run. */
  readonly outcome: Outcome | undefined;
  /** Names of the plugins of the run, in order. */
  readonly plugins: readonly string[];
  /** How many tensors the engine holds; undefined where nobody counts them. */
  readonly tensors: number | undefined;
  /** Where it prints. */
  readonly terminal: Terminal;
  /**
   * Stop the run where Keras does: after the current batch if requested in a
   * batch hook, with validation and the end hooks still to come; otherwise
   * after the epoch. A `resumable` stop ends this process, not the run: where the
   * run can be backed up, that is done before the stop takes effect, and who
   * goes on from there finds the run as if nobody had asked.
   */
  stop(reason: string, options?: { readonly resumable?: boolean }): void;
  /** Print a line without breaking the progress bar. */
  print(line: string): void;
  /**
   * Set the status at the bottom, of one line or several, which is rewritten in
   * place; `""` removes it. What is wider than the window is cut. No effect
   * without a terminal.
   */
  status(text: string): void;
  /** Show a picture below the cell of a notebook, in place of the plugin's last one; it stays there. No effect elsewhere. */
  show(picture: Picture): void;
  /**
   * Write the model, or only its weights, into the folder `path` (relative to
   * `dir`). Where a hook does not wait for it, the run does, before the next
   * hook; a failure that nobody listens to is one of the hook.
   */
  save(
    path: string,
    options?: { readonly weightsOnly?: boolean },
  ): Promise<void>;
  /**
   * Ask for a backup of the run, from which it can go on in another process. It
   * is taken once all hooks of this batch or epoch are done, and written beside
   * the training; where that would take more than a twentieth of the training's
   * time, it is left to the next one.
   *
   * @param options How many backups are kept, this one included. Default 2; 0
   * takes none, and removes those there are once the run has come to its end.
   */
  backup(options?: { readonly keep?: number }): void;
  /** The model's outputs for the inputs of a batch, one entry per output. The caller frees them. */
  predict(x: readonly Values[]): Promise<readonly Values[]>;
  /**
   * The first numbers that are not finite: among the weights, or in the last
   * training step, which is gone through again with the weights as they are:
   * data, weights, layers, losses, and backwards the gradients. Nothing is
   * changed. In `onTrainBatchEnd`; later the batch is gone.
   */
  firstNonFinite(where: "weights" | "step"): Promise<NonFinite | undefined>;
  /** The last training batch's own values, as opposed to the running means; a promise only if the device must be waited for. */
  batchLogs(): LogRecord | Promise<LogRecord>;
  /**
   * Be told, from now on, what happens in the run: the logs of its hooks with
   * what every plugin added, what plugins ask for and by whom, warnings. Events
   * are frozen, and come in order; what the plugin itself asks for is among
   * them. A listener that throws is not told any more, with a warning.
   */
  follow(listener: (event: RunEvent) => void): void;
  /**
   * The log key that makes an epoch with these logs the best so far, as
   * `History.best` will have it, while the epoch itself is not over; undefined
   * where it is not the best.
   */
  bestBy(logs: Logs): string | undefined;
  /** Whether the run offers something that `requires` could ask for: for plugins that can do without. */
  offers(what: Requirement): boolean;
  /** The log keys this plugin receives in `hook`, always or in some epochs, sorted. */
  keys(hook: HookName): readonly string[];
  /**
   * Whether lower or higher is better for a log key. Guaranteed to be known if
   * `needs` asks for the key with its direction.
   *
   * @throws {Error} If it is not known.
   */
  direction(key: string): Direction;
  /**
   * The full path of a file of the run: `path` inside `dir`, or `path` itself if
   * it is absolute. Asked for in `onTrainBegin`, it tells of a path that the run
   * does not allow before the first step.
   *
   * @throws {Error} If it is none of the run (see {@linkcode RunFiles}).
   */
  path(path: string): string;
  /**
   * Measure from here on what takes how long: steps, data, hooks by plugin, and
   * the engine's kernels where it has any. It costs as long as it lasts, and
   * ends with the run at the latest. A plugin that begins it in
   * `onTrainBatchBegin`, and ends it in a later one, measures whole rounds.
   */
  profile(): Profiling;
  /** Milliseconds on the run's clock, from an arbitrary start. */
  now(): number;
  /** Milliseconds since 1970, for times of day. Somebody may set that clock: measure spans with `now`. */
  time(): number;
}
