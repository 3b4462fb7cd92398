/**
 * Small models and data for them: 3 classes, told apart by a sum of waves.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { ModelData, TrainingData } from "../../mod.ts";
import type { Setting } from "./setting.ts";

/** Samples a batch. */
export const BATCH = 8;
const TRAINING = 48;
const VALIDATION = 16;

/** A compiled model of its kind, always with the same weights. */
export function modelOf({ model: kind, optimizer, seed }: Setting) {
  let count = 0;
  const kernelInitializer = () =>
    tf.initializers.glorotUniform({ seed: seed + ++count });
  const top = () =>
    tf.layers.dense({
      units: 3,
      activation: "softmax",
      kernelInitializer: kernelInitializer(),
    });
  const model = tf.sequential({
    layers: [...LAYERS[kind](kernelInitializer), top()],
  });
  model.compile({
    optimizer: OPTIMIZERS[optimizer](),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  return model;
}

const OPTIMIZERS: Readonly<Record<Setting["optimizer"], () => tf.Optimizer>> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.05, 0.9),
  adam: () => tf.train.adam(0.02),
  rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0.5),
};

type Initializer = ReturnType<typeof tf.initializers.glorotUniform>;

const LAYERS: Readonly<
  Record<Setting["model"], (of: () => Initializer) => tf.layers.Layer[]>
> = {
  mlp: (kernelInitializer) => [
    tf.layers.dense({
      units: 8,
      inputShape: [6],
      activation: "relu",
      kernelInitializer: kernelInitializer(),
    }),
    tf.layers.dropout({ rate: 0.3 }),
    tf.layers.gaussianNoise({ stddev: 0.1 }),
  ],
  cnn: (kernelInitializer) => [
    tf.layers.conv2d({
      filters: 4,
      kernelSize: 3,
      inputShape: [6, 6, 1],
      activation: "relu",
      kernelInitializer: kernelInitializer(),
    }),
    tf.layers.batchNormalization({}),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    tf.layers.flatten(),
    tf.layers.dropout({ rate: 0.2, seed: 3 }),
  ],
  lstm: (kernelInitializer) => [
    tf.layers.embedding({
      inputDim: 12,
      outputDim: 4,
      inputLength: 5,
      embeddingsInitializer: kernelInitializer(),
    }),
    lstm(kernelInitializer, { dropout: 0.2, recurrentDropout: 0.2 }),
  ],
  stateful: (kernelInitializer) => [
    tf.layers.embedding({
      inputDim: 12,
      outputDim: 4,
      batchInputShape: [BATCH, 5],
      embeddingsInitializer: kernelInitializer(),
    }),
    lstm(kernelInitializer, { stateful: true }),
  ],
};

function lstm(
  initializer: () => Initializer,
  options: Partial<Parameters<typeof tf.layers.lstm>[0]>,
) {
  return tf.layers.lstm({
    units: 4,
    kernelInitializer: initializer(),
    recurrentInitializer: initializer(),
    ...options,
  });
}

/** Samples in memory. */
export interface Samples {
  readonly x: readonly unknown[];
  readonly y: readonly number[];
}

/** Samples for a model, for training and for validation. */
export function samplesFor(
  kind: Setting["model"],
): { readonly training: Samples; readonly validation: Samples } {
  const all = Array.from(
    { length: TRAINING + VALIDATION },
    (_, i) => SAMPLE[kind](i),
  );
  const y = all.map((_, i) => (i * i + Math.floor(i / 5)) % 3);
  const part = (from: number, to?: number) => ({
    x: all.slice(from, to),
    y: y.slice(from, to),
  });
  return { training: part(0, TRAINING), validation: part(TRAINING) };
}

const wave = (i: number, j: number) => Math.sin(i * (j + 1) + j * j);
const words = (i: number) =>
  Array.from({ length: 5 }, (_, j) => (i * (j + 2) + j) % 12);

const SAMPLE: Readonly<Record<Setting["model"], (i: number) => unknown>> = {
  mlp: (i) => Array.from({ length: 6 }, (_, j) => wave(i, j)),
  cnn: (i) =>
    Array.from(
      { length: 6 },
      (_, j) => Array.from({ length: 6 }, (_, k) => [wave(i, 6 * j + k)]),
    ),
  lstm: words,
  stateful: words,
};

/** The samples in the form that a setting asks for. */
export function trainingData(
  { data, seed }: Setting,
  { x, y }: Samples,
): TrainingData {
  if (data === "arrays") return { x, y } as TrainingData;
  if (data === "generator") return (epoch) => batches({ x, y }, epoch);
  const samples = x.map((xs, i) => ({ xs, ys: y[i]! }));
  return tf.data.array(samples as tf.TensorContainer[])
    .map((it) => {
      const { xs, ys } = it as { xs: tf.TensorLike; ys: number };
      return { xs: tf.tensor(xs), ys: tf.tensor1d([ys]) };
    })
    .shuffle(20, String(seed))
    .batch(BATCH) as unknown as TrainingData;
}

/** The samples to validate with, and how many batches of them. */
export function validationOf(
  { validation, ...setting }: Setting,
  samples: Samples,
): { readonly data: TrainingData; readonly steps: number | undefined } {
  return validation === "arrays"
    ? { data: samples as TrainingData, steps: undefined }
    : {
      data: trainingData({ ...setting, validation, data: "dataset" }, samples),
      steps: 1,
    };
}

/** Other batches in each epoch, made when they are asked for. */
function* batches({ x, y }: Samples, epoch: number) {
  for (let from = 0; from < x.length; from += BATCH) {
    const at = Array.from(
      { length: BATCH },
      (_, i) => (7 * (from + i) + 5 * epoch) % x.length,
    );
    yield {
      x: at.map((i) => x[i]) as ModelData,
      y: at.map((i) => y[i]!),
    };
  }
}
