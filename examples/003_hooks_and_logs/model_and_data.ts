/**
 * The article's model and data.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Setup } from "@hookloop/hookloop";
import type { Dataset, Samples } from "@hookloop/hookloop/data";

/**
 * Run `work` with a new model, which is freed afterwards.
 *
 * @param setup Seed of its weights and its dropout, and the learning rate.
 * @param work What to do with it.
 */
export async function withModel<T>(
  { seed, options: { learningRate = 0.1 } }: Setup,
  work: (model: tf.LayersModel) => Promise<T>,
): Promise<T> {
  const model = getModel(seed, learningRate);
  try {
    return await work(model);
  } finally {
    model.optimizer.dispose();
    model.dispose();
  }
}

/** Images and their classes, one-hot, as a loss from logits expects them. */
export interface Images {
  /** Pixels, 28 by 28 per image. */
  readonly x: Float32Array;
  /** Ten numbers per image: 1 for its class, 0 for the others. */
  readonly y: Float32Array;
}

/** Images to train on and to test with. */
export interface Mnist {
  /** 1,024 of them. */
  readonly train: Images;
  /** 512 of them. */
  readonly test: Images;
}

/**
 * The first samples of a data set, to keep it small.
 *
 * @param dataset Any data set of 28x28 images in ten classes.
 */
export function getMnist({ train, validation }: Dataset): Mnist {
  return { train: first(train, 1024), test: first(validation, 512) };
}

function first({ x, y, count }: Samples, most: number): Images {
  const size = Math.min(count, most);
  const oneHot = new Float32Array(size * 10);
  for (let i = 0; i < size; i++) oneHot[10 * i + y[i]!] = 1;
  return { x: x.subarray(0, size * 28 * 28), y: oneHot };
}

function getModel(seed: number, learningRate: number): tf.LayersModel {
  const glorot = (seed: number) => tf.initializers.glorotUniform({ seed });
  const model = tf.sequential();
  model.add(tf.layers.flatten({ inputShape: [28, 28] }));
  model.add(tf.layers.dense({
    units: 128,
    activation: "relu",
    kernelInitializer: glorot(seed),
  }));
  model.add(tf.layers.dropout({ rate: 0.2, seed: seed + 1 }));
  model.add(
    tf.layers.dense({ units: 10, kernelInitializer: glorot(seed + 2) }),
  );
  model.compile({
    optimizer: tf.train.rmsprop(learningRate),
    loss: (labels, logits) => tf.losses.softmaxCrossEntropy(labels, logits),
    metrics: ["accuracy"],
  });
  return model;
}
