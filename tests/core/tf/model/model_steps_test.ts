import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertFalse,
  assertThrows,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../../../core/errors.ts";
import type { Logs } from "../../../../core/plugin.ts";
import type { Batch } from "../../../../core/tf/data/batch.ts";
import { modelSteps } from "../../../../core/tf/model/model_steps.ts";
import { classifier, grown, linear, twoByTwo } from "../_models.ts";

function batch(
  x: number[][],
  y: number[][],
  sampleWeight?: number[],
): Batch {
  return {
    inputs: [tf.tensor2d(x)],
    targets: [tf.tensor2d(y)],
    sampleWeights: sampleWeight ? [tf.tensor1d(sampleWeight)] : [],
    size: x.length,
  };
}

function twoByTwoBatch(): Batch {
  return {
    inputs: [tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[0, 1], [1, 0]])],
    targets: [tf.tensor2d([[1], [2]]), tf.tensor2d([[0], [1]])],
    sampleWeights: [],
    size: 2,
  };
}

Deno.test("modelSteps() trains as tf.js does, under the names the user gave", async () => {
  const x = tf.randomUniform([8, 2], 0, 1, "float32", 3);
  const y = tf.tensor2d([0, 1, 2, 0, 1, 2, 0, 1], [8, 1]);
  const theirs = classifier();
  const { history } = await theirs.fit(x, y, {
    batchSize: 8,
    epochs: 3,
    shuffle: false,
  });
  const ours = classifier();
  const steps = modelSteps(ours);
  assertEquals(steps.metrics, ["loss", "accuracy"]);
  assertEquals(steps.directions, { loss: "min", accuracy: "max" });
  for (let epoch = 0; epoch < 3; epoch++) {
    steps.reset();
    steps.train({ inputs: [x], targets: [y], sampleWeights: [], size: 8 });
    const logs = steps.logs() as Logs;
    assertAlmostEquals(logs.loss!, history.loss![epoch] as number, 1e-6);
    assertAlmostEquals(logs.accuracy!, history.acc![epoch] as number, 1e-6);
  }
  assertEquals(
    ours.getWeights()[0]!.dataSync(),
    theirs.getWeights()[0]!.dataSync(),
  );
});

Deno.test("modelSteps() logs means weighted by the size of the batches", () => {
  const steps = modelSteps(linear());
  steps.reset();
  steps.test(batch([[1], [1], [1]], [[1], [1], [1]]));
  steps.test(batch([[5]], [[1]]));
  assertEquals(steps.logs(), { loss: 4 });
  steps.reset();
  steps.test(batch([[2]], [[1]]));
  assertEquals(steps.logs(), { loss: 1 });
});

Deno.test("modelSteps() names and sums the losses of several outputs, in test as in training", () => {
  const model = twoByTwo();
  const steps = modelSteps(model);
  const keys = ["loss", "sum_loss", "kind_loss", "sum_mae", "kind_accuracy"];
  assertEquals(steps.metrics, keys);
  const data = twoByTwoBatch();
  steps.reset();
  steps.test(data);
  const tested = steps.logs() as Logs;
  steps.reset();
  steps.train(data);
  const trained = steps.logs() as Logs;
  assertAlmostEquals(tested.loss!, tested.sum_loss! + tested.kind_loss!, 1e-5);
  for (const key of keys) {
    assertAlmostEquals(tested[key]!, trained[key]!, 1e-6, key);
  }
});

Deno.test("modelSteps() adds regularizers to the loss, in test as in training", () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 1,
        inputShape: [1],
        kernelInitializer: "ones",
        kernelRegularizer: tf.regularizers.l2({ l2: 0.5 }),
      }),
    ],
  });
  model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
  const steps = modelSteps(model);
  steps.reset();
  steps.test(batch([[1]], [[1]]));
  assertEquals(steps.logs(), { loss: 0.5 });
  steps.reset();
  steps.train(batch([[1]], [[1]]));
  assertEquals(steps.logs(), { loss: 0.5 });
  // d/dw 0.5 w^2 = 1 at w = 1.
  assertAlmostEquals(model.getWeights()[0]!.dataSync()[0]!, 0.9, 1e-6);
});

Deno.test("modelSteps() weighs samples in the loss, not in the metrics", () => {
  const steps = modelSteps(linear({ metrics: ["mae"] }));
  steps.reset();
  steps.test(batch([[2], [3]], [[1], [1]], [1, 0]));
  assertEquals(steps.logs(), { loss: 0.5, mae: 1.5 });
});

