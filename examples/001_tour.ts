/**
 * "Implementing Callbacks in TensorFlow 2": the standard callbacks, a simple
 * custom one, and two that change learning rate and momentum as in "Searching
 * for Exotic Particles in High-energy Physics with Deep Learning" (Baldi,
 * Sadowski and Whiteson, 2014).
 *
 * ```sh
 * deno task train examples/001_tour.ts
 * deno task train examples/001_tour.ts --data HIGGS.csv --label 0
 * ```
 *
 * Without `--data`, the particles are synthetic, with the same 28 features.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import {
  batchLrDecay,
  csvLogger,
  earlyStopping,
  evaluate,
  fit,
  type History,
  learningRateScheduler,
  loadWeights,
  modelCheckpoint,
  momentumSchedule,
  type Setup,
} from "@hookloop/hookloop";
import { type Dataset, loadDataset } from "@hookloop/hookloop/data";
import { stopOnThreshold } from "./001_tour/stop_on_threshold.ts";

/** The standard callbacks on digits, then the paper's on particles. */
export default async function tour(
  setup: Setup,
  images?: Dataset,
  collisions?: Dataset,
): Promise<History> {
  const { seed, data = "exotic", label } = setup;
  await standardCallbacks(
    setup,
    images ?? await loadDataset("digits", { seed }),
  );
  return await exoticParticles(
    setup,
    collisions ?? await loadDataset(data, { seed, label }),
  );
}

/** Linearly increase lr by 0.001 for first 10 epochs, then exponentially decay. */
export function lrSchedule(epoch: number, lr: number): number {
  if (epoch < 10) return lr + 0.001;
  return lr * Math.exp(-0.1);
}

/** The four standard callbacks and a custom one. */
async function standardCallbacks(
  setup: Setup,
  { train, validation }: Dataset,
): Promise<void> {
  const { seed, options: { learningRate } } = setup;
  // Stop when the validation loss no longer improves.
  const early = earlyStopping({
    monitor: "val_loss",
    minDelta: 0.01,
    patience: 5,
  });
  // Change the learning rate at the beginning of each epoch.
  const lrScheduler = learningRateScheduler({ schedule: lrSchedule });
  // Save the training log to a file called "training.csv".
  const csv = csvLogger({ filename: "results/training.csv" });
  // Save the model, to stop and restart.
  const checkpointFilepath = "checkpoint";
  const checkpoint = modelCheckpoint({ filepath: checkpointFilepath });

  const model = digitsModel(seed, learningRate);
  const { outcome } = await fit(model, train, {
    ...setup.run([early, lrScheduler, csv, checkpoint, stopOnThreshold(0.98)]),
    epochs: 20,
    batchSize: 64,
    validationData: validation,
    seed,
    ...setup.options,
  });

  if (outcome.reason) setup.print(`Stopped: ${outcome.reason}`);

  // Later reload the model.
  const again = digitsModel(seed + 10);
  await loadWeights(again, `${setup.dir}/${checkpointFilepath}`);
  const { accuracy } = await evaluate(again, validation);
  setup.print(`Reloaded: validation accuracy ${accuracy!.toFixed(4)}\n`);
  free(model, again);
}

/**
 * Learning rate and momentum as in the paper: "The learning rate decayed by a
 * factor of 1.0000002 every batch update until it reached a minimum of 10^-6";
 * "a momentum term increased linearly over the first 200 epochs from 0.9 to
 * 0.99, at which point it remained constant". These are the built-ins' defaults.
 */
async function exoticParticles(
  setup: Setup,
  { train, validation }: Dataset,
): Promise<History> {
  const { seed, options: { learningRate } } = setup;
  const model = particlesModel(seed, learningRate);
  const history = await fit(model, train, {
    ...setup.run([
      batchLrDecay(),
      momentumSchedule(),
      csvLogger({ filename: "results/exotic.csv" }),
    ]),
    epochs: 5,
    batchSize: 100,
    validationData: validation,
    seed,
    ...setup.options,
  });
  free(model);
  return history;
}

function digitsModel(seed: number, learningRate = 1e-3): tf.LayersModel {
  const { dense, flatten } = tf.layers;
  const glorot = (seed: number) => tf.initializers.glorotUniform({ seed });
  const model = tf.sequential({
    layers: [
      flatten({ inputShape: [28, 28] }),
      dense({ units: 64, activation: "relu", kernelInitializer: glorot(seed) }),
      dense({
        units: 10,
        activation: "softmax",
        kernelInitializer: glorot(seed + 1),
      }),
    ],
  });
  model.compile({
    optimizer: tf.train.adam(learningRate),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  return model;
}

/** The paper's network: four hidden layers of 300 tanh units, with its initial weights. */
function particlesModel(seed: number, learningRate = 0.05): tf.LayersModel {
  const model = tf.sequential();
  for (const [i, stddev] of [0.1, 0.05, 0.05, 0.05].entries()) {
    model.add(tf.layers.dense({
      units: 300,
      activation: "tanh",
      kernelInitializer: tf.initializers.randomNormal({
        stddev,
        seed: seed + i,
      }),
      kernelRegularizer: tf.regularizers.l2({ l2: 1e-5 }),
      ...(i === 0 && { inputShape: [28] }),
    }));
  }
  model.add(tf.layers.dense({
    units: 1,
    activation: "sigmoid",
    kernelInitializer: tf.initializers.randomNormal({ stddev: 1e-3, seed }),
  }));
  model.compile({
    optimizer: tf.train.momentum(learningRate, 0.9),
    loss: "binaryCrossentropy",
    metrics: ["accuracy"],
  });
  return model;
}

function free(...models: tf.LayersModel[]): void {
  for (const model of models) {
    model.optimizer.dispose();
    model.dispose();
  }
}
