import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { evaluate } from "../../../../core/tf/evaluate.ts";
import { fit } from "../../../../core/tf/fit.ts";
import { layerArguments } from "../../../../core/tf/model/layer_arguments.ts";
import { predict } from "../../../../core/tf/predict.ts";
import { grown } from "../_models.ts";

const MAKERS = {
  lstm: tf.layers.lstm,
  gru: tf.layers.gru,
  simpleRNN: tf.layers.simpleRNN,
} as unknown as Record<string, (args: unknown) => tf.layers.Layer>;

const seeded = (seed: number) => ({
  kernelInitializer: tf.initializers.glorotUniform({ seed }),
  recurrentInitializer: tf.initializers.glorotUniform({ seed: seed + 1 }),
});

/** An encoder whose states a decoder begins with, and a recurrent layer behind it. */
function translator(make: (args: unknown) => tf.layers.Layer): tf.LayersModel {
  const source = tf.input({ shape: [3, 2] });
  const target = tf.input({ shape: [4, 2] });
  const units = 3;
  const [, ...states] = make({ units, returnState: true, ...seeded(1) })
    .apply(source) as tf.SymbolicTensor[];
  const decoded = make({ units, returnSequences: true, ...seeded(3) })
    .apply(target, { initialState: states }) as tf.SymbolicTensor;
  // As many units as the decoder: its states would fit, and change the result.
  const outputs = make({ units, ...seeded(5) }).apply(decoded);
  const model = tf.model({
    inputs: [source, target],
    outputs: outputs as tf.SymbolicTensor,
  });
  model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
  return model;
}

for (const [name, make] of Object.entries(MAKERS)) {
  Deno.test(`${name} with an initial state, followed by another, predicts and evaluates as in tf.js, and trains`, async () => {
    const model = translator(make);
    const x = [
      tf.randomUniform([8, 3, 2], 0, 1, "float32", 1),
      tf.ones([8, 4, 2]),
    ];
    const y = tf.ones([8, 3]);
    const expected = model.predict(x) as tf.Tensor;
    const outputs = await predict(model, x) as tf.Tensor;
    assertEquals(outputs.dataSync(), expected.dataSync());
    const { loss } = await evaluate(model, { x, y });
    const theirs = model.evaluate(x, y) as tf.Scalar;
    assertEquals(loss, theirs.dataSync()[0]);
    const { history } = await fit(model, { x, y }, { epochs: 3 });
    assert(history.loss!.at(-1)! < loss!);
    assertEquals(await grown(() => fit(model, { x, y })), 0);
    tf.dispose([x, y, outputs, expected, theirs]);
    model.dispose();
  });
}

Deno.test("both directions of a bidirectional layer get their part of the initial state", async () => {
  const x = tf.input({ shape: [3, 2] });
  const state = tf.input({ shape: [4] });
  const layer = tf.layers.bidirectional({
    layer: tf.layers.gru({ units: 4, returnSequences: true }) as tf.RNN,
    mergeMode: "concat",
  });
  const both = layer.apply([x, state, state]) as tf.SymbolicTensor;
  const outputs = tf.layers.gru({ units: 2 }).apply(both) as tf.SymbolicTensor;
  const model = tf.model({ inputs: [x, state], outputs });
  const inputs = [tf.ones([2, 3, 2]), tf.ones([2, 4])];
  const expected = model.predict(inputs) as tf.Tensor;
  const actual = await predict(model, inputs) as tf.Tensor;
  assertEquals(actual.dataSync(), expected.dataSync());
});

Deno.test("an initial state is read once", () => {
  const given = layerArguments(true);
  given.initialState = 1;
  assertEquals([given.initialState, given.initialState], [1, undefined]);
  assertEquals(given.training, true);
});
