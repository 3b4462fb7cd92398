/**
 * What an optimizer remembers between steps, as it goes into a checkpoint. What
 * tf.js can neither export nor import goes where other readers of the
 * checkpoint do not look: the slots of `tf.train.adamax` into a separate file,
 * the powers of `tf.train.adam`'s betas into an entry of `model.json`.
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

/**
 * `beta1` and `beta2` of Adam to the power of the next step, as it has
 * multiplied them up: tf.js computes them anew from the step count, which gives
 * other float32 numbers.
 */
export interface SavedPowers {
  /** Of `beta1`. */
  readonly accBeta1: number;
  /** Of `beta2`. */
  readonly accBeta2: number;
}

/** Slots as they go into the files. */
export interface EncodedSlots {
  /** Entries of the weights manifest. */
  readonly specs: readonly tf.io.WeightsManifestEntry[];
  /** Their numbers. */
  readonly data: ArrayBuffer;
  /** What Adam has beside them. */
  readonly adam?: SavedPowers;
  /** Adamax's slots, which the manifest cannot list. */
  readonly adamax?: SavedSlots;
  /** Their numbers. */
  readonly adamaxData: Uint8Array<ArrayBuffer>;
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
  const name = optimizer.getClassName();
  if (name === "Adamax") return await encodeAdamax(optimizer);
  const weights = await optimizer.getWeights();
  const { specs, data } = await tf.io.encodeWeights(weights, "optimizer");
  // The first is the step count, created by this call; the others are in use.
  weights[0]?.tensor.dispose();
  const adam = name === "Adam" ? { adam: await powersOf(optimizer) } : {};
  return { ...NO_SLOTS, specs, data, ...adam };
}

/** The fields of Adam, which tf.js leaves out of its typings. */
type Adam = { readonly [F in keyof SavedPowers]: tf.Variable };

async function powersOf(optimizer: tf.Optimizer): Promise<SavedPowers> {
  const { accBeta1, accBeta2 } = optimizer as unknown as Adam;
  const [one, two] = await Promise.all([accBeta1.data(), accBeta2.data()]);
  return { accBeta1: one[0]!, accBeta2: two[0]! };
}

/**
 * Restore the powers into an Adam whose slots are in place.
 *
 * @param optimizer An Adam.
 * @param powers Those that were saved.
 */
export function restoreAdam(
  optimizer: tf.Optimizer,
  powers: SavedPowers,
): void {
  const adam = optimizer as unknown as Adam;
  tf.tidy(() => {
    adam.accBeta1.assign(tf.scalar(powers.accBeta1));
    adam.accBeta2.assign(tf.scalar(powers.accBeta2));
  });
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
