/**
 * The adapter between the loop and tf.js: training, test and prediction steps
 * built from a `tf.LayersModel`.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { gradientChain, type GradientTransform } from "../../loop/gradients.ts";
import type { Direction } from "../../plugin.ts";
import { keepAll } from "../../run/backup/keepers.ts";
import type { PredictSteps, TestSteps, TrainSteps } from "../../steps.ts";
import type { Batch } from "../data/batch.ts";
import { gradientTarget } from "../gradient_steps.ts";
import { aboutTraining } from "./about_training.ts";
import {
  classTables,
  type ClassWeight,
  type OutputShape,
} from "./class_weight.ts";
import { type CompiledModel, compiledModel } from "./compiled_model.ts";
import { firstNonFinite } from "./first_non_finite.ts";
import { forward, logValues, outputLosses, totalLoss } from "./losses.ts";
import { type MetricName, metricNames } from "./metric_names.ts";
import { outputsOf, tfResources } from "./resources.ts";
import { tensorMeans } from "./tensor_means.ts";
import { trainStep } from "./train_step.ts";

/** Options of {@linkcode modelSteps}. */
export interface ModelStepsOptions {
  /** How much each class counts in training. Default: all count 1. */
  readonly classWeight?: ClassWeight | undefined;
  /** Transforms of a training step's gradients before they are applied. Default: none. */
  readonly gradients?: readonly GradientTransform<tf.Tensor>[] | undefined;
  /** Training steps that the run has already taken. Default 0. */
  readonly step?: number | undefined;
}

/** Steps of a compiled model. Disposing of them frees what the last batch left on the device and what the transforms keep. */
export interface ModelSteps
  extends TrainSteps<Batch>, TestSteps<Batch>, Disposable {}

/**
 * Steps for `model`. Its own losses, regularizers, metrics and optimizer are
 * used as they are; the logs use the names given to `compile`. As in Keras, the
 * loss includes the regularizers' penalties in evaluation too, and sample
 * weights count in the loss, not in the metrics. A pass either trains or tests,
 * so training with validation needs both kinds of steps.
 *
 * @param model A compiled model.
 * @param options Class weights and gradient transforms.
 * @throws {InputError} If the model is not compiled, or `classWeight` names an
 * output or a class that it does not have.
 */
export function modelSteps(
  model: tf.LayersModel,
  options: ModelStepsOptions = {},
): ModelSteps {
  const compiled = compiledModel(model);
  const { optimizer } = compiled;
  const names = metricNames(compiled.outputNames, compiled.metrics);
  const keys = names.map(({ key }) => key);
  const means = tensorMeans(keys);
  const variables = compiled.collectedTrainableWeights.map((w) => w.read());
  const tables = options.classWeight
    ? classTables(options.classWeight, outputShapes(model))
    : [];
  const step = trainStep(compiled, variables, tables, means);
  const transforms = options.gradients ?? [];
  const chain = gradientChain(transforms, gradientTarget(optimizer, variables));
  chain.reset(options.step);

  function transformed(batch: Batch): void | Promise<void> {
    const applied = chain.apply(step.gradients(batch));
    return applied instanceof Promise
      ? applied.then(means.catchUp)
      : means.catchUp();
  }
  function minimized(batch: Batch): void | Promise<void> {
    step.minimize(batch);
    return means.catchUp();
  }
  const train = transforms.length > 0 ? transformed : minimized;
  let size: number | undefined;
  let last: Batch | undefined;
  const resources = tfResources({ model, optimizer });
  const weights = resources.weights!;
  return {
    ...resources,
    about: { ...resources.about, ...aboutTraining(compiled, options) },
    keeps: keepAll({
      layers: resources.keeps,
      means: means.keeps,
      gradients: chain.keeps,
      size: {
        save: () => size,
        load: (saved) => void (size = saved as number | undefined),
      },
    }),
    firstNonFinite: firstNonFinite(
      { ...{ model, compiled, weights, variables, tables }, last: () => last },
    ),
    metrics: keys,
    directions: directionsOf(names),
    begin: means.begin,
    logs: means.logs,
    batchLogs: means.batchLogs,
    settle: means.settle,
    lastSize: () => size,
    train(batch) {
      size = batch.size;
      last = batch;
      return train(batch);
    },
    test(batch) {
      tf.tidy(() => means.add(measure(compiled, batch), batch.size));
      return means.catchUp();
    },
    samples: ({ inputs, targets, size }) => ({ x: inputs, y: targets, size }),
    [Symbol.dispose]() {
      means[Symbol.dispose]();
      chain.reset();
    },
  };
}

/** Prediction steps of a model, which need not be compiled. */
export function predictSteps(model: tf.LayersModel): PredictSteps<Batch> {
  return {
    ...tfResources({ model }),
    predictBatch({ inputs }) {
      const outputs = outputsOf(model, inputs);
      return outputs.length === 1 ? outputs[0] : outputs;
    },
  };
}

function measure(model: CompiledModel, batch: Batch): tf.Scalar[] {
  const outputs = forward(model, batch.inputs, false);
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
