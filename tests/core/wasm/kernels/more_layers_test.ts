import * as tf from "@tensorflow/tfjs";
import { normal } from "../_on_both.ts";
import { assertTrains } from "../_trains.ts";

type Layer = tf.layers.Layer;

const l = tf.layers;
const flat = [6], sequence = [6, 5];

const MERGES: Record<string, () => Layer> = {
  add: () => l.add(),
  average: () => l.average(),
  concatenate: () => l.concatenate(),
  dot: () => l.dot({ axes: 1 }),
  maximum: () => l.maximum(),
  minimum: () => l.minimum(),
  multiply: () => l.multiply(),
};

for (const [name, make] of Object.entries(MERGES)) {
  Deno.test(`${name} trains on wasm as on cpu`, async () => {
    await tf.setBackend("cpu");
    const inputs = [tf.input({ shape: flat }), tf.input({ shape: flat })];
    const branches = inputs.map((x) =>
      l.dense({ units: 5 }).apply(x) as tf.SymbolicTensor
    );
    const outputs = make().apply(branches) as tf.SymbolicTensor;
    await assertTrains(
      tf.model({ inputs, outputs }),
      () => [normal([4, 6], 5), normal([4, 6], 6)],
    );
  });
}

Deno.test("embedding trains on wasm as on cpu", async () => {
  await tf.setBackend("cpu");
  const model = tf.sequential({
    layers: [
      l.embedding({ inputDim: 9, outputDim: 4, inputLength: 6 }),
      l.lstm({ units: 3 }),
    ],
  });
  await assertTrains(model, () => [tf.randomUniform([4, 6], 0, 9, "int32", 5)]);
});

Deno.test("masking trains on wasm as on cpu", async () => {
  await tf.setBackend("cpu");
  const model = tf.sequential({
    layers: [
      l.masking({ maskValue: 0, inputShape: sequence }),
      l.lstm({ units: 4 }),
    ],
  });
  await assertTrains(model, () => [tf.relu(normal([4, ...sequence], 5))]);
});
