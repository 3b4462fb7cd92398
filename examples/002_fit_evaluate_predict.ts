/**
 * "Introduction to various Keras Callbacks": plugins in `fit`, `evaluate` and
 * `predict`, the built-in ones with their options, and one of one's own.
 *
 * ```sh
 * deno task train examples/002_fit_evaluate_predict.ts
 * deno task train examples/002_fit_evaluate_predict.ts --data mnist
 * ```
 *
 * The article's TensorBoard has no counterpart here yet; `csvLogger` writes the
 * numbers it would draw.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import {
  csvLogger,
  earlyStopping,
  evaluate,
  fit,
  type History,
  learningRateScheduler,
  modelCheckpoint,
  type Plugin,
  predict,
  reduceLrOnPlateau,
  type Setup,
  terminateOnNan,
} from "@hookloop/hookloop";
import type { Dataset } from "../core/data/dataset.ts";
import { loadDataset } from "../core/data/sources.ts";

/** The sections of the article, one after the other. */
export default async function fitEvaluatePredict(
  setup: Setup,
  dataset?: Dataset,
): Promise<History> {
  const { seed, data = "digits" } = setup;
  await scheduledRegression(setup);
  await ownCallback(setup);
  return await usingCallbacks(
    setup,
    dataset ?? await loadDataset(data, { seed }),
  );
}

/** 2 Using callbacks: define them, then pass them to `fit`, `evaluate` and `predict`. */
async function usingCallbacks(
  setup: Setup,
  { train, validation }: Dataset,
): Promise<History> {
  const modelCheckpointCallback = modelCheckpoint({
    filepath: "checkpoint",
    saveWeightsOnly: true,
    monitor: "val_accuracy",
    mode: "max",
  });
