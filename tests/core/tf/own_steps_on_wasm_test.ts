import { assertEquals, assertStrictEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  callbackList,
  silent,
  tfGradientSteps,
  tfResources,
  train,
  useBackend,
} from "../../../mod.ts";

/** A small model, what its loss is on a batch, and an optimizer of tf.js. */
function subject() {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, inputShape: [4], activation: "relu" }),
      tf.layers.dense({ units: 1 }),
    ],
  });
  const variables = model.trainableWeights.map((w) => w.read() as tf.Variable);
  const loss = (seed: number) =>
    tf.tidy(() => {
      const x = tf.randomNormal([8, 4], 0, 1, "float32", seed);
      return tf.mean(tf.square(model.apply(x) as tf.Tensor)) as tf.Scalar;
    });
  const optimizer: tf.Optimizer = tf.train.adam(0.01);
  return { model, variables, loss, optimizer };
}

type Subject = ReturnType<typeof subject>;

/** The ways to write a training step by hand. */
const WAYS: Record<string, (it: Subject, batches: number[]) => unknown> = {
  "train with minimize": ({ loss, optimizer }, batches) =>
    train(
      {
        trainStep: (seed: number) => ({
          loss: optimizer.minimize(() => loss(seed), true)!,
        }),
        metrics: ["loss"],
      },
      batches,
      { printer: silent() },
    ),

  "train with gradientStep": ({ loss, optimizer, variables }, batches) =>
    train(
      { ...tfGradientSteps({ loss, variables, optimizer }), metrics: ["loss"] },
      batches,
      { printer: silent() },
    ),

  "a hand-written loop": async (it, batches) => {
    const { model, optimizer, loss, variables } = it;
    await using list = callbackList({
      ...tfResources({ model, optimizer }),
      metrics: ["loss"],
      printer: silent(),
    });
    for await (const epoch of list.epochs()) {
      for await (const batch of epoch.batches(batches)) {
        const { value, grads } = tf.variableGrads(
          () => loss(batch.data),
          variables,
        );
        optimizer.applyGradients(grads);
        tf.dispose(grads);
        await batch.end({ loss: value });
      }
    }
  },
};

for (const [name, run] of Object.entries(WAYS)) {
  Deno.test(`on wasm, ${name} updates weights in place, as fit does, and leaves no tensor`, async () => {
    await useBackend("wasm", { threads: 1 });
    const it = subject();
    await run(it, [1, 2, 3]); // data shared with the initial values are copied first
    const data = it.variables.map(({ dataId }) => dataId);
    const { numTensors } = tf.memory();
    await run(it, [4, 5, 6]);
    it.variables.forEach(({ dataId }, i) =>
      assertStrictEquals(dataId, data[i])
    );
    assertEquals(tf.memory().numTensors, numTensors);
    it.model.dispose();
    it.optimizer.dispose();
  });
}
