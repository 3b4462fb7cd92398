/**
 * The curves of one run.
 *
 * @module
 */
import type { Columns, EpochTable } from "./given.ts";
import type { BestOption, CurveOptions } from "./options.ts";
import type { Picture } from "./picture.ts";

/** Options of {@linkcode plotHistory}. */
export interface HistoryPlotOptions extends CurveOptions {
  /** The best epoch to mark. Default the history's `best`, else the lowest `val_loss`, else the lowest `loss`. */
  readonly best?: BestOption;
  /** Whether the learning rate is drawn below, if it is known. Default true. */
  readonly learningRate?: boolean;
}

/**
 * Draw training against validation, one panel per metric, with the best epoch
 * marked and the learning rate below.
 *
 * @param history What `fit` or `train` returned, tf.js' `model.fit`, or columns of values by key.
 * @param options See {@linkcode HistoryPlotOptions}.
 * @throws {InputError} If there is no such key or option, or what is given is no history.
 */
export declare function plotHistory(
  history: EpochTable | Columns,
  options?: HistoryPlotOptions,
): Picture;
