/**
 * "Keras Custom Training with Custom Callbacks": a low-level training and
 * evaluation loop, and in it a callback that reduces the learning rate
 * exponentially when the validation loss has stopped improving.
 *
 * ```sh
 * deno task train examples/000_low_level_loop.ts
 * deno task train examples/000_low_level_loop.ts --data mnist
 * ```
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import {
  type HandLoop,
  handLoop,
  type History,
  reduceLrOnPlateau,
  type Setup,
  tfResources,
} from "@hookloop/hookloop";
import type { Dataset } from "../core/data/dataset.ts";
import { seededRandom } from "../core/random.ts";
import { loadDataset } from "../core/data/sets.ts";
import { type Batch, batches } from "./000_low_level_loop/batches.ts";
import { type Metrics, metrics } from "./000_low_level_loop/metrics.ts";

/** What the loop trains: it is read top to bottom in {@linkcode trainAndEvaluate}. */
interface Parts {
  readonly epochs: number;
  readonly batchSize: number;
  readonly trainDataset: () => Iterable<Batch>;
  readonly valDataset: () => Iterable<Batch>;
  readonly model: tf.LayersModel;
  readonly optimizer: tf.Optimizer;
}

/** Everything the loop needs, put together. */
export default async function lowLevelLoop(
  setup: Setup,
  dataset?: Dataset,
): Promise<History> {
  const { epochs = 15, batchSize = 64, learningRate = 0.005 } = setup.options;
  const { seed, data = "digits" } = setup;
  const { train, validation } = dataset ?? await loadDataset(data, { seed });
  const random = seededRandom(seed);
  const model = getModel(seed);
  const optimizer = tf.train.adam(learningRate);

  // The article waits for 10 epochs; on a data set as small as this, 3 do.
  const reduceLr = reduceLrOnPlateau({
    monitor: "val_loss",
    patience: 3,
    verbose: true,
    reduceExp: true,
  });
  await using loop = handLoop({
    ...setup.run([reduceLr]),
    ...tfResources({ model, optimizer }),
    metrics: ["loss", "accuracy"],
    validation: true,
    epochs,
    steps: Math.ceil(train.count / batchSize),
    batchSize,
  });
  const parts = {
    epochs,
    batchSize,
    trainDataset: () => batches(train, batchSize, random),
    valDataset: () => batches(validation, batchSize),
    model,
    optimizer,
  };
  try {
    return await trainAndEvaluate(parts, loop, setup.print);
  } finally {
    model.dispose();
    optimizer.dispose();
  }
}

/** The loop, with the hooks called at the right positions. */
async function trainAndEvaluate(
  { epochs, batchSize, trainDataset, valDataset, ...trained }: Parts,
  loop: HandLoop,
  print: (line: string) => void,
): Promise<History> {
  const trainMetrics = metrics();
  const valMetrics = metrics();

  await loop.onTrainBegin();
  for (let epoch = 0; epoch < epochs && !loop.stopped; epoch++) {
    print(`\nStart of epoch ${epoch}`);
    await loop.onEpochBegin(epoch);

    // Iterate over the batches of the dataset.
    for (const [step, x, y] of trainDataset()) {
      await loop.onTrainBatchBegin(step);
      const loss = await trainStep(trained, x, y, trainMetrics);
      await loop.onTrainBatchEnd(step, trainMetrics.result());

      // Log every 200 batches.
      if (step % 200 === 0) {
        print(`Training loss (for one batch) at step ${step}: ${fixed(loss)}`);
        print(`Seen so far: ${(step + 1) * batchSize} samples`);
      }
      if (loop.stopped) break;
    }

    // Display metrics at the end of each epoch.
    const logs = trainMetrics.result();
    print(`Training acc over epoch: ${fixed(logs.accuracy)}`);
    trainMetrics.reset();

    // Run a validation loop at the end of each epoch.
    for (const [, x, y] of valDataset()) {
      await testStep(trained, x, y, valMetrics);
    }
    const { loss: val_loss, accuracy: val_accuracy } = valMetrics.result();
    print(`Validation acc: ${fixed(val_accuracy)}`);
    valMetrics.reset();

    await loop.onEpochEnd(epoch, { ...logs, val_loss, val_accuracy });
  }
  await loop.onTrainEnd();
  return loop.history;
}

/** One step of training: its gradients, an update of the weights, and the metrics. */
async function trainStep(
  { model, optimizer }: Pick<Parts, "model" | "optimizer">,
  x: tf.Tensor2D,
  y: tf.Tensor1D,
  metrics: Metrics,
): Promise<number> {
  let right!: tf.Scalar;
  const { value: loss, grads } = tf.variableGrads(() => {
    const logits = model.apply(x, { training: true }) as tf.Tensor2D;
    right = tf.keep(countRight(y, logits));
    return lossFn(y, logits);
  }, model.trainableWeights.map((weight) => weight.read() as tf.Variable));
  optimizer.applyGradients(grads);
  tf.dispose(grads);
  return await metrics.update(loss, right, y.size);
}

/** One step of evaluation. */
async function testStep(
  { model }: Pick<Parts, "model">,
  x: tf.Tensor2D,
  y: tf.Tensor1D,
  metrics: Metrics,
): Promise<void> {
  const [loss, right] = tf.tidy(() => {
    const logits = model.predict(x) as tf.Tensor2D;
    return [lossFn(y, logits), countRight(y, logits)];
  });
  await metrics.update(loss, right, y.size);
}

/** Sparse categorical cross-entropy, from logits. */
function lossFn(y: tf.Tensor1D, logits: tf.Tensor2D): tf.Scalar {
  return tf.losses.softmaxCrossEntropy(tf.oneHot(y, 10), logits);
}

function countRight(y: tf.Tensor1D, logits: tf.Tensor2D): tf.Scalar {
  return logits.argMax(1).equal(y).sum();
}

/** The model of the Keras guide; its last layer gives logits. */
function getModel(seed: number): tf.LayersModel {
  const layer = (units: number, index: number) =>
    tf.layers.dense({
      units,
      activation: units === 10 ? "linear" : "relu",
      kernelInitializer: tf.initializers.glorotUniform({ seed: seed + index }),
      ...(index === 0 && { inputShape: [784] }),
    });
  return tf.sequential({ layers: [64, 64, 10].map(layer) });
}

function fixed(value: number): string {
  return value.toFixed(4);
}
