/**
 * What one step of a `tf.LayersModel` works on, and the samples it is taken
 * from.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Column } from "./column.ts";

/** Some samples, as tensors. */
export interface Batch {
  /** One tensor per input of the model, `[size, ...]`. */
  readonly inputs: tf.Tensor[];
  /** One tensor per output; empty in prediction. */
  readonly targets: readonly tf.Tensor[];
  /** One tensor per output, or undefined if all its samples count the same. */
  readonly sampleWeights: readonly (tf.Tensor | undefined)[];
  /** Number of samples. */
  readonly size: number;
  /** What it was read from, if that is to be freed with it. */
  readonly from?: tf.TensorContainer;
}

/** Samples for all inputs and outputs of a model. */
export interface Columns {
  /** One per input. */
  readonly inputs: readonly Column[];
  /** One per output; empty in prediction. */
  readonly targets: readonly Column[];
  /** One per output; undefined if all its samples count the same. */
  readonly sampleWeights: readonly (Column | undefined)[];
  /** Number of samples. */
  readonly count: number;
}

/**
 * The samples `start` to `end - 1` as a batch, to be freed with {@linkcode freeBatch}.
 *
 * @param columns The samples.
 * @param start Index of the first sample.
 * @param end Index after the last sample.
 */
export function sliceBatch(
  columns: Columns,
  start: number,
  end: number,
): Batch {
  return batchOf(columns, end - start, (column) => column.slice(start, end));
}

/**
 * The samples at these indices as a batch, to be freed with
 * {@linkcode freeBatch}.
 *
 * @param columns The samples.
 * @param indices Which samples, in which order.
 */
export function gatherBatch(columns: Columns, indices: Uint32Array): Batch {
  return batchOf(columns, indices.length, (column) => column.gather(indices));
}

/** Free a batch's tensors. Freeing it twice is not an error. */
export function freeBatch(
  { inputs, targets, sampleWeights, from }: Batch,
): void {
  for (const tensor of inputs) tensor.dispose();
  for (const tensor of targets) tensor.dispose();
  for (const tensor of sampleWeights) tensor?.dispose();
  if (from) tf.dispose(from);
}

function batchOf(
  { inputs, targets, sampleWeights }: Columns,
  size: number,
  take: (column: Column) => tf.Tensor,
): Batch {
  return {
    inputs: inputs.map(take),
    targets: targets.map(take),
    sampleWeights: sampleWeights.map((column) => column && take(column)),
    size,
  };
}
