/**
 * The models of the benches, with random data (never zeros, which some kernels
 * take short cuts on).
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";

/** Which model. */
export type ModelName = "mlp" | "cnn" | "lstm";

/** A compiled model and one batch for it. */
export interface Subject {
  /** The model. */
  readonly model: tf.LayersModel;
  /** Inputs of all batches. */
  readonly x: tf.Tensor;
  /** Targets of all batches. */
  readonly y: tf.Tensor;
  /** Samples a batch. */
  readonly batchSize: number;
  /** Batches. */
  readonly batches: number;
  /** Floating-point operations of the matrix products in one step; 0 where not counted. */
  readonly flop: number;
}

const BATCH = 64;

/**
 * Make a model and its data.
 *
 * @param T tf.js.
 * @param name Which model.
 * @param batches How many batches of data.
 */
export function subject(
  T: typeof tf,
  name: ModelName,
  batches: number,
): Subject {
  const count = BATCH * batches;
  const model = MODELS[name](T);
  model.compile({
    optimizer: T.train.adam(1e-3),
    loss: "categoricalCrossentropy",
    metrics: ["accuracy"],
  });
  const [, ...shape] = model.inputs[0]!.shape as number[];
  const x = name === "lstm"
    ? T.randomUniform([count, ...shape], 0, 2000, "int32").toFloat()
    : T.randomUniform([count, ...shape]);
  const labels = T.randomUniform([count], 0, 10, "int32");
  const y = T.oneHot(labels as tf.Tensor1D, 10).toFloat();
  labels.dispose();
  return { model, x, y, batchSize: BATCH, batches, flop: FLOP[name] };
}

const MODELS: Readonly<
  Record<ModelName, (T: typeof tf) => tf.LayersModel>
> = {
  mlp: ({ layers, sequential }) =>
    sequential({
      layers: [
        layers.dense({ units: 128, inputShape: [784], activation: "relu" }),
        layers.dense({ units: 10, activation: "softmax" }),
      ],
    }),
  cnn: ({ layers, sequential }) =>
    sequential({
      layers: [
        layers.conv2d({
          filters: 32,
          kernelSize: 3,
          activation: "relu",
          inputShape: [28, 28, 1],
        }),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.conv2d({ filters: 64, kernelSize: 3, activation: "relu" }),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.flatten(),
        layers.dense({ units: 10, activation: "softmax" }),
      ],
    }),
  lstm: ({ layers, sequential }) =>
    sequential({
      layers: [
        layers.embedding({ inputDim: 2000, outputDim: 32, inputLength: 20 }),
        layers.lstm({ units: 32 }),
        layers.dense({ units: 10, activation: "softmax" }),
      ],
    }),
};

/** Forward, gradient of the weights and, but for the first layer, gradient of the inputs. */
export const FLOP: Readonly<Record<ModelName, number>> = {
  mlp: product(BATCH, 784, 128) * 2 + product(BATCH, 128, 10) * 3,
  cnn: product(BATCH * 26 * 26, 9, 32) * 2 +
    product(BATCH * 11 * 11, 9 * 32, 64) * 3 +
    product(BATCH, 1600, 10) * 3,
  lstm: 0,
};

function product(m: number, k: number, n: number): number {
  return 2 * m * k * n;
}
