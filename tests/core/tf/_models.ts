/**
 * Tiny models for the tests of core/tf.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

// Silences the advice on tfjs-node, and skips tf.js' slow checks.
tf.enableProdMode();
await tf.setBackend("cpu");

/** `outputs` numbers from `inputs`, linear, all weights `weight`. */
export function linear(
  { inputs = 1, outputs = 1, weight = 1, ...compile }: {
    inputs?: number;
    outputs?: number;
    weight?: number;
    optimizer?: string | tf.Optimizer;
    loss?: string;
    metrics?: string[];
  } = {},
): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: outputs,
        inputShape: [inputs],
        kernelInitializer: tf.initializers.constant({ value: weight }),
      }),
    ],
  });
  const { optimizer = "sgd", loss = "meanSquaredError", metrics = [] } =
    compile;
  model.compile({ optimizer, loss, metrics });
  return model;
}

/** A softmax over `classes` from `inputs` numbers. */
export function classifier(
  { inputs = 2, classes = 3, loss = "sparseCategoricalCrossentropy" } = {},
): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: classes,
        inputShape: [inputs],
        activation: "softmax",
        kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
        name: "classes",
      }),
    ],
  });
  model.compile({ optimizer: tf.train.sgd(0.1), loss, metrics: ["accuracy"] });
  return model;
}

/** Inputs `a` and `b` of two numbers each; outputs `sum` (1 number) and `kind` (2 classes). */
export function twoByTwo(): tf.LayersModel {
  const a = tf.input({ shape: [2], name: "a" });
  const b = tf.input({ shape: [2], name: "b" });
  const joined = tf.layers.concatenate().apply([a, b]) as tf.SymbolicTensor;
  const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });
  const sum = tf.layers.dense({
    units: 1,
    name: "sum",
    kernelInitializer: seeded(1),
  }).apply(joined) as tf.SymbolicTensor;
  const kind = tf.layers.dense({
    units: 2,
    name: "kind",
    activation: "softmax",
    kernelInitializer: seeded(2),
  }).apply(joined) as tf.SymbolicTensor;
  const model = tf.model({ inputs: [a, b], outputs: [sum, kind] });
  model.compile({
    optimizer: tf.train.sgd(0.1),
    loss: {
      sum: "meanSquaredError",
      kind: "sparseCategoricalCrossentropy",
    },
    metrics: { kind: "accuracy", sum: "mae" },
  });
  return model;
}

/** Run `work` and return by how many tensors it grew. */
export async function grown(work: () => unknown): Promise<number> {
  const before = tf.memory().numTensors;
  await work();
  return tf.memory().numTensors - before;
}

/** All weights of a model, one behind the other. */
export function numbers(model: tf.LayersModel): number[] {
  return model.getWeights().flatMap((weight) => [...weight.dataSync()]);
}
