/**
 * What a plugin is, what its hooks get and what it may do: the page to read
 * before writing one. Types only, so that a plugin that imports them has no
 * dependency at run time.
 *
 * @module
 */

/**
 * The 14 hooks, in the order of a run. Every type below is derived from this
 * one list.
 *
 * | hook | arguments | keys in `logs` |
 * |---|---|---|
 * | `onTrainBegin` | `(logs, run)` | none |
 * | `onEpochBegin` | `(epoch, logs, run)` | none |
 * | `onTrainBatchBegin` | `(batch, logs, run)` | none |
 * | `onTrainBatchEnd` | `(batch, logs, run)` | `loss` and the metrics: means over the epoch so far |
 * | `onTestBegin` | `(logs, run)` | none |
 * | `onTestBatchBegin` | `(batch, logs, run)` | none |
 * | `onTestBatchEnd` | `(batch, logs, run)` | `loss` and the metrics: means so far |
 * | `onTestEnd` | `(logs, run)` | `loss` and the metrics |
 * | `onEpochEnd` | `(epoch, logs, run)` | `loss`, the metrics and, when validation ran, the same with `val_` |
 * | `onTrainEnd` | `(logs, run)` | those of the last epoch |
 * | `onPredictBegin` | `(logs, run)` | none |
 * | `onPredictBatchBegin` | `(batch, logs, run)` | none |
 * | `onPredictBatchEnd` | `(batch, logs, run)` | `outputs` |
 * | `onPredictEnd` | `(logs, run)` | none |
 *
 * `epoch` and `batch` count from 0. The test hooks run in `evaluate` and in
 * the validation inside `fit`.
 */
export const HOOK_NAMES = [
  "onTrainBegin",
  "onEpochBegin",
  "onTrainBatchBegin",
  "onTrainBatchEnd",
  "onTestBegin",
  "onTestBatchBegin",
  "onTestBatchEnd",
  "onTestEnd",
  "onEpochEnd",
  "onTrainEnd",
  "onPredictBegin",
  "onPredictBatchBegin",
  "onPredictBatchEnd",
  "onPredictEnd",
] as const;

/** Name of a hook. */
export type HookName = typeof HOOK_NAMES[number];

/** The hooks whose first argument is the index of an epoch or of a batch. */
export type IndexedHook = Extract<
  HookName,
  `on${string}${"Batch" | "Epoch"}${string}`
>;

/** Log key -> value. Logs are never changed: a hook adds keys by returning them. */
export type Logs<K extends string = string> = Readonly<Record<K, number>>;

/** What `onPredictBatchEnd` gets. */
export interface PredictLogs {
  /** The model's outputs for this batch: a tensor, or a list of them. Valid during the hook only. */
  readonly outputs: unknown;
}

/** A hook returns nothing, or the keys it provides; or a promise of that. */
export type HookResult = Logs | void | Promise<Logs | void>;

/** The arguments of hook `H`, for a plugin that needs the log keys `K`. */
export type HookArguments<H extends HookName, K extends string = string> =
  H extends "onPredictBatchEnd" ? [batch: number, logs: PredictLogs, run: Run]
    : H extends IndexedHook ? [index: number, logs: Logs<K>, run: Run]
    : [logs: Logs<K>, run: Run];

/** The hooks of a plugin. Each is optional, and one that nobody has costs nothing. */
export type Hooks<K extends string = string> = {
  // A method's type, so that a Plugin<"loss"> is accepted where a Plugin is.
  [H in HookName]?: {
    hook(...args: HookArguments<H, K>): HookResult;
  }["hook"];
};

/** Log keys by hook. */
export type KeyTable<K extends string = string> = {
  readonly [H in HookName]?: readonly K[];
};

/** Something of the run that not every loop can offer. */
export type Capability =
  | "learningRate"
  | "momentum"
  | "weights"
  | "save"
  | "model";

/** Whether lower or higher is better. */
export type Direction = "min" | "max";

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
  /** Kebab-case, unique in a run; it stands in every message. */
  readonly name: string;
  /**
   * The log keys each hook reads. The run is refused before its first step if
   * one can not be there. A hook without an entry gets all keys there are; one
   * with an empty list gets none and so never waits for the device.
   */
  readonly needs?: KeyTable<K>;
  /** The log keys each hook adds by returning them. */
  readonly provides?: KeyTable;
  /**
   * Keys whose direction (lower or higher is better) it must know. The run is
   * refused if one is not known; {@linkcode RunParams.directions} has them.
   */
  readonly directions?: readonly string[];
  /** What it asks of the run, so that a loop that can not offer it is refused. */
  readonly uses?: readonly Capability[];
  /** Before or after the others, where needs and provides leave a choice. */
  readonly order?: "pre" | "post";
  /** What a throw in a hook does: fail the run (the default) or switch the plugin off. */
  readonly onError?: "fail" | "disable";
  /**
   * Plain data, changed in place. The core resets it at the start of a run, and
   * whatever must survive a restart lives here.
   */
  readonly state?: object;
}