Deno.test("modelSteps() weighs each time step of a sample alike", () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 1,
        inputShape: [3, 1],
        kernelInitializer: "ones",
      }),
    ],
  });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const steps = modelSteps(model);
  steps.reset();
  steps.test({
    inputs: [tf.tensor3d([[[1], [1], [1]], [[2], [2], [2]]])],
    targets: [tf.zeros([2, 3, 1])],
    sampleWeights: [tf.tensor1d([1, 0])],
    size: 2,
  });
  assertEquals(steps.logs(), { loss: 0.5 });
});

Deno.test("modelSteps() weighs classes in training, for indices and one-hot labels", () => {
  const losses = (
    loss: string,
    y: number[][],
    classWeight?: Record<number, number>,
  ) => {
    const steps = modelSteps(classifier({ loss }), { classWeight });
    steps.reset();
    steps.train(batch([[1, 2], [3, 4]], y));
    return (steps.logs() as Logs).loss!;
  };
  const sparse = "sparseCategoricalCrossentropy";
  const onlyFirst = losses(sparse, [[0], [1]], { 1: 0 });
  const both = losses(sparse, [[0], [1]]);
  const onlySecond = losses(sparse, [[0], [1]], { 0: 0 });
  assertAlmostEquals(onlyFirst + onlySecond, both, 1e-6);
  assert(onlyFirst > 0 && onlySecond > 0);
  const oneHot = losses("categoricalCrossentropy", [[1, 0, 0], [0, 1, 0]], {
    1: 0,
  });
  assertAlmostEquals(oneHot, onlyFirst, 1e-6);
});

Deno.test("modelSteps() refuses class weights that do not fit", () => {
  const refused = (classWeight: object, message: string) =>
    assertThrows(
      () => modelSteps(classifier(), { classWeight: classWeight as never }),
      InputError,
      message,
    );
  refused(
    { 3: 1 },
    `Cannot use classWeight: classes are 0 to 2, current value is "3"`,
  );
  refused(
    { 0: -1 },
    "Cannot use classWeight: the weight of class 0 must be a number from 0 on, current value is -1",
  );
  refused(
    { clases: { 0: 1 } },
    `Cannot use classWeight: there is no output "clases", did you mean "classes"?`,
  );
  assertThrows(
    () => modelSteps(twoByTwo(), { classWeight: { 0: 2 } }),
    InputError,
    "Cannot use classWeight: the model has 2 outputs, so it must be given by output",
  );
});

Deno.test("modelSteps() weighs the classes of one output by its name", () => {
  const steps = modelSteps(twoByTwo(), {
    classWeight: { kind: { 0: 0, 1: 0 } },
  });
  steps.reset();
  steps.train(twoByTwoBatch());
  const logs = steps.logs() as Logs;
  assertEquals(logs.kind_loss, 0);
  assert(logs.sum_loss! > 0);
});

Deno.test("modelSteps() predicts one tensor, or a list for several outputs", () => {
  const one = modelSteps(linear()).predict(batch([[2]], [[0]]));
  assertEquals((one as tf.Tensor).arraySync(), [[2]]);
  const two = modelSteps(twoByTwo()).predict(twoByTwoBatch());
  assertEquals((two as tf.Tensor[]).map(({ shape }) => shape), [[2, 1], [
    2,
    2,
  ]]);
});

Deno.test("modelSteps() waits for nothing on cpu", () => {
  const steps = modelSteps(linear());
  const data = batch([[1]], [[1]]);
  for (const result of [steps.train(data), steps.test(data), steps.logs()]) {
    assertFalse(result instanceof Promise);
  }
});

Deno.test("modelSteps() leaks nothing, not in a step that throws either", async () => {
  for (const model of [linear({ optimizer: tf.train.adam(0.1) }), twoByTwo()]) {
    const steps = modelSteps(model);
    const data = model.inputs.length === 1
      ? batch([[1]], [[1]])
      : twoByTwoBatch();
    steps.train(data); // makes the optimizer's slots
    const leaked = await grown(() => {
      steps.reset();
      steps.train(data);
      steps.test(data);
      tf.dispose(steps.predict(data) as tf.Tensor);
      steps.logs();
    });
    assertEquals(leaked, 0);
  }
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
  });
  const failing = () => {
    throw new Error("no metric");
  };
  model.compile({
    optimizer: "sgd",
    loss: "meanSquaredError",
    metrics: [failing],
  });
  const steps = modelSteps(model);
  const data = batch([[1]], [[1]]);
  const leaked = await grown(() =>
    assertThrows(() => steps.train(data), Error, "no metric")
  );
  assertEquals(leaked, 0);
});

Deno.test("modelSteps() refuses a model that is not compiled", () => {
  const model = tf.sequential({
    name: "raw",
    layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
  });
  assertThrows(
    () => modelSteps(model),
    InputError,
    `Cannot train or evaluate model "raw": it was not compiled with an optimizer and a loss for each output; call model.compile(`,
  );
});
