/**
 * "Keras Custom Training with Custom Callbacks": a low-level training and
 * evaluation loop with a callback that reduces the learning rate exponentially
 * when the validation loss has stopped improving.
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
  type CallbackList,
  callbackList,
  type History,
  reduceLrOnPlateau,
  type Setup,
  tfResources,
} from "@hookloop/hookloop";
import {
  type Dataset,
  loadDataset,
  seededRandom,
} from "@hookloop/hookloop/data";
import { type Batch, batches } from "./000_low_level_loop/batches.ts";

/** What the loop trains; read it top to bottom in {@linkcode trainAndEvaluate}. */
interface Parts {
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
  await using list = callbackList({
    ...setup.run([reduceLr]),
    ...tfResources({ model, optimizer }),
    metrics: ["loss", "accuracy"],
    validation: true,
    epochs,
    steps: Math.ceil(train.count / batchSize),
    batchSize,
  });
  const parts = {
    batchSize,
    trainDataset: () => batches(train, batchSize, random),
    valDataset: () => batches(validation, batchSize),
    model,
    optimizer,
  };
  try {
    return await trainAndEvaluate(parts, list, setup.print);
  } finally {
    model.dispose();
    optimizer.dispose();
  }
}

/** The loop: the list calls the hooks at the right points, and heeds a stop. */
async function trainAndEvaluate(
  { batchSize, trainDataset, valDataset, ...trained }: Parts,
  list: CallbackList,
  print: (line: string) => void,
): Promise<History> {
  for await (const epoch of list.epochs()) {
    print(`\nStart of epoch ${epoch.index}`);

    // Iterate over the batches of the dataset.
    for await (const batch of epoch.batches(trainDataset)) {
      const [x, y] = batch.data;
      const values = await trainStep(trained, x, y);
      await batch.end(values, y.size);

      // Log every 200 batches.
      if (batch.index % 200 === 0) {
        print(
          `Training loss (for one batch) at step ${batch.index}: ${
            fixed(values.loss)
          }`,
        );
        print(`Seen so far: ${(batch.index + 1) * batchSize} samples`);
      }
    }
    // Display metrics at the end of each epoch.
    print(`Training acc over epoch: ${fixed(epoch.logs.accuracy!)}`);

    // Run a validation loop at the end of each epoch.
    for await (const batch of epoch.validate(valDataset)) {
      const [x, y] = batch.data;
      await batch.end(await testStep(trained, x, y), y.size);
    }
    print(`Validation acc: ${fixed(epoch.logs.val_accuracy!)}`);
  }
  return list.history;
}

/** What a batch reports. */
type Values = { readonly loss: number; readonly accuracy: number };

/** One step of training: gradients, an update of the weights, and what the batch reports. */
async function trainStep(
  { model, optimizer }: Pick<Parts, "model" | "optimizer">,
  x: tf.Tensor2D,
  y: tf.Tensor1D,
): Promise<Values> {
  let right!: tf.Scalar;
  const { value: loss, grads } = tf.variableGrads(() => {
    const logits = model.apply(x, { training: true }) as tf.Tensor2D;
    right = tf.keep(shareRight(y, logits));
    return lossFn(y, logits);
  }, model.trainableWeights.map((weight) => weight.read() as tf.Variable));
  optimizer.applyGradients(grads);
  tf.dispose(grads);
  return { loss: await read(loss), accuracy: await read(right) };
}

/** One evaluation step. */
async function testStep(
  { model }: Pick<Parts, "model">,
  x: tf.Tensor2D,
  y: tf.Tensor1D,
): Promise<Values> {
  const [loss, right] = tf.tidy(() => {
    const logits = model.predict(x) as tf.Tensor2D;
    return [lossFn(y, logits), shareRight(y, logits)];
  });
  return { loss: await read(loss!), accuracy: await read(right!) };
}

async function read(scalar: tf.Scalar): Promise<number> {
  const [value] = await scalar.data();
  scalar.dispose();
  return value!;
}

/** Sparse categorical cross-entropy, from logits. */
function lossFn(y: tf.Tensor1D, logits: tf.Tensor2D): tf.Scalar {
  return tf.losses.softmaxCrossEntropy(tf.oneHot(y, 10), logits);
}

function shareRight(y: tf.Tensor1D, logits: tf.Tensor2D): tf.Scalar {
  return logits.argMax(1).equal(y).mean();
}

/** The model from the Keras guide; its last layer outputs logits. */
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
