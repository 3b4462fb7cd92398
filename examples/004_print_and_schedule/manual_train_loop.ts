/**
 * Example 3 of the article: a manual training loop with callback integration.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import {
  handLoop,
  type History,
  type RunOptions,
  tfResources,
} from "@hookloop/hookloop";

/** One batch: inputs and what should come out. */
export type Batch = readonly [x: tf.Tensor2D, y: tf.Tensor2D];

/** The loss of a batch. */
export type LossFn = (y: tf.Tensor, yPred: tf.Tensor) => tf.Scalar;

/** What {@linkcode manualTrainLoop} trains, with what, and how long. */
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
  /** How many epochs. */
  readonly epochs: number;
}

/** Train by hand: a loop of one's own, which calls the plugins' hooks. */
export async function manualTrainLoop(
  { model, optimizer, lossFn, trainData, valData, ...options }: ManualLoop,
): Promise<History> {
  await using loop = handLoop({
    ...tfResources({ model, optimizer }),
    ...options,
    metrics: ["loss"],
    validation: true,
    steps: trainData.length,
  });
  await loop.onTrainBegin();
  for (let epoch = 0; epoch < options.epochs && !loop.stopped; epoch++) {
    await loop.onEpochBegin(epoch);
    let epochLoss = 0;
    for (const [step, [x, y]] of trainData.entries()) {
      await loop.onTrainBatchBegin(step);
      const loss = await read(trainStep(model, optimizer, lossFn, x, y));
      epochLoss += loss / trainData.length;
      await loop.onTrainBatchEnd(step, { loss });
    }
    let valLoss = 0;
    for (const [x, y] of valData) {
      const loss = await read(testStep(model, lossFn, x, y));
      valLoss += loss / valData.length;
    }
    await loop.onEpochEnd(epoch, { loss: epochLoss, val_loss: valLoss });
  }
  await loop.onTrainEnd();
  return loop.history;
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

async function read(scalar: tf.Scalar): Promise<number> {
  const [value] = await scalar.data();
  scalar.dispose();
  return value!;
}
