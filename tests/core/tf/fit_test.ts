import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../../core/errors.ts";
import type { Plugin } from "../../../core/plugin.ts";
import type { TrainingData } from "../../../core/tf/data/forms.ts";
import { fit, type FitOptions } from "../../../core/tf/fit.ts";
import { classifier, grown, linear, twoByTwo } from "./_models.ts";

const x = Float32Array.of(0, 0, 1, 0, 0, 1, 1, 1, 2, 0, 0, 2);
const y = Int32Array.of(0, 1, 2, 0, 1, 2);

function refused(
  data: unknown,
  options: FitOptions,
  message: string,
  model = classifier(),
): Promise<Error> {
  return assertRejects(
    () => fit(model, data as TrainingData, options),
    InputError,
    message,
  );
}

Deno.test("fit() trains to the same losses as tf.js' model.fit", async () => {
  const shape = { epochs: 3, batchSize: 4, shuffle: false };
  const theirs = await classifier().fit(
    tf.tensor2d(x, [6, 2]),
    tf.tensor2d(y, [6, 1], "float32"),
    { ...shape, validationSplit: 1 / 3 },
  );
  const ours = await fit(classifier(), { x, y }, {
    ...shape,
    validationSplit: 1 / 3,
  });
  const names = {
    loss: "loss",
    accuracy: "acc",
    val_loss: "val_loss",
    val_accuracy: "val_acc",
  };
  assertEquals(Object.keys(ours.history).sort(), Object.keys(names).sort());
  for (const [key, theirKey] of Object.entries(names)) {
    ours.history[key]!.forEach((value, epoch) => {
      assertAlmostEquals(
        value,
        theirs.history[theirKey]![epoch] as number,
        1e-5,
        `${key} in epoch ${epoch}`,
      );
    });
  }
});

Deno.test("fit() takes the same samples in all forms", async () => {
  const tensors = { x: tf.tensor2d(x, [6, 2]), y: tf.tensor1d(y, "int32") };
  const cut = (start: number) => ({
    x: x.subarray(2 * start, 2 * start + 4),
    y: y.subarray(start, start + 2),
  });
  const batches = [cut(0), cut(2), cut(4)];
  const forms: Record<string, TrainingData> = {
    tensors,
    nested: { x: tensors.x.arraySync() as number[][], y: [...y] },
    batches,
    pairs: batches.map(({ x, y }) => [x, y] as const),
    dataset: tf.data.generator(function* () {
      for (const { x, y } of batches) {
        yield { xs: tf.tensor2d(x, [2, 2]), ys: tf.tensor1d(y, "int32") };
      }
    } as never),
    sync: () => batches,
    async: async function* () {
      for (const batch of batches) yield await Promise.resolve(batch);
    },
    own: () =>
      batches.map(({ x, y }) => ({
        xs: tf.tensor2d(x, [2, 2]),
        ys: tf.tensor2d(y, [2, 1]),
      })),
  };
  const options = { epochs: 2, batchSize: 2, shuffle: false };
  const expected = await fit(classifier(), { x, y }, options);
  for (const [name, data] of Object.entries(forms)) {
    const { history } = await fit(classifier(), data, options);
    assertEquals(history, expected.history, name);
  }
});

Deno.test("fit() repeats a run with the same seed", async () => {
  const run = (seed: number) =>
    fit(classifier(), { x, y }, { epochs: 3, batchSize: 1, seed })
      .then(({ history }) => history);
  assertEquals(await run(1), await run(1));
  assert(JSON.stringify(await run(1)) !== JSON.stringify(await run(2)));
});

Deno.test("fit() keeps the end of the samples for validation, and those out of training", async () => {
  const seen: unknown[] = [];
  const model = linear();
  const spy = (target: tf.Tensor, output: tf.Tensor) => {
    seen.push((target.arraySync() as number[][]).flat());
    return output.sub(target).square().mean();
  };
  model.compile({ optimizer: "sgd", loss: spy });
  const numbers = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  await fit(model, { x: numbers, y: numbers }, {
    batchSize: 10,
    validationBatchSize: 2,
    validationSplit: 0.4,
    seed: 5,
  });
  const [trained, ...validated] = seen as number[][];
  assertEquals(trained!.toSorted(), [0, 1, 2, 3, 4, 5]);
  assertEquals(validated, [[6, 7], [8, 9]]);
});

Deno.test("fit() validates with data of another form", async () => {
  const { history } = await fit(classifier(), { x, y }, {
    validationData: [{ x, y, sampleWeight: [1, 1, 1, 1, 1, 1] }],
    epochs: 2,
  });
  assertEquals(history.val_loss!.length, 2);
  assertEquals(history.val_accuracy!.length, 2);
});

Deno.test("fit() goes on with an endless generator, in validation too", async () => {
  let made = 0;
  function* endless() {
    for (;;) {
      made++;
      yield { x, y };
    }
  }
  const { history } = await fit(classifier(), endless(), {
    epochs: 2,
    stepsPerEpoch: 3,
    validationData: endless(),
    validationSteps: 2,
  });
  assertEquals(history.val_loss!.length, 2);
  assert(made >= 10, `${made} batches`);
});

