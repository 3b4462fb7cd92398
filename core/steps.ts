/**
 * What the loop drives: training, test and prediction steps. The loop knows
 * nothing of tf.js; an adapter builds these steps from a model, and a
 * hand-written loop brings its own.
 *
 * @module
 */
import type { Random } from "./random.ts";
import type {
  Direction,
  Keeper,
  LogRecord,
  NonFinite,
  OptimizerHandle,
  TestBatch,
  Values,
  WeightEntry,
} from "./plugin.ts";

/** A copy of the weights. */
export interface Snapshot {
  /** Free it. Freeing it twice is not an error. */
  dispose(): void;
}

/** The numbers of one tensor, as they go into a backup. */
export interface SavedTensor {
  /** What it is, unique within its list. */
  readonly name: string;
  /** Length of each dimension. */
  readonly shape: readonly number[];
  /** Its type, in the engine's words, such as `"float32"`. */
  readonly dtype: string;
  /** Its numbers, row after row, bit for bit. */
  readonly data: Uint8Array;
}

/** What a snapshot holds, as it goes into a backup. */
export interface SavedSnapshot {
  /** Weights, and slots if it has them. */
  readonly tensors: readonly SavedTensor[];
  /** What is no tensor, such as step counts: plain data (see `Keeper`). */
  readonly rest: unknown;
}

/** The weights as the run uses them; plugins see them as `run.weights`. */
export interface WeightStore {
  /** Whether `snapshot` can copy the optimizer's slots. Default false. */
  readonly optimizerState?: boolean;
  /** Copy the weights, or only the trainable ones, and the optimizer's slots if asked to. */
  snapshot(
    options: { readonly optimizer: boolean; readonly trainable?: boolean },
  ): Snapshot;
  /** Put back what the snapshot holds; the snapshot stays. */
  restore(snapshot: Snapshot): void;
  /** `snapshot = momentum * snapshot + (1 - momentum) * weights`, in place. */
  average(snapshot: Snapshot, momentum: number): void;
  /** The weights, one by one. */
  entries(): readonly WeightEntry[];
  /**
   * The numbers of a snapshot; without one, those of the weights and of the
   * optimizer as they are now, without a copy in between. Later changes do not
   * reach them. A promise only where the device must be waited for. With
   * `read`, it makes backups possible.
   */
  write?(snapshot?: Snapshot): SavedSnapshot | Promise<SavedSnapshot>;
  /**
   * A snapshot with these numbers.
   *
   * @param options `{ optimizer: false }` for the weights alone, whatever
   * trained them.
   * @throws {InputError} If they are those of other weights, or of another
   * optimizer; lists each mismatch.
   */
  read?(
    saved: SavedSnapshot,
    options?: { readonly optimizer: boolean },
  ): Snapshot;
  /** What `write` leaves out though training goes by it, such as the state of an optimizer that is not known: the run says so. Undefined if nothing. */
  readonly unwritten?: string | undefined;
  /** The name of a weight that somebody freed; undefined if all are there. */
  freed?(): string | undefined;
}

/** What computes, as far as it can be measured. */
export interface Engine {
  /** Its name, such as `"wasm"`. */
  readonly name: string;
  /** Whether kernels are handed over to a device that computes them later, as on a GPU. */
  readonly asynchronous: boolean;
  /** What its tensors hold. */
  memory(): { readonly bytes: number; readonly tensors: number };
  /**
   * Tell `watcher` of each kernel that runs, until what comes back is called,
   * which leaves the kernels as they were; twice is not an error.
   */
  watch(watcher: KernelWatcher): () => void;
}

/** Is told of kernels. */
export interface KernelWatcher {
  /** One begins, perhaps within another. */
  begin(name: string): void;
  /** The last that began is over; `facts` tells what it computed with, whenever it is asked, and is left out where it threw. */
  end(facts?: () => KernelFacts): void;
}

/** What a kernel computed with. */
export interface KernelFacts {
  /** The shapes of its inputs, by name. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  /** The shapes of its outputs. */
  readonly outputs: readonly (readonly number[])[];
  /** The bytes of its outputs. */
  readonly bytes: number;
}

