/**
 * What the loop drives: steps of training, of testing and of predicting. The
 * loop knows nothing of tf.js; an adapter makes these steps out of a model, and
 * a loop of one's own brings its own.
 *
 * @module
 */
import type {
  Direction,
  LogRecord,
  OptimizerHandle,
  TestBatch,
  Values,
  WeightEntry,
} from "./plugin.ts";

/** A copy of the weights. */
export interface Snapshot {
  /** Free it. Doing so twice is no error. */
  dispose(): void;
}

/** The weights as the run works on them; plugins see them as `run.weights`. */
export interface WeightStore {
  /** Whether `snapshot` can copy the optimizer's slots. Default false. */
  readonly optimizerState?: boolean;
  /** Copy the weights, and the optimizer's slots if asked to. */
  snapshot(options: { readonly optimizer: boolean }): Snapshot;
  /** Set them to what they were; the snapshot stays. */
  restore(snapshot: Snapshot): void;
  /** `snapshot = momentum * snapshot + (1 - momentum) * weights`, in place. */
  average(snapshot: Snapshot, momentum: number): void;
  /** The weights one by one. */
  entries(): readonly WeightEntry[];
}

/** What the run may act on; each part is optional, and a plugin that requires a missing one is refused. */
export interface Resources {
  /** Learning rate and momentum. `momentum` is left out where the optimizer has none. */
  readonly optimizer?:
    | OptimizerHandle
    | Omit<OptimizerHandle, "momentum">
    | undefined;
  /** The model's weights. */
  readonly weights?: WeightStore | undefined;
  /** Handed to plugins as `run.model`. */
  readonly model?: unknown;
  /** Writes the model, or its weights alone, into a folder. */
  readonly save?:
    | ((
      path: string,
      options: { readonly weightsOnly: boolean },
    ) => Promise<void>)
    | undefined;
  /** The model's outputs for the inputs of a batch, which are the caller's to free. */
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

/** What steps of training and of testing have in common: they report means. */
export interface Reports {
  /** The keys of `logs()`, such as `["loss", "accuracy"]`; undefined if only known as they come. */
  readonly metrics?: readonly string[] | undefined;
  /** Whether lower or higher is better, by log key without `val_`. `loss` is known to be `"min"`. */
  readonly directions?: Readonly<Record<string, Direction>> | undefined;
  /** A pass over the data begins, or goes on: what the steps report is added to `sums`. */
  begin(sums: Sums): void;
  /** The means so far, weighted by the size of the batches. */
  logs(): LogRecord | Promise<LogRecord>;
  /** What the last batch reported for itself. */
  batchLogs?(): LogRecord | Promise<LogRecord>;
  /** Bring `sums` up to date, where a device has part of them. */
  settle?(): Promise<void>;
}

/** Steps of training. `train` may return a promise; where it returns none, the loop does not wait. */
export interface TrainSteps<B> extends Reports, Resources {
  /** One training step. */
  train(batch: B): void | Promise<void>;
}

/** Steps of evaluation, and of the validation inside of training. */
export interface TestSteps<B> extends Reports, Resources {
  /** One step of evaluation. */
  test(batch: B): void | Promise<void>;
  /** The samples of a batch, for plugins that look at them. */
  samples?(batch: B): TestBatch;
}

/** Steps of prediction. */
export interface PredictSteps<B> extends Resources {
  /** One step: the outputs, which are the caller's to keep or free. */
  predictBatch(batch: B): unknown;
}

/** Batches to loop over. */
export interface Source<B> {
  /** Batches a pass; undefined if only known after the first. */
  readonly steps?: number | undefined;
  /** Samples a batch; undefined where the data come in batches. */
  readonly batchSize?: number | undefined;
  /** One pass. Whatever a batch holds is freed by the iterator when it moves on. */
  batches(epoch: number): Iterable<B> | AsyncIterable<B>;
  /** The pass from batch `start` on. Without it the loop reads on to that batch. */
  batchesFrom?(epoch: number, start: number): Iterable<B> | AsyncIterable<B>;
}
