import type * as tf from "@tensorflow/tfjs";
export async function saveModel(
  _m: tf.LayersModel,
  _d: string,
  _o: { weightsOnly?: boolean },
): Promise<void> {}