/** What the run may act on; each part is optional, and a plugin that requires a missing one is refused. */
export interface Resources {
  /** Learning rate and momentum. `momentum` is left out if the optimizer has none. */
  readonly optimizer?:
    | OptimizerHandle
    | Omit<OptimizerHandle, "momentum">
    | undefined;
  /** The model's weights. */
  readonly weights?: WeightStore | undefined;
  /** How many tensors the engine holds, so that plugins that leave some behind can be named. */
  readonly tensors?: (() => number) | undefined;
  /** The engine, for those who measure. */
  readonly engine?: Engine | undefined;
  /** Finds the first numbers that are not finite, among the weights or in the last training step. */
  readonly firstNonFinite?:
    | ((where: "weights" | "step") => Promise<NonFinite | undefined>)
    | undefined;
  /** Passed to plugins as `run.model`. */
  readonly model?: unknown;
  /** What the outcome depends on, in plain text or numbers by name, such as `{ backend: "wasm" }`: a run that goes on from a backup must have the same. */
  readonly about?: Readonly<Record<string, string | number>> | undefined;
  /** How to save and load what the steps hold beside the weights, for backups. */
  readonly keeps?: Keeper | undefined;
  /**
   * Writes the model, or only its weights, into a folder. Files that are there
   * are to be replaced by new ones, beside and renamed, as `Deno.rename` does:
   * in a file that is written to in its place, what a backup may need is lost.
   */
  readonly save?:
    | ((
      path: string,
      options: { readonly weightsOnly: boolean },
    ) => Promise<void>)
    | undefined;
  /** The model's outputs for the inputs of a batch; the caller frees them. */
  readonly predict?:
    | ((
      x: readonly Values[],
    ) => readonly Values[] | Promise<readonly Values[]>)
    | undefined;
}

/**
 * Weighted sums over the batches of a pass so far: plain data, owned by the run.
 * The means are `values[key] / weights[key]`.
 */
export interface Sums {
  /** Log key -> sum of value times size. */
  readonly values: Record<string, number>;
  /** Log key -> sum of the sizes. */
  readonly weights: Record<string, number>;
}

/** What training and test steps have in common: they report means. */
export interface Reports {
  /** The keys of `logs()`, such as `["loss", "accuracy"]`; undefined if they are known only once they are reported. */
  readonly metrics?: readonly string[] | undefined;
  /** Whether lower or higher is better, by log key without `val_`. `loss` is known to be `"min"`. */
  readonly directions?: Readonly<Record<string, Direction>> | undefined;
  /**
   * A pass over the data begins, or goes on: what the steps report is added to
   * `sums`.
   *
   * @param goesOn Whether it goes on: what `keeps` has taken back of it stays.
   * Default false.
   */
  begin(sums: Sums, goesOn?: boolean): void;
  /** The means so far, weighted by the size of the batches. */
  logs(): LogRecord | Promise<LogRecord>;
  /** The last batch's own values. */
  batchLogs?(): LogRecord | Promise<LogRecord>;
  /** Samples of the last batch; undefined before the first. */
  lastSize?(): number | undefined;
  /** Bring `sums` up to date if part of them is still on a device. */
  settle?(): Promise<void>;
}

/** Which step it is, and random numbers of its own. */
export interface StepContext {
  /** Training steps of this run before it, over all epochs. */
  readonly step: number;
  /** Numbers that depend on the run's seed and on this step alone. `Math.random` gives the next ones of them while the step is under way. */
  readonly random: Random;
}

/** Training steps. `train` may return a promise; if it does not, the loop does not wait. */
export interface TrainSteps<B> extends Reports, Resources {
  /** One training step; the loop always tells which. */
  train(batch: B, context?: StepContext): void | Promise<void>;
}

/** Steps of evaluation, and of validation during training. */
export interface TestSteps<B> extends Reports, Resources {
  /** One evaluation step; with numbers of its own in training, where runs have a seed. */
  test(batch: B, context?: StepContext): void | Promise<void>;
  /** The samples of a batch, for plugins that inspect them. */
  samples?(batch: B): TestBatch;
}

/** Prediction steps. */
export interface PredictSteps<B> extends Resources {
  /** One prediction step: the outputs, which the caller keeps or frees. */
  predictBatch(batch: B): unknown;
}

/** Batches to loop over. */
export interface Source<B> {
  /** Batches per pass; undefined if known only after the first pass. */
  readonly steps?: number | undefined;
  /** Samples of a pass; undefined if the data come in batches. */
  readonly samples?: number | undefined;
  /** Samples per batch; undefined if the data come in batches. */
  readonly batchSize?: number | undefined;
  /** One pass. Whatever a batch holds is freed by the iterator when it moves on. The run's `seed` is for the order, in training. */
  batches(epoch: number, seed?: number): Iterable<B> | AsyncIterable<B>;
  /** A short text that tells these data from others, such as a checksum. Default: they are not told apart. */
  about?(): string;
  /** Free what a batch holds before the iterator moves on, which does it too: where a pass ends and the iterator stays open. */
  free?(batch: B): void;
  /** The pass from batch `start` on. Without it, the loop reads and skips the batches before. */
  batchesFrom?(
    epoch: number,
    start: number,
    seed?: number,
  ): Iterable<B> | AsyncIterable<B>;
  /**
   * Let a pass go by that an earlier part of this run took, where the order of
   * the passes after it depends on that.
   *
   * @returns What has to be read for that, as far as the pass went; undefined
   * where nothing has to.
   */
  skipPass?(): Promise<AsyncIterable<unknown> | undefined>;
  /** Why a run that goes on will not see the batches it would have seen; undefined if nothing speaks against it. */
  doubt?(): Promise<string | undefined>;
}
