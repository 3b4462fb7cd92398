import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertFalse,
  assertThrows,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../../../core/errors.ts";
import type { GradientTransform } from "../../../../core/loop/gradients.ts";
import { accumulate } from "../../../../core/tf/accumulate.ts";
import { clipByGlobalNorm } from "../../../../core/tf/gradient_transforms.ts";
import type { LogRecord } from "../../../../core/plugin.ts";
import type { Sums } from "../../../../core/steps.ts";
import type { Batch } from "../../../../core/tf/data/batch.ts";
import {
  modelSteps,
  predictSteps,
} from "../../../../core/tf/model/model_steps.ts";
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

function noSums(): Sums {
  return { values: {}, weights: {} };
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
    steps.begin(noSums());
    steps.train({ inputs: [x], targets: [y], sampleWeights: [], size: 8 });
    const logs = steps.logs() as LogRecord;
    assertAlmostEquals(logs.loss!, history.loss![epoch] as number, 1e-6);
    assertAlmostEquals(logs.accuracy!, history.acc![epoch] as number, 1e-6);
  }
  assertEquals(
    ours.getWeights()[0]!.dataSync(),
    theirs.getWeights()[0]!.dataSync(),
  );
});

Deno.test("modelSteps() logs means weighted by batch size", () => {
  const steps = modelSteps(linear());
  steps.begin(noSums());
  steps.test(batch([[1], [1], [1]], [[1], [1], [1]]));
  steps.test(batch([[5]], [[1]]));
  assertEquals(steps.logs(), { loss: 4 });
  steps.begin(noSums());
  steps.test(batch([[2]], [[1]]));
  assertEquals(steps.logs(), { loss: 1 });
});

Deno.test("modelSteps() names and sums the losses of several outputs, in test as in training", () => {
  const model = twoByTwo();
  const steps = modelSteps(model);
  const keys = ["loss", "sum_loss", "kind_loss", "sum_mae", "kind_accuracy"];
  assertEquals(steps.metrics, keys);
  const data = twoByTwoBatch();
  steps.begin(noSums());
  steps.test(data);
  const tested = steps.logs() as LogRecord;
  steps.begin(noSums());
  steps.train(data);
  const trained = steps.logs() as LogRecord;
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
  steps.begin(noSums());
  steps.test(batch([[1]], [[1]]));
  assertEquals(steps.logs(), { loss: 0.5 });
  steps.begin(noSums());
  steps.train(batch([[1]], [[1]]));
  assertEquals(steps.logs(), { loss: 0.5 });
  // d/dw 0.5 w^2 = 1 at w = 1.
  assertAlmostEquals(model.getWeights()[0]!.dataSync()[0]!, 0.9, 1e-6);
});

