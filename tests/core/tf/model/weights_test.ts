import { assert, assertEquals, assertThrows } from "@std/assert";
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
  const snapshot = weights.snapshot({ optimizer: false });
  for (let i = 0; i < 2; i++) {
    model.setWeights([tf.tensor2d([[5], [6]]), tf.tensor1d([7])]);
    weights.restore(snapshot);
    assertEquals(numbers(model), start);
  }
});

Deno.test("modelWeights() takes copies that in-place changes do not reach", () => {
  const model = linear({ inputs: 2 });
  const weights = modelWeights(model);
  const snapshot = weights.snapshot({ optimizer: false });
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
  const snapshot = weights.snapshot({ optimizer: false });
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
  const snapshot = weights.snapshot({ optimizer: false });
  model.setWeights(model.getWeights().map((weight) => weight.add(1)));
  weights.restore(snapshot);
  assertEquals(numbers(model), start);
  assertEquals(start.length, 4);
});

Deno.test("modelWeights() copies, restores and averages only the trainable weights if asked to", () => {
  const model = tf.sequential({
    layers: [
      tf.layers.batchNormalization({ inputShape: [1] }),
      tf.layers.dense({ units: 1, kernelInitializer: "ones" }),
      tf.layers.dense({ units: 1, trainable: false }),
    ],
  });
  const weights = modelWeights(model);
  const snapshot = weights.snapshot({ optimizer: false, trainable: true });
  model.setWeights(
    model.getWeights().map((weight) => tf.onesLike(weight).mul(5)),
  );
  weights.average(snapshot, 0.5);
  weights.restore(snapshot);
  // Gamma, beta, kernel and bias; then mean, variance and the frozen layer.
  assertEquals(numbers(model), [3, 2.5, 3, 2.5, 5, 5, 5, 5]);
  snapshot.dispose();
});

Deno.test("modelWeights() leaks nothing", async () => {
  const model = linear({ inputs: 2 });
  const weights = modelWeights(model);
  const leaked = await grown(() => {
    const snapshot = weights.snapshot({ optimizer: false });
    for (let i = 0; i < 5; i++) weights.average(snapshot, 0.9);
    weights.restore(snapshot);
    snapshot.dispose();
    snapshot.dispose();
  });
  assertEquals(leaked, 0);
});

Deno.test("modelWeights() rejects a snapshot of other weights and a disposed one", () => {
  const weights = modelWeights(linear());
  const gone = weights.snapshot({ optimizer: false });
  gone.dispose();
  assertThrows(
    () => weights.restore(gone),
    TypeError,
    "Cannot use the snapshot: it was disposed",
  );
  const foreign = modelWeights(linear()).snapshot({ optimizer: false });
  assertThrows(
    () => weights.average(foreign, 0.5),
    TypeError,
    "Cannot use the snapshot: it was taken from another model",
  );
});

Deno.test("variableWeights() does the same for variables, whole numbers too", () => {
  const variables = [
    tf.variable(tf.tensor1d([1.5, -2])),
    tf.variable(tf.tensor1d([3], "int32")),
  ];
  const weights = variableWeights(variables);
  const snapshot = weights.snapshot({ optimizer: false });
  variables[0]!.assign(tf.tensor1d([0, 0]));
  variables[1]!.assign(tf.tensor1d([0], "int32"));
  weights.restore(snapshot);
  assertEquals([...variables[0]!.dataSync()], [1.5, -2]);
  assertEquals([...variables[1]!.dataSync()], [3]);
});

Deno.test("modelWeights() lists the weights by layer and name, nested models too", async () => {
  const inner = tf.sequential({
    name: "inner",
    layers: [
      tf.layers.dense({ units: 2, inputShape: [2], name: "hidden" }),
      tf.layers.batchNormalization({ name: "norm" }),
    ],
  });
  const model = tf.sequential();
  model.add(inner);
  model.add(tf.layers.dense({ units: 1, name: "last", useBias: false }));
  const entries = modelWeights(model).entries();
  assertEquals(
    entries.map(({ layer, name, shape }): unknown[] => [layer, name, shape]),
    model.weights.map(({ originalName, shape }): unknown[] => [
      originalName.split("/")[0],
      originalName,
      shape,
    ]),
  );
  assertEquals(
    new Set(entries.map(({ layer }) => layer)),
    new Set(["hidden", "norm", "last"]),
  );
  const last = entries.find(({ layer }) => layer === "last")!;
  const before = Array.from(await last.values());
  model.layers[1]!.setWeights([tf.tensor2d([[5], [6]])]);
  assertEquals(Array.from(await last.values()), [5, 6]);
  assert(before[0] !== 5);
});

Deno.test("variableWeights() lists variables by their names", async () => {
  const slope = tf.variable(tf.scalar(3), true, "slope");
  const [entry] = variableWeights([slope]).entries();
  assertEquals([entry!.layer, entry!.name, entry!.shape], [
    "slope",
    "slope",
    [],
  ]);
  assertEquals(Array.from(await entry!.values()), [3]);
  slope.dispose();
});

Deno.test("weight stores copy an optimizer's state only if they know the optimizer", () => {
  assertEquals(modelWeights(linear()).optimizerState, false);
  assertEquals(modelWeights(linear(), tf.train.adam()).optimizerState, true);
  const own = Object.assign(Object.create(tf.train.sgd(1)), {
    getClassName: () => "Own",
  }) as tf.Optimizer;
  const weights = modelWeights(linear(), own);
  assertEquals(weights.optimizerState, false);
  assertThrows(
    () => weights.snapshot({ optimizer: true }),
    TypeError,
    `Cannot copy the state of optimizer "Own": only tf.js' own can be copied`,
  );
  class Derived extends tf.SGDOptimizer {}
  const derived = new Derived(0.1);
  assertEquals(modelWeights(linear(), derived).optimizerState, false);
  assertThrows(
    () => modelWeights(linear()).snapshot({ optimizer: true }),
    TypeError,
    "Cannot copy the state of the optimizer: there is none",
  );
});

Deno.test("modelWeights() restores what was kept from an earlier run of the same model", () => {
  const model = linear({ optimizer: tf.train.adam(0.1) });
  const start = numbers(model);
  const kept = modelWeights(model, model.optimizer).snapshot({
    optimizer: true,
  });
  model.setWeights([tf.tensor2d([[5]]), tf.tensor1d([7])]);
  modelWeights(model, model.optimizer).restore(kept);
  assertEquals(numbers(model), start);
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  assertThrows(
    () => modelWeights(model, model.optimizer).restore(kept),
    TypeError,
    "Cannot restore the snapshot: it holds the state of another optimizer",
  );
});
