/**
 * What one step of a `tf.LayersModel` works on, and the samples it is cut from.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import type { Column } from "./column.ts";

/** Some samples, as tensors. */
export interface Batch {
  /** One tensor for each input of the model, `[size, ...]`. */
  readonly inputs: tf.Tensor[];
  /** One tensor for each output; empty in prediction. */
  readonly targets: readonly tf.Tensor[];
  /** One tensor for each output, or undefined where its samples all count the same. */
  readonly sampleWeights: readonly (tf.Tensor | undefined)[];
  /** How many samples. */
  readonly size: number;
}

/** Samples for all inputs and outputs of a model. */
export interface Columns {
  /** One for each input. */
  readonly inputs: readonly Column[];
  /** One for each output; empty in prediction. */
  readonly targets: readonly Column[];
  /** One for each output, undefined where its samples all count the same. */
  readonly sampleWeights: readonly (Column | undefined)[];
  /** How many samples. */
  readonly count: number;
}

/**
 * The samples `start` to `end - 1` as a batch, to be freed with {@linkcode freeBatch}.
 *
 * @param columns The samples.
 * @param start First sample.
 * @param end Sample after the last.
 */
export function sliceBatch(
  columns: Columns,
  start: number,
  end: number,
): Batch {
  return batchOf(columns, end - start, (column) => column.slice(start, end));
}

/**
 * The samples of these indices as a batch, to be freed with {@linkcode freeBatch}.
 *
 * @param columns The samples.
 * @param indices Which samples, in which order.
 */
export function gatherBatch(columns: Columns, indices: Uint32Array): Batch {
  return batchOf(columns, indices.length, (column) => column.gather(indices));
}

/**
 * Free a batch's tensors.
 *
 * @param batch The batch.
 */
export function freeBatch({ inputs, targets, sampleWeights }: Batch): void {
  for (const tensor of inputs) tensor.dispose();
  for (const tensor of targets) tensor.dispose();
  for (const tensor of sampleWeights) tensor?.dispose();
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
