/**
 * The adapter between the loop and tf.js: steps of training, testing and
 * predicting made out of a compiled `tf.LayersModel`.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Direction } from "../../plugin.ts";
import type { Steps } from "../../steps.ts";
import type { Batch } from "../data/batch.ts";
import {
  classTables,
  type ClassWeight,
  type OutputShape,
} from "./class_weight.ts";
import { type CompiledModel, compiledModel } from "./compiled_model.ts";
import { saveModel } from "../checkpoint/checkpoint.ts";
import { forward, logValues, outputLosses, totalLoss } from "./losses.ts";
import { type MetricName, metricNames } from "./metric_names.ts";
import { optimizerHandle } from "./optimizer.ts";
import { runningMeans } from "./device_means.ts";
import { modelWeights } from "./weights.ts";

/** Options of {@linkcode modelSteps}. */
export interface ModelStepsOptions {
  /** How much each class counts in training. Default: all count 1. */
  readonly classWeight?: ClassWeight | undefined;
}

/**
 * Steps for `model`. Its own losses, regularizers, metrics and optimizer are
 * used as they are; the logs have the names that were given to `compile`. As in
 * Keras, the loss holds the regularizers' penalties in evaluation too, and
 * sample weights count in the loss, not in the metrics.
 *
 * @param model A compiled model.
 * @param options Weights of classes.
 * @throws {InputError} If the model is not compiled, or `classWeight` names what it has not.
 */
export function modelSteps(
  model: tf.LayersModel,
  options: ModelStepsOptions = {},
): Steps<Batch> {
  const compiled = compiledModel(model);
  const names = metricNames(compiled.outputNames, compiled.metrics);
  const keys = names.map(({ key }) => key);
  const means = runningMeans(keys);
  const variables = compiled.collectedTrainableWeights.map((w) => w.read());
  const tables = options.classWeight
    ? classTables(options.classWeight, outputShapes(model))
    : [];

  function trainStep(batch: Batch, kept: tf.Tensor[]): tf.Scalar[] {
    let outputs: tf.Tensor[] = [];
    let losses: tf.Scalar[] = [];
    const total = compiled.optimizer.minimize(
      () => {
        outputs = forward(compiled, batch, true);
        losses = outputLosses(compiled, batch, outputs, tables);
        for (const value of [...outputs, ...losses]) kept.push(tf.keep(value));
        return totalLoss(compiled, losses);
      },
      true,
      variables,
    ) as tf.Scalar;
    // After the tape, so that the gradients do not go through the metrics.
    return logValues(compiled, batch, total, losses, outputs);
  }

  return {
    metrics: keys,
    directions: directionsOf(names),
    optimizer: optimizerHandle(compiled.optimizer),
    weights: modelWeights(model),
    model,
    save: (path, { weightsOnly }) => saveModel(model, path, { weightsOnly }),
    reset: means.reset,
    train(batch) {
      // What must outlive the tape of the gradients.
      const kept: tf.Tensor[] = [];
      try {
        tf.tidy(() => means.add(trainStep(batch, kept), batch.size));
      } finally {
        tf.dispose(kept);
      }
      return means.settle();
    },
    test(batch) {
      tf.tidy(() => means.add(measure(compiled, batch), batch.size));
      return means.settle();
    },
    predict: (batch) => outputsOf(model, batch),
    logs: means.logs,
  };
}

/**
 * Steps that can only predict, for a model that need not be compiled.
 *
 * @param model The model.
 */
export function predictSteps(model: tf.LayersModel): Steps<Batch> {
  const refuse = () => {
    throw new Error("these steps only predict");
  };
  return {
    weights: modelWeights(model),
    model,
    save: (path, { weightsOnly }) => saveModel(model, path, { weightsOnly }),
    reset() {},
    train: refuse,
    test: refuse,
    predict: (batch) => outputsOf(model, batch),
    logs: () => ({}),
  };
}

function outputsOf(
  model: tf.LayersModel,
  batch: Batch,
): tf.Tensor | tf.Tensor[] {
  const { apply } = model as unknown as Pick<CompiledModel, "apply">;
  return apply.call(model, batch.inputs, { training: false });
}

function measure(model: CompiledModel, batch: Batch): tf.Scalar[] {
  const outputs = forward(model, batch, false);
  const losses = outputLosses(model, batch, outputs, []);
  const total = totalLoss(model, losses);
  return logValues(model, batch, total, losses, outputs);
}

function outputShapes(model: tf.LayersModel): OutputShape[] {
  return model.outputs.map(({ shape }, i) => ({
    name: model.outputNames[i]!,
    shape,
  }));
}

function directionsOf(
  names: readonly MetricName[],
): Record<string, Direction> {
  const directions: Record<string, Direction> = {};
  for (const { key, direction } of names) {
    if (direction) directions[key] = direction;
  }
  return directions;
}
