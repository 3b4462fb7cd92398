/**
 * What can be drawn: the history of a run as hookloop, tf.js or Keras have it.
 *
 * @module
 */
import type { Direction, LogRecord, Outcome } from "../plugin.ts";

/**
 * Values by log key, one per epoch, as in `history.history`: null or undefined
 * where an epoch had none. A column `epoch`, if there is one, holds the indices
 * of the epochs, from 0, as a CSV file of the logs does.
 */
export type Columns = Readonly<
  Record<string, readonly (number | null | undefined)[]>
>;

/** A history with its epochs: what `fit` and `train` return, and tf.js' `model.fit`. */
export interface EpochTable {
  /** Indices of the epochs, from 0. */
  readonly epoch: readonly number[];
  /** Log key -> its values, numbers or null. */
  readonly history: Readonly<Record<string, readonly unknown[]>>;
  /** The logs of each epoch, in the order of `epoch`: they say which epoch had no value. */
  readonly logs?: readonly LogRecord[];
  /** The best epoch, from 0, and the key it is best in. */
  readonly best?: {
    readonly epoch: number;
    readonly key: string;
    readonly value: number;
  } | undefined;
  /** How the run ended. */
  readonly outcome?: Outcome | undefined;
  /** What is known of the run: of use are the directions of its keys. */
  readonly params?: unknown;
}
