/**
 * The models that the sections train, and the data for the small ones.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** `np.arange(100).reshape(5, 20)`, and zeros. */
export const RAMP: {
  /** Five samples of 20 numbers. */
  readonly x: Float32Array;
  /** The targets: ten zeros each. */
  readonly y: Float32Array;
} = {
  x: Float32Array.from({ length: 100 }, (_, i) => i),
  y: new Float32Array(50),
};

/** A layer without activation, mean squared error and SGD. */
export function linear(inputs: number, units: number): tf.LayersModel {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units, inputShape: [inputs] }));
  model.compile({ optimizer: tf.train.sgd(0.01), loss: "meanSquaredError" });
  return model;
}

/** A small network for 28x28 images in ten classes. */
export function getModel(seed: number, learningRate = 0.002): tf.LayersModel {
  const glorot = (seed: number) => tf.initializers.glorotUniform({ seed });
  const model = tf.sequential();
  model.add(tf.layers.flatten({ inputShape: [28, 28] }));
  model.add(tf.layers.dense({
    units: 64,
    activation: "relu",
    kernelInitializer: glorot(seed),
  }));
  model.add(tf.layers.dense({
    units: 10,
    activation: "softmax",
    kernelInitializer: glorot(seed + 1),
  }));
  model.compile({
    optimizer: tf.train.adam(learningRate),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  return model;
}

/** Frees a model and its optimizer. */
export function free(model: tf.LayersModel): void {
  model.optimizer.dispose();
  model.dispose();
}
