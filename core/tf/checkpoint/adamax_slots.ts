/**
 * The slots of `tf.train.adamax`, which tf.js can neither give out nor take
 * back. They go into a file of their own that other readers of the checkpoint
 * do not look at.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** The fields of Adamax, which tf.js keeps from its typings. */
interface Adamax {
  iterations_?: number;
  readonly iteration: tf.Variable;
  readonly accBeta1: tf.Variable;
  accumulatedFirstMoment: Slot[];
  accumulatedWeightedInfNorm: Slot[];
}

interface Slot {
  originalName: string;
  variable: tf.Variable;
}

/** Slots as they stand in a file. */
export interface SavedSlots {
  /** Steps so far. */
  readonly iterations: number;
  /** Name, shape and type of each tensor in the file. */
  readonly weights: tf.io.WeightsManifestEntry[];
}

/**
 * Whether `optimizer` is Adamax.
 *
 * @param optimizer The optimizer, if there is one.
 */
export function isAdamax(optimizer: tf.Optimizer | undefined): boolean {
  return optimizer?.getClassName() === "Adamax";
}

/**
 * The slots, as bytes and what they are.
 *
 * @param optimizer An Adamax.
 */
export async function encodeAdamax(
  optimizer: tf.Optimizer,
): Promise<{ slots: SavedSlots; data: ArrayBuffer }> {
  const adamax = optimizer as unknown as Adamax;
  const tensors = [
    { name: "iteration", tensor: adamax.iteration },
    { name: "accBeta1", tensor: adamax.accBeta1 },
    ...[
      ...adamax.accumulatedFirstMoment,
      ...adamax.accumulatedWeightedInfNorm,
    ].map(({ originalName, variable }) => ({
      name: originalName,
      tensor: variable,
    })),
  ];
  const { data, specs } = await tf.io.encodeWeights(tensors);
  return {
    slots: { iterations: adamax.iterations_ ?? 0, weights: specs },
    data,
  };
}

/**
 * Put slots back into a fresh Adamax.
 *
 * @param optimizer An Adamax that has not made a step.
 * @param slots What the bytes are.
 * @param data The bytes.
 */
export function restoreAdamax(
  optimizer: tf.Optimizer,
  slots: SavedSlots,
  data: ArrayBuffer,
): void {
  const adamax = optimizer as unknown as Adamax;
  const tensors = tf.io.decodeWeights(data, slots.weights);
  const all = slots.weights.slice(2).map(({ name }): Slot => ({
    originalName: name,
    variable: tf.variable(tensors[name]!, false),
  }));
  adamax.iterations_ = slots.iterations;
  adamax.iteration.assign(tensors.iteration!);
  adamax.accBeta1.assign(tensors.accBeta1!);
  adamax.accumulatedFirstMoment = all.slice(0, all.length / 2);
  adamax.accumulatedWeightedInfNorm = all.slice(all.length / 2);
  tf.dispose(tensors);
}