Deno.test("fit() tells the plugins the model, its optimizer and the batch size", async () => {
  const model = classifier();
  const told: unknown[] = [];
  const spy: Plugin = {
    name: "spy",
    onTrainBegin(_logs, run) {
      const { batchSize, steps, metrics } = run.params;
      told.push(batchSize, steps, metrics, run.model === model);
      run.optimizer.learningRate = 0.025;
    },
  };
  await fit(model, { x, y }, {
    plugins: [spy],
    batchSize: 4,
    validationSplit: 0.5,
  });
  assertEquals(told, [
    4,
    1,
    ["loss", "accuracy", "val_loss", "val_accuracy"],
    true,
  ]);
  const { learningRate } = model.optimizer as unknown as {
    learningRate: number;
  };
  assertEquals(learningRate, 0.025);
});

Deno.test("fit() leaks nothing, whatever the data and however it ends", async () => {
  const tensors = { x: tf.tensor2d(x, [6, 2]), y: tf.tensor1d(y, "int32") };
  const own = [{ xs: tensors.x, ys: tensors.y }];
  const dataset = tf.data.array([0, 1]).map(() => ({
    xs: tf.ones([2, 2]),
    ys: tf.zeros([2, 1]),
  }));
  const model = classifier();
  const data: TrainingData[] = [{ x, y }, tensors, own, dataset, () => own];
  const classWeight = { 1: 3 };
  for (const form of data) {
    const leaked = await grown(() =>
      fit(model, form, { epochs: 2, validationData: form, classWeight })
    );
    assertEquals(leaked, 0);
  }
  const failing: Plugin = {
    name: "failing",
    onTrainBatchEnd() {
      throw new Error("enough");
    },
  };
  for (const form of data) {
    const leaked = await grown(() =>
      assertRejects(() => fit(model, form, { plugins: [failing] }))
    );
    assertEquals(leaked, 0);
  }
});

Deno.test("fit() trains several inputs and outputs with sample weights by output", async () => {
  const { history } = await fit(twoByTwo(), {
    x: { a: [[1, 2], [3, 4]], b: [[0, 1], [1, 0]] },
    y: { sum: [1, 2], kind: [0, 1] },
    sampleWeight: { sum: [0, 0], kind: [1, 1] },
  }, { epochs: 2 });
  assertEquals(history.sum_loss, [0, 0]);
  assert(history.kind_loss![0]! > 0);
});

Deno.test("fit() refuses options out of range", async () => {
  const data = { x, y };
  await refused(
    data,
    { batchSize: 0 },
    "Cannot start as 'batchSize' must be an integer >= 1: current value is 0",
  );
  await refused(
    data,
    { validationBatchSize: 1.5 },
    "Cannot start as 'validationBatchSize' must be an integer >= 1: current value is 1.5",
  );
  for (const part of [0, 1, -0.5, NaN]) {
    await refused(
      data,
      { validationSplit: part },
      `Cannot start as 'validationSplit' must be between 0 and 1: current value is ${part}`,
    );
  }
  await refused(
    data,
    { validationSplit: 0.99 },
    "Cannot start as 'validationSplit' leaves no samples on one side: current value is 0.99 of 6 samples",
  );
  await refused(
    [data],
    { validationSplit: 0.5 },
    "Cannot start as 'validationSplit' needs data of the form { x, y }",
  );
  await refused(data, { seed: -1 }, "Cannot start as 'seed' must be");
});

Deno.test("fit() refuses data of no form it knows", async () => {
  const forms =
    "expected { x, y }, a tf.data.Dataset of batches, an iterable of batches, or a function that makes one for an epoch";
  await refused(
    tf.zeros([2, 2]),
    {},
    `Cannot use the data: ${forms}; got a tensor of shape [2,2]`,
  );
  await refused(
    { X: x, y },
    {},
    `Cannot use the data: ${forms}; got an object with X, y`,
  );
  await refused(undefined, {}, `Cannot use the data: ${forms}; got undefined`);
  await refused(
    [tf.zeros([2, 2])],
    {},
    "Cannot use the data: a batch must be { x, y }, { xs, ys } or [x, y]; got a tensor of shape [2,2] (in batch 0 of the data)",
  );
});

Deno.test("fit() names the batch that does not fit", async () => {
  const good = { x: [[1, 2]], y: [0] };
  await refused(
    [good, { x: [[1, 2, 3]], y: [0] }],
    {},
    "got [1,3]; give x in that shape, or build the model with inputShape [3] (in batch 1 of the data)",
  );
});

Deno.test("fit() refuses a model without trainable weights", async () => {
  const model = linear();
  model.layers[0]!.trainable = false;
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  await refused(
    { x: [1], y: [1] },
    {},
    `Cannot train model "${model.name}": all its weights are frozen`,
    model,
  );
});