/** How the run ended; known in the end hooks. */
export interface Outcome {
  /** Ran to its end, was asked to stop, threw, or was aborted by its signal. */
  readonly status: "completed" | "stopped" | "failed" | "aborted";
  /** Plugin that asked for the stop or threw; absent when it was none. */
  readonly by?: string;
  /** Hook in which it happened. */
  readonly hook?: HookName;
  /** Epoch in which it happened, from 0. */
  readonly epoch?: number;
  /** Batch in which it happened, from 0; absent outside of batches. */
  readonly batch?: number;
  /** In words. */
  readonly reason?: string;
  /** What was thrown, if something was. */
  readonly error?: unknown;
}

/** What is known of a run from its start. */
export interface RunParams {
  /** Which kind of run. */
  readonly mode: "fit" | "evaluate" | "predict";
  /** Index after the last epoch. 1 in `evaluate` and `predict`. */
  readonly epochs: number;
  /** Index of the first epoch. Default 0. */
  readonly initialEpoch: number;
  /** Training batches an epoch (in `evaluate` and `predict`: batches); undefined until known. */
  readonly steps: number | undefined;
  /** Batches of one validation; undefined if there is none, or until known. */
  readonly validationSteps: number | undefined;
  /** Samples a batch; undefined where the data come in batches. */
  readonly batchSize: number | undefined;
  /** The keys of the epoch's logs, `val_` keys included, without what plugins provide. */
  readonly metrics: readonly string[];
  /** The directions known: `loss` and `val_loss` are `"min"`, and so on. */
  readonly directions: Readonly<Record<string, Direction>>;
}

/** The optimizer's settings that a plugin may read and set while it runs. */
export interface OptimizerHandle {
  /** Step size. */
  learningRate: number;
  /** Momentum, for the optimizers that have one; setting another's throws. */
  momentum: number;
}

/** A copy of the weights. The core frees the ones left over when the run ends. */
export interface Snapshot {
  /** Free it. Doing so twice is no error. */
  dispose(): void;
}

/** The model's weights, trainable and not; without the optimizer's slots. */
export interface Weights {
  /** Copy them. With `keep` the copy outlives the run, and whoever took it frees it. */
  snapshot(options?: { readonly keep?: boolean }): Snapshot;
  /** Set them to what they were; the snapshot stays. */
  restore(snapshot: Snapshot): void;
  /** `snapshot = momentum * snapshot + (1 - momentum) * weights`, in place. */
  average(snapshot: Snapshot, momentum: number): void;
}

/** Where a run prints. */
export interface Terminal {
  /** Whether a line can be rewritten (a terminal, not a pipe or a file). */
  readonly interactive: boolean;
  /** Width in characters. */
  readonly columns: number;
}

/** What a hook may see and do. Each plugin gets a handle of its own, so that the run knows who acts. */
export interface Run {
  /** Index of the epoch, from 0; `initialEpoch` before the first. */
  readonly epoch: number;
  /** Training batches finished in this run, over all epochs. */
  readonly step: number;
  /** What is known from the start. */
  readonly params: RunParams;
  /** Learning rate and momentum. */
  readonly optimizer: OptimizerHandle;
  /** Copy, restore and average the weights. */
  readonly weights: Weights;
  /** The model: a `tf.LayersModel` in `fit`, what the caller gave in a hand-written loop. */
  readonly model: unknown;
  /** Folder of the run, where a plugin's relative paths begin. Default `"."`. */
  readonly dir: string;
  /** Aborted when the caller gives up; pass it to `fetch` and the like. */
  readonly signal: AbortSignal;
  /** How the run ended; undefined until an end hook of the whole run. */
  readonly outcome: Outcome | undefined;
  /** Where it prints. */
  readonly terminal: Terminal;
  /**
   * Stop the run where Keras does: after the batch, if asked for in a batch
   * hook, with validation and the end hooks still to come; else after the epoch.
   */
  stop(reason: string): void;
  /** Print a line; it does not tear the progress bar. */
  print(line: string): void;
  /** Set the line at the bottom, which is rewritten in place; `""` removes it. No effect without a terminal. */
  status(line: string): void;
  /** Write the model, or its weights alone, into the folder `path` (relative to `dir`). */
  save(
    path: string,
    options?: { readonly weightsOnly?: boolean },
  ): Promise<void>;
  /** The log keys this plugin sees in `hook`, now and then or always, sorted. */
  keys(hook: HookName): readonly string[];
  /** Milliseconds on the run's clock, from any start. */
  now(): number;
}
