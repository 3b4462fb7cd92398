import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../../../core/errors.ts";
import { useBackend } from "../../../../core/tf/backend.ts";
import { layerMemory } from "../../../../core/tf/model/layer_memory.ts";
import { modelWeights } from "../../../../core/tf/model/weights.ts";
import type { SavedSnapshot } from "../../../../core/steps.ts";
import { numbers } from "../_models.ts";

const seeded = () => tf.initializers.glorotUniform({ seed: 3 });
const rnn = {
  kernelInitializer: seeded(),
  recurrentInitializer: seeded(),
  stateful: true,
};

/** One layer a batch of two rows of three steps of two numbers goes through. */
const LAYERS: Record<string, () => tf.layers.Layer[]> = {
  "a stateful LSTM": () => [tf.layers.lstm({ units: 3, ...rnn })],
  "a stateful GRU and one that is not": () => [
    tf.layers.gru({ units: 3, ...rnn, returnSequences: true }),
    tf.layers.gru({ units: 2, ...rnn, stateful: false }),
  ],
  "a bidirectional one": () => [
    tf.layers.bidirectional({
      layer: tf.layers.simpleRNN({ units: 3, ...rnn }) as tf.RNN,
      mergeMode: "concat",
    }),
  ],
  "stacked cells": () => [
    tf.layers.rnn({
      cell: [
        tf.layers.lstmCell({ units: 3, ...rnn }),
        tf.layers.simpleRNNCell({ units: 2, ...rnn }),
      ],
      stateful: true,
    }),
  ],
  "a nested model": () => [
    tf.sequential({
      layers: [
        tf.layers.lstm({ units: 3, ...rnn, batchInputShape: [2, 3, 2] }),
      ],
    }),
  ],
};

function model(layers: () => tf.layers.Layer[]): tf.LayersModel {
  const input = tf.input({ batchShape: [2, 3, 2] });
  const output = layers().reduce(
    (tensor, layer) => layer.apply(tensor) as tf.SymbolicTensor,
    input,
  );
  const dense = tf.layers.dense({ units: 1, kernelInitializer: seeded() });
  const model = tf.model({
    inputs: input,
    outputs: dense.apply(output) as tf.SymbolicTensor,
  });
  model.compile({ optimizer: tf.train.adam(0.05), loss: "meanSquaredError" });
  return model;
}

async function train(model: tf.LayersModel, from: number, to: number) {
  for (let i = from; i < to; i++) {
    const x = tf.tensor3d(
      Array.from({ length: 12 }, (_, j) => Math.sin(i * 12 + j)),
      [2, 3, 2],
    );
    const y = tf.tensor2d([Math.cos(i), Math.cos(2 * i)], [2, 1]);
    await model.trainOnBatch(x, y);
    tf.dispose([x, y]);
  }
}

for (const backend of ["cpu", "wasm"] as const) {
  for (const [name, layers] of Object.entries(LAYERS)) {
    Deno.test(`layerMemory() goes on bit for bit with ${name} on ${backend}`, async () => {
      await useBackend(backend, { threads: 1 });
      const unbroken = model(layers);
      await train(unbroken, 0, 3);
      const store = modelWeights(unbroken, unbroken.optimizer);
      const weights = store.write!() as SavedSnapshot;
      const memory = structuredClone(layerMemory(unbroken).save());
      await train(unbroken, 3, 6);

      for (const withMemory of [true, false]) {
        const resumed = model(layers);
        const into = modelWeights(resumed, resumed.optimizer);
        into.restore(into.read!(weights));
        const tensors = tf.memory().numTensors;
        if (withMemory) await layerMemory(resumed).load(memory);
        assertEquals(tf.memory().numTensors, tensors);
        await train(resumed, 3, 6);
        // Without it, it would not be the same.
        (withMemory ? assertEquals : assertNotEquals)(
          numbers(resumed),
          numbers(unbroken),
        );
      }
    });
  }
}

Deno.test("layerMemory() of layers that remember nothing is nothing, and of other layers is refused", async () => {
  await useBackend("cpu");
  const dense = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
  });
  const nothing = layerMemory(dense).save();
  assertEquals(nothing, []);
  const lstm = model(LAYERS["a stateful LSTM"]!);
  const wider = model(() => [tf.layers.lstm({ units: 4, ...rnn })]);
  for (const saved of [nothing, layerMemory(wider).save()]) {
    assertThrows(
      () => void layerMemory(lstm).load(saved),
      InputError,
      "Cannot take back what the layers of the model remembered: it is of other layers",
    );
  }
});
