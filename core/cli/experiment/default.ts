/**
 * The experiment of `deno task train` without a file: a network with one hidden
 * layer on the synthetic digits.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Experiment } from "./experiment.ts";

const experiment: Experiment = {
  name: "digits",
  data: "digits",
  options: { epochs: 5, batchSize: 64 },
  model({ seed }) {
    const { dense, flatten } = tf.layers;
    const { glorotUniform } = tf.initializers;
    const model = tf.sequential({
      layers: [
        flatten({ inputShape: [28, 28] }),
        dense({
          units: 128,
          activation: "relu",
          kernelInitializer: glorotUniform({ seed }),
        }),
        dense({
          units: 10,
          activation: "softmax",
          kernelInitializer: glorotUniform({ seed: seed + 1 }),
        }),
      ],
    });
    model.compile({
      optimizer: tf.train.adam(2e-3),
      loss: "sparseCategoricalCrossentropy",
      metrics: ["accuracy"],
    });
    return model;
  },
};
export default experiment;
