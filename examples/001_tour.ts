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
 * Without `--data`, the particles are made ones of the same 28 features.
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
import type { Dataset } from "../core/data/dataset.ts";
import { loadDataset } from "../core/data/sources.ts";
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

async function standardCallbacks(
  setup: Setup,
  { train, validation }: Dataset,
): Promise<void> {
  // Monitor validation loss.
  const early = earlyStopping({
    monitor: "val_loss",
    minDelta: 0.01,
    patience: 5,
  });
  // Save the training log to a file called "training.csv".
  const csv = csvLogger({ filename: "results/training.csv" });
  const lrScheduler = learningRateScheduler({ schedule: lrSchedule });
  const checkpointFilepath = "checkpoint";
  const checkpoint = modelCheckpoint({ filepath: checkpointFilepath });

  const model = digitsModel(setup.seed);
  await fit(model, train, {
    ...setup.run([
      lrScheduler,
      early,
      csv,
      checkpoint,
      stopOnThreshold(0.99),
    ]),
    epochs: 20,
    batchSize: 64,
    validationData: validation,
    seed: setup.seed,
    ...setup.options,
  });

  // Later reload the model.
  await loadWeights(model, `${setup.dir}/${checkpointFilepath}`);
}