Deno.test("modelSteps() weighs samples in the loss, not in the metrics", () => {
  const steps = modelSteps(linear({ metrics: ["mae"] }));
  steps.begin(noSums());
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
  steps.begin(noSums());
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
    steps.begin(noSums());
    steps.train(batch([[1, 2], [3, 4]], y));
    return (steps.logs() as LogRecord).loss!;
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

Deno.test("modelSteps() rejects class weights that do not fit", () => {
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
    "Cannot use classWeight: the weight of class 0 must be a number >= 0, current value is -1",
  );
  refused(
    { clases: { 0: 1 } },
    `Cannot use classWeight: there is no output "clases", did you mean "classes"?`,
  );
  refused(
    [{ 0: 1 }, { 0: 1 }],
    `Cannot use classWeight: there is no output "1" (outputs are "classes")`,
  );
  assertThrows(
    () => modelSteps(twoByTwo(), { classWeight: { 0: 2 } }),
    InputError,
    "Cannot use classWeight: the model has 2 outputs, so it must be given by output",
  );
});

Deno.test("modelSteps() weighs the classes of one output by its name, or its place as in tf.js", () => {
  const weights = { 0: 0, 1: 0 };
  for (const classWeight of [{ kind: weights }, [null, weights]]) {
    const steps = modelSteps(twoByTwo(), { classWeight });
    steps.begin(noSums());
    steps.train(twoByTwoBatch());
    const logs = steps.logs() as LogRecord;
    assertEquals(logs.kind_loss, 0);
    assert(logs.sum_loss! > 0);
  }
});

Deno.test("predictSteps() returns one tensor, or a list for several outputs", async () => {
  const data = batch([[2]], [[0]]);
  const steps = predictSteps(linear());
  const leaked = await grown(() => {
    const one = steps.predictBatch(data) as tf.Tensor;
    assertEquals(one.arraySync(), [[2]]);
    one.dispose();
  });
  assertEquals(leaked, 0);
  const two = predictSteps(twoByTwo()).predictBatch(twoByTwoBatch());
  assertEquals(
    (two as tf.Tensor[]).map(({ shape }) => shape),
    [[2, 1], [2, 2]],
  );
});

Deno.test("modelSteps() continues the sums of another pass", () => {
  const sums = noSums();
  const first = modelSteps(linear());
  first.begin(sums);
  first.test(batch([[1], [1], [1]], [[1], [1], [1]]));
  assertEquals(sums, { values: { loss: 0 }, weights: { loss: 3 } });
  const second = modelSteps(linear());
  second.begin(JSON.parse(JSON.stringify(sums)));
  second.test(batch([[5]], [[1]]));
  assertEquals(second.logs(), { loss: 4 });
  assertEquals(second.batchLogs!(), { loss: 16 });
});

Deno.test("modelSteps() hands out the samples of a batch", () => {
  const data = batch([[1], [2]], [[3], [4]]);
  const { x, y, size } = modelSteps(linear()).samples!(data);
  assert(x[0] === data.inputs[0] && y[0] === data.targets[0]);
  assertEquals(size, 2);
});

Deno.test("modelSteps() offers the model's outputs, weights and the optimizer's state", async () => {
  const steps = modelSteps(twoByTwo());
  assertEquals(steps.weights!.optimizerState, true);
  const { inputs } = twoByTwoBatch();
  const leaked = await grown(async () => {
    const outputs = await steps.predict!(inputs);
    assertEquals(outputs.map(({ shape }) => shape), [[2, 1], [2, 2]]);
    for (const output of outputs) output.dispose();
  });
  assertEquals(leaked, 0);
});

Deno.test("modelSteps() waits for nothing on cpu", () => {
  const steps = modelSteps(linear());
  const data = batch([[1]], [[1]]);
  steps.begin(noSums());
  for (
    const result of [
      steps.train(data),
      steps.test(data),
      steps.logs(),
      steps.batchLogs!(),
    ]
  ) {
    assertFalse(result instanceof Promise);
  }
});

Deno.test("modelSteps() leaks nothing, even in a step that throws", async () => {
  for (const model of [linear({ optimizer: tf.train.adam(0.1) }), twoByTwo()]) {
    const steps = modelSteps(model);
    const data = model.inputs.length === 1
      ? batch([[1]], [[1]])
      : twoByTwoBatch();
    steps.train(data); // makes the optimizer's slots
    const leaked = await grown(() => {
      steps.begin(noSums());
      steps.train(data);
      steps.test(data);
      tf.dispose(predictSteps(model).predictBatch(data) as tf.Tensor);
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

function numbers(model: tf.LayersModel): number[] {
  return model.getWeights().flatMap((weight) => [...weight.dataSync()]);
}

const as = (
  name: string,
  apply: GradientTransform<tf.Tensor>["apply"],
): GradientTransform<tf.Tensor> => ({ name, apply });

const same = as("same", (gradients) => gradients);
const later = as("later", async (gradients) => {
  await Promise.resolve();
  return gradients;
});

for (
  const [name, make] of Object.entries({
    sgd: () => tf.train.sgd(0.1),
    momentum: () => tf.train.momentum(0.1, 0.9),
    adam: () => tf.train.adam(0.1),
  })
) {
  Deno.test(`modelSteps() with transforms that change nothing trains as without, with ${name}`, async () => {
    const data = batch([[1, 2], [3, 4]], [[1], [0]]);
    const trained = async (gradients: GradientTransform<tf.Tensor>[]) => {
      const model = linear({ inputs: 2, optimizer: make() });
      using steps = modelSteps(model, { gradients });
      steps.begin(noSums());
      for (let i = 0; i < 3; i++) await steps.train(data);
      return { weights: numbers(model), logs: steps.logs() };
    };
    const expected = await trained([]);
    assertEquals(await trained([same]), expected);
    assertEquals(await trained([same, later, same]), expected);
    assertEquals(await trained([accumulate(1)]), expected);
  });
}

Deno.test("modelSteps() clips by the norm of all gradients, as computed by hand", async () => {
  // y = w x + b at w = 1, b = 0; one sample (2, 0): loss = y², so that
  // dw = 2 y x = 8 and db = 2 y = 4, of norm sqrt(80).
  const model = linear({ optimizer: tf.train.sgd(0.5) });
  using steps = modelSteps(model, { gradients: [clipByGlobalNorm(1)] });
  steps.begin(noSums());
  await steps.train(batch([[2]], [[0]]));
  assertEquals(steps.logs(), { loss: 4 });
  const [w, b] = numbers(model);
  assertAlmostEquals(w!, 1 - 0.5 * 8 / Math.sqrt(80), 1e-6);
  assertAlmostEquals(b!, -0.5 * 4 / Math.sqrt(80), 1e-6);
});

Deno.test("modelSteps() with accumulate() trains as on one large batch", async () => {
  const whole = batch([[1], [2], [3], [4]], [[1], [0], [5], [2]]);
  const parts = [
    batch([[1], [2]], [[1], [0]]),
    batch([[3], [4]], [[5], [2]]),
  ];
  const expected = linear({ optimizer: tf.train.adam(0.1) });
  const large = modelSteps(expected);
  const model = linear({ optimizer: tf.train.adam(0.1) });
  const start = numbers(model);
  using steps = modelSteps(model, { gradients: [accumulate(2)] });
  for (let i = 0; i < 3; i++) {
    large.begin(noSums());
    large.train(whole);
    // Passes of one batch: the count carries over from one to the next.
    for (const part of parts) {
      steps.begin(noSums());
      const before = numbers(model);
      await steps.train(part);
      if (part === parts[0]) assertEquals(numbers(model), before);
    }
  }
  numbers(model).forEach((weight, i) =>
    assertAlmostEquals(weight, numbers(expected)[i]!, 1e-5)
  );
  assert(start[0] !== numbers(model)[0]);
  assertEquals(model.optimizer.iterations, 3);
});

Deno.test("modelSteps() gives transforms the step and the current weights", async () => {
  const model = linear({ optimizer: tf.train.sgd(0.5) });
  const told: unknown[] = [];
  const spy = as("spy", (gradients, { step, values }) => {
    told.push([
      step,
      Object.keys(gradients).length,
      Object.values(values).map((value) => value.dataSync()[0]),
    ]);
    assertEquals(Object.keys(values), Object.keys(gradients));
    return gradients;
  });
  using steps = modelSteps(model, { gradients: [spy], step: 5 });
  steps.begin(noSums());
  await steps.train(batch([[1]], [[0]]));
  await steps.train(batch([[1]], [[0]]));
  assertEquals(told, [[5, 2, [1, 0]], [6, 2, [0, -1]]]);
});

Deno.test("modelSteps() leaves frozen weights alone, even with transforms", async () => {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 1,
        inputShape: [1],
        kernelInitializer: "ones",
        trainable: false,
      }),
      tf.layers.dense({ units: 1, kernelInitializer: "ones" }),
    ],
  });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  using steps = modelSteps(model, { gradients: [clipByGlobalNorm(1)] });
  steps.begin(noSums());
  await steps.train(batch([[1]], [[0]]));
  const [kernel, , last] = model.layers.flatMap((layer) => layer.getWeights());
  assertEquals(kernel!.dataSync()[0], 1);
  assert(last!.dataSync()[0] !== 1);
});

Deno.test("modelSteps() with transforms leaks nothing, even if one throws", async () => {
  const fail = as("fail", () => {
    throw new Error("too steep");
  });
  const failLater = as("fail-later", async () => {
    await Promise.resolve();
    throw new Error("too steep");
  });
  const kinds = [
    [same],
    [later],
    [clipByGlobalNorm(1), later, accumulate(2)],
    [clipByGlobalNorm(1), accumulate(3)],
    [clipByGlobalNorm(1), fail],
    [accumulate(2), clipByGlobalNorm(1), failLater],
  ];
  for (const gradients of kinds) {
    const model = linear({ optimizer: tf.train.adam(0.1) });
    const data = batch([[1]], [[1]]);
    modelSteps(model).train(data); // makes the optimizer's slots
    const leaked = await grown(async () => {
      using steps = modelSteps(model, { gradients });
      steps.begin(noSums());
      try {
        for (let i = 0; i < 5; i++) await steps.train(data);
      } catch (error) {
        assertEquals(
          (error as Error).message.replace(/at step \d/, "at step N"),
          `Gradient transform "${
            gradients.at(-1)!.name
          }" failed at step N: too steep`,
        );
      }
    });
    assertEquals(leaked, 0);
  }
});

Deno.test("modelSteps() rejects a model that is not compiled", () => {
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
