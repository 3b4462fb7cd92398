/**
 * "How can I apply custom callbacks in a TensorFlow 2.0 training loop?": two
 * custom plugins, one that prints and one that schedules the learning rate,
 * first in `fit` and then, unchanged, in a hand-written training loop.
 *
 * ```sh
 * deno task train examples/004_print_and_schedule.ts
 * ```
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { fit, type History, type Setup } from "@hookloop/hookloop";
import { customLogging } from "./004_print_and_schedule/custom_logging.ts";
import { dynamicLearningRate } from "./004_print_and_schedule/dynamic_learning_rate.ts";
import {
  type Batch,
  manualTrainLoop,
} from "./004_print_and_schedule/manual_train_loop.ts";

const TRAINING = { x: [1, 2, 3, 4], y: [0, 0, 1, 1] };
/** Labelled the wrong way round: its loss only grows, which gives the schedule something to do. */
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

  setup.print("With a hand-written loop:");
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
