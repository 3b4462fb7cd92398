/**
 * Example 3 of the article: a manual training loop with callback integration.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import {
  callbackList,
  type History,
  type RunOptions,
  tfResources,
} from "@hookloop/hookloop";

/** One batch: inputs and targets. */
export type Batch = readonly [x: tf.Tensor2D, y: tf.Tensor2D];

/** The loss of a batch. */
export type LossFn = (y: tf.Tensor, yPred: tf.Tensor) => tf.Scalar;

/** What {@linkcode manualTrainLoop} trains, with what, and for how long. */
export interface ManualLoop extends RunOptions {
  /** The model; it need not be compiled. */
  readonly model: tf.LayersModel;
  /** The optimizer, whose learning rate plugins may set. */
  readonly optimizer: tf.Optimizer;
  /** The loss of a batch. */
  readonly lossFn: LossFn;
  /** Batches to train on. */
  readonly trainData: readonly Batch[];
  /** Batches to validate with. */
  readonly valData: readonly Batch[];
  /** Number of epochs. */
  readonly epochs: number;
}

/** Train by hand: the list calls the plugins' hooks around a hand-written loop. */
export async function manualTrainLoop(
  { model, optimizer, lossFn, trainData, valData, ...options }: ManualLoop,
): Promise<History> {
  await using list = callbackList({
    ...tfResources({ model, optimizer }),
    ...options,
    metrics: ["loss"],
    validation: true,
  });
  for await (const epoch of list.epochs()) {
    for await (const batch of epoch.batches(trainData)) {
      const [x, y] = batch.data;
      await batch.end({ loss: trainStep(model, optimizer, lossFn, x, y) });
    }
    for await (const batch of epoch.validate(valData)) {
      const [x, y] = batch.data;
      await batch.end({ loss: testStep(model, lossFn, x, y) });
    }
  }
  return list.history;
}

/** Forward, backward, and a step of the optimizer. */
function trainStep(
  model: tf.LayersModel,
  optimizer: tf.Optimizer,
  lossFn: LossFn,
  x: tf.Tensor,
  y: tf.Tensor,
): tf.Scalar {
  const variables = model.trainableWeights.map((weight) =>
    weight.read() as tf.Variable
  );
  const { value: loss, grads } = tf.variableGrads(
    () => lossFn(y, model.apply(x, { training: true }) as tf.Tensor),
    variables,
  );
  optimizer.applyGradients(grads);
  tf.dispose(grads);
  return loss;
}

function testStep(
  model: tf.LayersModel,
  lossFn: LossFn,
  x: tf.Tensor,
  y: tf.Tensor,
): tf.Scalar {
  return tf.tidy(() => lossFn(y, model.predict(x) as tf.Tensor));
}
