import type { HostOptions } from "../../../core/loop/mod.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { DataError, InputError } from "../../../core/errors.ts";
import type { Plugin } from "../../../core/plugin.ts";
import type { TrainingData } from "../../../core/tf/data/forms.ts";
import { startPosition } from "../../../core/run/state.ts";
import { fit, type FitOptions } from "../../../core/tf/fit.ts";
import { accumulate } from "../../../core/tf/accumulate.ts";
import { clipByGlobalNorm } from "../../../core/tf/gradient_transforms.ts";
import { modelOf } from "../../../core/tf/model_of.ts";
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

/** What the program around a run may pass: just a plan. */
const DRY: HostOptions = { dryRun: true };

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

Deno.test("fit() accepts the same samples in all forms", async () => {
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

Deno.test("fit() keeps the end of the samples for validation, and out of training", async () => {
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

Deno.test("fit() validates with data in another form", async () => {
  const { history } = await fit(classifier(), { x, y }, {
    validationData: [{ x, y, sampleWeight: [1, 1, 1, 1, 1, 1] }],
    epochs: 2,
  });
  assertEquals(history.val_loss!.length, 2);
  assertEquals(history.val_accuracy!.length, 2);
});

Deno.test("fit() continues an endless generator, in validation too", async () => {
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

Deno.test("fit() gives plugins the model, its optimizer and the batch size", async () => {
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

Deno.test("fit() trains as without transforms if they change nothing", async () => {
  const options = { epochs: 3, batchSize: 2, shuffle: false };
  const { history } = await fit(classifier(), { x, y }, options);
  const same = { name: "same", apply: <G>(gradients: G) => gradients };
  const huge = clipByGlobalNorm(1e6);
  for (const gradients of [[same], [huge], [same, huge, accumulate(1)]]) {
    const transformed = await fit(classifier(), { x, y }, {
      ...options,
      gradients,
    });
    assertEquals(transformed.history, history);
  }
  const clipped = await fit(classifier(), { x, y }, {
    ...options,
    gradients: [clipByGlobalNorm(1e-6)],
  });
  const [first, , last] = clipped.history.loss!;
  assertAlmostEquals(last!, first!, 1e-5);
});

Deno.test("fit() accumulates gradients from one epoch to the next, and drops them at the end", async () => {
  const steps = accumulate(4);
  const model = linear({ optimizer: tf.train.sgd(0.01) });
  const data = { x: [1, 2, 3], y: [0, 0, 0] };
  const options = { batchSize: 1, shuffle: false, gradients: [steps] };
  const leaked = await grown(async () => {
    // 6 steps: one mean of 4 is applied, in the second epoch, and 2 are left over.
    const { history } = await fit(model, data, { ...options, epochs: 2 });
    const [first, second] = history.loss!;
    assertAlmostEquals(first!, (1 + 4 + 9) / 3, 1e-5);
    assert(second! < first!);
    assertEquals(model.optimizer.iterations, 1);
    await fit(model, data, { ...options, epochs: 1 });
    assertEquals(model.optimizer.iterations, 1);
  });
  assertEquals(leaked, 0);
});

Deno.test("fit() resets gradient transforms when it begins and when it ends, failed or not", async () => {
  let resets = 0;
  let steps = 0;
  const counting = {
    name: "counting",
    apply: <G>(gradients: G) => {
      steps++;
      return gradients;
    },
    reset: () => void resets++,
  };
  await fit(classifier(), { x, y }, { gradients: [counting] });
  assertEquals([resets, steps], [2, 1]);
  const broken = {
    name: "broken",
    apply: () => Promise.reject(new Error("no way")),
  };
  const model = classifier();
  const leaked = await grown(() =>
    assertRejects(
      () => fit(model, { x, y }, { gradients: [counting, broken] }),
      Error,
      `Gradient transform "broken" failed at step 0: no way`,
    )
  );
  assertEquals([leaked, resets], [0, 4]);
});

Deno.test("fit() continues from a position as if it had not been interrupted", async () => {
  const options = {
    epochs: 3,
    batchSize: 1,
    seed: 4,
    validationData: { x, y },
  };
  const whole = classifier();
  const expected = await fit(whole, { x, y }, options);
  const model = classifier();
  const position = startPosition(0);
  const giveUp = new AbortController();
  const breaker: Plugin = {
    name: "breaker",
    needs: {},
    onTrainBatchEnd(batch, _logs, run) {
      if (run.epoch === 1 && batch === 2) giveUp.abort();
    },
  };
  await fit(model, { x, y }, {
    ...options,
    ...{ position },
    plugins: [breaker],
    signal: giveUp.signal,
  });
  assertEquals([position.epoch, position.step], [1, 9]);
  const resumed = await fit(model, { x, y }, {
    ...options,
    ...{ position: JSON.parse(JSON.stringify(position)) },
  });
  assertEquals(resumed.history, expected.history);
  assertEquals(
    model.getWeights()[0]!.dataSync(),
    whole.getWeights()[0]!.dataSync(),
  );
});

Deno.test("fit() lets plugins look at outputs, validation data, the last batch and the optimizer's state", async () => {
  const told: Record<string, unknown> = {};
  const spy: Plugin = {
    name: "spy",
    requires: [
      "predict",
      "validation",
      "batchLogs",
      "optimizerState",
      "model",
      "weights",
    ],
    async onEpochEnd(epoch, _logs, run) {
      if (epoch === 0) return run.weights.snapshot("a", { optimizer: true });
      for await (const { x, y, size } of run.validation!.batches()) {
        const [outputs] = await run.predict(x);
        told.shapes = [x[0]!.shape, y[0]!.shape, outputs!.shape, size];
        outputs!.dispose();
      }
      told.batch = await run.batchLogs();
      told.model = modelOf(run).name;
      told.weights = run.weights.entries().map(({ layer }) => layer);
      run.weights.restore("a");
    },
  };
  const model = classifier();
  const leaked = await grown(async () => {
    const { history } = await fit(model, { x, y }, {
      batchSize: 6,
      epochs: 2,
      plugins: [spy],
      validationData: [{ x: [[9, 9]], y: [1] }],
    });
    // One batch an epoch: the last training batch is the epoch.
    assertEquals(told.batch, {
      loss: history.loss![1],
      accuracy: history.accuracy![1],
    });
  });
  assertEquals(leaked, 0);
  assertEquals(told.shapes, [[1, 2], [1, 1], [1, 3], 1]);
  assertEquals(told.model, model.name);
  assertEquals(told.weights, ["classes", "classes"]);
  assertEquals(model.optimizer.iterations, 1);
});

Deno.test("fit() trains nothing in a dry run", async () => {
  const model = classifier();
  const before = model.getWeights()[0]!.arraySync();
  const { history, outcome } = await fit(model, { x, y }, DRY);
  assertEquals([history, outcome.status], [{}, "aborted"]);
  assertEquals(model.getWeights()[0]!.arraySync(), before);
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

Deno.test("fit() rejects options out of range", async () => {
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

Deno.test("fit() rejects data in unknown forms", async () => {
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

Deno.test("fit() rejects a model without trainable weights", async () => {
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

Deno.test("no training batch is held while it validates, wherever stepsPerEpoch cut the data", async () => {
  const [xs, ys] = [tf.tensor2d(x, [6, 2]), tf.tensor2d(y, [6, 1], "float32")];
  const whole = tf.data.array([...y.keys()]).mapAsync((i) =>
    Promise.resolve({ xs: xs.slice(i, 1), ys: ys.slice(i, 1) })
  );
  const forms: Record<string, TrainingData> = {
    arrays: { x, y },
    list: [0, 1, 2].map(() => ({ x, y })),
    function: async function* () {
      for (let i = 0; i < 3; i++) yield { x, y };
    },
    dataset: whole as unknown as TrainingData,
  };
  for (const [form, data] of Object.entries(forms)) {
    const counts: number[] = [];
    const count = () => void counts.push(tf.memory().numTensors);
    const model = classifier();
    const grew = await grown(() =>
      fit(model, data, {
        ...{ epochs: 3, stepsPerEpoch: 2, batchSize: 1 },
        validationData: { x, y },
        plugins: [{ onEpochBegin: count, onTestBegin: count }],
      })
    );
    const [before] = counts;
    assertEquals(counts, counts.map(() => before), form);
    assertEquals(grew, 0, form);
  }
  tf.dispose([xs, ys]);
});

Deno.test("fit() refuses labels out of range in tensors and in data sets too", async () => {
  const wrong = Int32Array.of(0, 1, 2, 0, 3, 2);
  const range =
    'Cannot use y: loss "sparseCategoricalCrossentropy" of output "classes" expects class indices, whole numbers from 0 to 2; ';
  const samples = {
    xs: tf.tensor2d(x, [6, 2]),
    ys: tf.tensor1d(wrong, "int32"),
  };
  const [first, second] = tf.split(samples.ys, 2);
  const xs = tf.split(samples.xs, 2);
  const forms: [unknown, string][] = [
    [{ x: samples.xs, y: samples.ys }, "y[4] is 3"],
    [{ x: samples.xs, y: samples.ys.toFloat().sub(1) }, "y[0] is -1"],
    [
      [[xs[0], first], [xs[1], second]],
      "y[1] is 3 (in batch 1 of the data)",
    ],
    [
      tf.data.array([...wrong].map((ys, i) => ({
        xs: [...x.subarray(2 * i, 2 * i + 2)],
        ys,
      }))).batch(2),
      "y[0] is 3 (in batch 2 of the data)",
    ],
  ];
  for (const [data, where] of forms) {
    await refused(data, {}, range + where);
    await refused(
      { x, y },
      { validationData: data as TrainingData },
      range + where,
    );
  }
});

Deno.test("fit() tries validation data before the training", async () => {
  let batches = 0;
  const counting: Plugin = {
    name: "counting",
    onTrainBatchEnd: () => void batches++,
  };
  const sample = { x: [[1, 2]], y: [0] };
  const none =
    "Cannot validate on no data: there is not one batch (in the validation data)";
  const cases: [unknown, string][] = [
    [
      { x: [], y: [] },
      "Cannot use x: it has no samples (in the validation data)",
    ],
    [[], none],
    [() => [], none],
    [new Set(), none],
    [tf.data.array([]).batch(2), none],
    [tf.data.generator(function* () {}), none],
    [
      () => [{ x: [[1, 2, 3]], y: [0] }],
      "(in batch 0 of the data) (in the validation data)",
    ],
  ];
  for (const [validationData, message] of cases) {
    const options = { validationData, plugins: [counting] } as FitOptions;
    await refused({ x, y }, options, message);
  }
  assertEquals(batches, 0);
  // What can be read only once is read in its turn.
  function* once() {
    yield sample;
  }
  const { history } = await fit(classifier(), { x, y }, {
    validationData: once(),
  });
  assertEquals(history.val_loss?.length, 1);
  const empty = [][Symbol.iterator]();
  await refused({ x, y }, { validationData: empty }, none);
});

Deno.test("fit() says which data threw, and at which epoch and batch", async () => {
  const sample = { x: [[1, 2]], y: [0] };
  const failing = (at: number): (epoch?: number) => Generator<typeof sample> =>
    function* (epoch = 0) {
      yield sample;
      if (epoch === at) throw new TypeError("the disk is gone");
      yield sample;
    };
  const failure = async (data: unknown, options: FitOptions = {}) =>
    (await assertRejects(
      () => fit(classifier(), data as TrainingData, { epochs: 3, ...options }),
      DataError,
    )).message;
  assertEquals(
    await failure(failing(2)),
    "The training data failed at epoch 2, batch 1: the disk is gone",
  );
  assertEquals(
    await failure({ x, y }, { validationData: failing(1) }),
    "The validation data failed at epoch 1, batch 1: the disk is gone",
  );
  assertEquals(
    await failure(() => {
      throw new Error("no");
    }),
    "The training data failed at epoch 0, batch 0: no",
  );
  assertEquals(
    await failure(
      tf.data.generator(failing(0)),
    ),
    "The training data failed at epoch 0, batch 1: Error thrown while iterating through a dataset: the disk is gone",
  );
});

Deno.test("fit() hints at .batch() where a data set gives single samples", async () => {
  const single = { xs: [1, 2], ys: 0 };
  const why = "Cannot use the data: its elements are single samples; ";
  for (const elements of [[single], [{ xs: tf.tensor1d([1, 2]), ys: [0] }]]) {
    await refused(
      tf.data.array(elements as tf.TensorContainer[]),
      {},
      why + "make batches of them with .batch(32)",
    );
  }
  await refused(
    [{ x: [1, 2], y: 0 }],
    {},
    why + "give lists of samples, each of them a batch",
  );
  // One sample per batch is one sample of the wrong label.
  await refused([{ x: Float32Array.of(1, 2), y: [7] }], {}, "y[0] is 7");
});

Deno.test("null is what is left out, as in tf.js", async () => {
  const options = {
    batchSize: null,
    validationBatchSize: null,
    validationData: null,
    validationSplit: null,
  } as unknown as FitOptions;
  const { history } = await fit(classifier(), { x, y }, options);
  assertEquals(Object.keys(history), ["loss", "accuracy"]);
});

Deno.test("a tensor that was disposed of is refused", async () => {
  const gone = tf.tensor2d(x, [6, 2]);
  gone.dispose();
  await refused(
    { x: gone, y },
    {},
    "Cannot use x: its tensor is disposed; keep it until the run has ended",
  );
});
