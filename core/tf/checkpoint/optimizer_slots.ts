/**
 * What an optimizer remembers between steps, as it goes into a checkpoint.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { encodeAdamax, isAdamax, type SavedSlots } from "./adamax_slots.ts";

/** Slots as they go into the files. */
export interface Slots {
  /** Entries of the weights manifest. */
  readonly specs: readonly tf.io.WeightsManifestEntry[];
  /** Their numbers. */
  readonly data: ArrayBuffer;
  /** Adamax' slots, which cannot stand in the manifest. */
  readonly adamax?: SavedSlots;
  /** Their numbers. */
  readonly adamaxData: Uint8Array;
}

/** Nothing to write. */
export const NO_SLOTS: Slots = {
  specs: [],
  data: new ArrayBuffer(0),
  adamaxData: new Uint8Array(0),
};

/**
 * The slots of `optimizer`.
 *
 * @param optimizer Any of tf.js' optimizers.
 */
export async function slotsOf(optimizer: tf.Optimizer): Promise<Slots> {
  if (isAdamax(optimizer)) {
    const { slots, data } = await encodeAdamax(optimizer);
    return { ...NO_SLOTS, adamax: slots, adamaxData: new Uint8Array(data) };
  }
  const weights = await optimizer.getWeights();
  const { specs, data } = await tf.io.encodeWeights(weights, "optimizer");
  // The first is the count of steps, made for the occasion; the others are in use.
  weights[0]?.tensor.dispose();
  return { ...NO_SLOTS, specs, data };
}
