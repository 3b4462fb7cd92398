import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  modelWeights,
  variableWeights,
} from "../../../../core/tf/model/weights.ts";
import { grown, linear } from "../_models.ts";

function numbers(model: tf.LayersModel): number[] {
  return model.getWeights().flatMap((weight) => [...weight.dataSync()]);
}

Deno.test("modelWeights() restores what a snapshot holds, as often as asked", () => {
  const model = linear({ inputs: 2 });
  const weights = modelWeights(model);
  const start = numbers(model);
  const snapshot = weights.snapshot();
  for (let i = 0; i < 2; i++) {
    model.setWeights([tf.tensor2d([[5], [6]]), tf.tensor1d([7])]);
    weights.restore(snapshot);
    assertEquals(numbers(model), start);
  }
});

Deno.test("modelWeights() takes copies that a change in place does not reach", () => {
  const model = linear({ inputs: 2 });
  const weights = modelWeights(model);
  const snapshot = weights.snapshot();
  // On the cpu backend a read is the tensor's own memory.
  const inPlace = () => model.getWeights()[0]!.dataSync().fill(9);
  inPlace();
  weights.restore(snapshot);
  assertEquals(numbers(model), [1, 1, 0]);
  inPlace();
  weights.restore(snapshot);
  assertEquals(numbers(model), [1, 1, 0]);
});

Deno.test("modelWeights() averages into the snapshot", () => {
  const model = linear({ inputs: 2 });
  const weights = modelWeights(model);
  const snapshot = weights.snapshot();
  model.setWeights([tf.tensor2d([[5], [9]]), tf.tensor1d([4])]);
  weights.average(snapshot, 0.75);
  weights.restore(snapshot);
  assertEquals(numbers(model), [2, 3, 1]);
});

Deno.test("modelWeights() keeps non-trainable weights too", () => {
  const model = tf.sequential({
    layers: [tf.layers.batchNormalization({ inputShape: [1] })],
  });
  const weights = modelWeights(model);
  const start = numbers(model);
  const snapshot = weights.snapshot();
  model.setWeights(model.getWeights().map((weight) => weight.add(1)));
  weights.restore(snapshot);
  assertEquals(numbers(model), start);
  assertEquals(start.length, 4);
});

Deno.test("modelWeights() leaks nothing", async () => {
  const model = linear({ inputs: 2 });
  const weights = modelWeights(model);
  const leaked = await grown(() => {
    const snapshot = weights.snapshot();
    for (let i = 0; i < 5; i++) weights.average(snapshot, 0.9);
    weights.restore(snapshot);
    snapshot.dispose();
    snapshot.dispose();
  });
  assertEquals(leaked, 0);
});

Deno.test("modelWeights() refuses a snapshot of others and one that is gone", () => {
  const weights = modelWeights(linear());
  const gone = weights.snapshot();
  gone.dispose();
  assertThrows(
    () => weights.restore(gone),
    TypeError,
    "Cannot use the snapshot: it was disposed",
  );
  const foreign = modelWeights(linear()).snapshot();
  assertThrows(
    () => weights.average(foreign, 0.5),
    TypeError,
    "Cannot use the snapshot: it was taken of another model",
  );
});

Deno.test("variableWeights() does the same for variables, whole numbers too", () => {
  const variables = [
    tf.variable(tf.tensor1d([1.5, -2])),
    tf.variable(tf.tensor1d([3], "int32")),
  ];
  const weights = variableWeights(variables);
  const snapshot = weights.snapshot();
  variables[0]!.assign(tf.tensor1d([0, 0]));
  variables[1]!.assign(tf.tensor1d([0], "int32"));
  weights.restore(snapshot);
  assertEquals([...variables[0]!.dataSync()], [1.5, -2]);
  assertEquals([...variables[1]!.dataSync()], [3]);
});
