/**
 * What the loop drives: steps of training, of testing and of predicting. The
 * loop knows nothing of tf.js; an adapter makes these steps out of a model, and
 * a hand-written loop brings its own.
 *
 * @module
 */
import type { Direction, Logs, OptimizerHandle, Weights } from "./plugin.ts";

/** What the run may act on; each part is optional, and a plugin that `uses` a missing one is refused. */
export interface Resources {
  /** Learning rate and momentum. `momentum` is left out where the optimizer has none. */
  readonly optimizer?:
    | OptimizerHandle
    | Omit<OptimizerHandle, "momentum">
    | undefined;
  /** The model's weights. */
  readonly weights?: Weights | undefined;
  /** Handed to plugins as `run.model`. */
  readonly model?: unknown;
  /** Writes the model, or its weights alone, into a folder. */
  readonly save?:
    | ((
      path: string,
      options: { readonly weightsOnly: boolean },
    ) => Promise<void>)
    | undefined;
}

/**
 * Steps over batches of type `B`. Each of `train`, `test` and `predict` may
 * return a promise; where it returns none, the loop does not wait.
 */
export interface Steps<B> extends Resources {
  /** The keys of `logs()`, such as `["loss", "accuracy"]`; undefined if only known as they come. */
  readonly metrics?: readonly string[] | undefined;
  /** Whether lower or higher is better, by log key without `val_`. `loss` is known to be `"min"`. */
  readonly directions?: Readonly<Record<string, Direction>> | undefined;
  /** Forget the running means: a pass over the data begins. */
  reset(): void;
  /** One training step. */
  train(batch: B): void | Promise<void>;
  /** One step of evaluation. */
  test(batch: B): void | Promise<void>;
  /** One step of prediction: the outputs, which are the caller's to keep or free. */
  predict(batch: B): unknown;
  /** The means since `reset`, weighted by the size of the batches. */
  logs(): Logs | Promise<Logs>;
}

/** Batches to loop over. */
export interface Source<B> {
  /** Batches a pass; undefined if only known after the first. */
  readonly steps?: number | undefined;
  /** Samples a batch; undefined where the data come in batches. */
  readonly batchSize?: number | undefined;
  /** One pass. Whatever a batch holds is freed by the iterator when it moves on. */
  batches(epoch: number): Iterable<B> | AsyncIterable<B>;
}
