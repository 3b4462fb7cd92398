/**
 * What an optimizer remembers between steps, as it goes into a checkpoint. The
 * slots of `tf.train.adamax`, which tf.js can neither export nor import, go
 * into a separate file that other readers of the checkpoint ignore.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** Adamax's slots as `model.json` lists them. */
export interface SavedSlots {
  /** Steps so far. */
  readonly iterations: number;
  /** Name, shape and type of each tensor in the file. */
  readonly weights: tf.io.WeightsManifestEntry[];
}

/** Slots as they go into the files. */
export interface EncodedSlots {
  /** Entries of the weights manifest. */
  readonly specs: readonly tf.io.WeightsManifestEntry[];
  /** Their numbers. */
  readonly data: ArrayBuffer;
  /** Adamax's slots, which the manifest cannot list. */
  readonly adamax?: SavedSlots;
  /** Their numbers. */
  readonly adamaxData: Uint8Array;
}

/** Nothing to write. */
export const NO_SLOTS: EncodedSlots = {
  specs: [],
  data: new ArrayBuffer(0),
  adamaxData: new Uint8Array(0),
};

/**
 * The slots of `optimizer`.
 *
 * @param optimizer Any of tf.js' optimizers.
 */
export async function slotsOf(optimizer: tf.Optimizer): Promise<EncodedSlots> {
  if (optimizer.getClassName() === "Adamax") {
    return await encodeAdamax(optimizer);
  }
  const weights = await optimizer.getWeights();
  const { specs, data } = await tf.io.encodeWeights(weights, "optimizer");
  // The first is the step count, created by this call; the others are in use.
  weights[0]?.tensor.dispose();
  return { ...NO_SLOTS, specs, data };
}

/** The fields of Adamax, which tf.js leaves out of its typings. */
interface Adamax {
  iterations_?: number;
  readonly iteration: tf.Variable;
  readonly accBeta1: tf.Variable;
  accumulatedFirstMoment: AdamaxSlot[];
  accumulatedWeightedInfNorm: AdamaxSlot[];
}

interface AdamaxSlot {
  originalName: string;
  variable: tf.Variable;
}

async function encodeAdamax(optimizer: tf.Optimizer): Promise<EncodedSlots> {
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
    ...NO_SLOTS,
    adamax: { iterations: adamax.iterations_ ?? 0, weights: specs },
    adamaxData: new Uint8Array(data),
  };
}

/**
 * Restore slots into a fresh Adamax.
 *
 * @param optimizer An Adamax that has not taken a step.
 * @param slots What the bytes mean.
 * @param data The bytes.
 */
export function restoreAdamax(
  optimizer: tf.Optimizer,
  slots: SavedSlots,
  data: ArrayBuffer,
): void {
  const adamax = optimizer as unknown as Adamax;
  const tensors = tf.io.decodeWeights(data, slots.weights);
  const all = slots.weights.slice(2).map(({ name }): AdamaxSlot => ({
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
