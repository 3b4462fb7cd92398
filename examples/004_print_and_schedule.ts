/**
 * "How can I apply custom callbacks in a TensorFlow 2.0 training loop?": two
 * plugins of one's own, one that prints and one that schedules the learning
 * rate, first in `fit` and then, the very same, in a training loop by hand.
 *
 * ```sh
 * deno task train examples/004_print_and_schedule.ts
 * ```
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import {
  fit,
  handLoop,
  type History,
  type Logs,
  type Plugin,
  type RunOptions,
  tfResources,
} from "@hookloop/hookloop";
import type { Setup } from "../core/cli/experiment.ts";

// Example 1: custom logging

/** Prints the loss and any other metric after each batch and after each epoch. */
export function customLogging(): Plugin<"loss"> {
  return {
    name: "custom-logging",
    onTrainBatchEnd(batch, logs, run) {
      run.print(`Batch ${batch}: ${values(logs)}`);
    },
    onEpochEnd(epoch, logs, run) {
      run.print(`Epoch ${epoch}: ${values(logs)}`);
    },
  };
}

function values({ loss, ...metrics }: Logs<"loss">): string {
  const others = Object.entries<number>(metrics).map(([name, value]) =>
    `${name} = ${value.toFixed(4)}`
  );
  return [`Loss = ${loss.toFixed(4)}`, ...others].join(" ");
}

// Example 2: dynamic learning rate scheduling

/** Multiplies the learning rate by `factor` when the validation loss stagnates for `patience` epochs. */
export function dynamicLearningRate(
  { patience = 2, factor = 0.5 } = {},
): Plugin<"val_loss"> {
  const state = { wait: 0, bestValLoss: Infinity };
  return {
    name: "dynamic-learning-rate",
    needs: { onEpochEnd: ["val_loss"] },
    uses: ["learningRate"],
    state,
    onEpochEnd(epoch, { val_loss }, run) {
      if (val_loss < state.bestValLoss) {
        state.bestValLoss = val_loss;
        state.wait = 0;
        return;
      }
      state.wait++;
      if (state.wait < patience) return;
      const oldLr = run.optimizer.learningRate;
      const newLr = oldLr * factor;
      run.optimizer.learningRate = newLr;
      run.print(
        `Epoch ${epoch}: Learning rate reduced from ${oldLr.toFixed(6)} to ${
          newLr.toFixed(6)
        }`,
      );
      state.wait = 0;
    },
  };
}

// Example 3: a manual training loop with the same plugins

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

// Example usage

const TRAINING = { x: [1, 2, 3, 4], y: [0, 0, 1, 1] };
/** Labelled the wrong way round: its loss only grows, and the schedule has something to do. */
const VALIDATION = { x: [1.5, 3.5], y: [1, 0] };

/** The same training twice, with the same plugins: by `fit`, then by hand. */
export default async function printAndSchedule(
  setup: Setup,
): Promise<History> {
  const { epochs = 5, learningRate = 0.01, batchSize = 2 } = setup.options;

  setup.print("With fit:");
  const first = sigmoidUnit();
  first.compile({
    optimizer: tf.train.adam(learningRate),
    loss: "binaryCrossentropy",
  });
  await fit(first, TRAINING, {
    ...setup.run([customLogging(), dynamicLearningRate()]),
    epochs,
    batchSize,
    shuffle: false,
    validationData: VALIDATION,
  });

  setup.print("With a loop of one's own:");
  const second = sigmoidUnit();
  const optimizer = tf.train.adam(learningRate);
  const trainData = batchesOf(TRAINING, batchSize);
  const valData = batchesOf(VALIDATION, batchSize);
  const history = await manualTrainLoop({
    ...setup.run([customLogging(), dynamicLearningRate()]),
    model: second,
    optimizer,
    lossFn: (y, yPred) => tf.metrics.binaryCrossentropy(y, yPred).mean(),
    trainData,
    valData,
    epochs,
  });

  for (const it of [first.optimizer, first, optimizer, second]) it.dispose();
  for (const batch of [...trainData, ...valData]) tf.dispose([...batch]);
  return history;
}

function sigmoidUnit(): tf.LayersModel {
  return tf.sequential({
    layers: [tf.layers.dense({
      units: 1,
      activation: "sigmoid",
      inputShape: [1],
      kernelInitializer: "zeros",
    })],
  });
}

function batchesOf(
  { x, y }: { x: readonly number[]; y: readonly number[] },
  size: number,
): Batch[] {
  const column = (values: readonly number[], at: number) =>
    tf.tensor2d(values.slice(at, at + size).map((value) => [value]));
  return Array.from(
    { length: Math.ceil(x.length / size) },
    (_, i) => [column(x, i * size), column(y, i * size)],
  );
}
