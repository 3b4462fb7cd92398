import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import {
  callbackList,
  evaluate,
  fit,
  learningRateScheduler,
  OptionError,
  silent,
  tensorboard,
  type TensorboardOptions,
  tfResources,
  train,
} from "../../mod.ts";
import { fakeRun } from "../../core/testing.ts";
import { runFiles } from "../../core/run/files/run_files.ts";
import { faultyDisk } from "../core/_faulty_disk.ts";
import {
  filesOf,
  type ReadRecord,
  recordsOf,
} from "./tensorboard/_events_read.ts";

await tf.setBackend("cpu");
await tf.ready();

type Value = Exclude<ReadRecord, { readonly fileVersion: string }>;

/** What a folder holds but the versions of its files. */
function valuesIn(dir: string): Value[] {
  return recordsOf(dir).filter((it): it is Value => !("fileVersion" in it));
}

/** The scalars of a folder: tag, step and value. */
function scalarsIn(dir: string): [string, number, number][] {
  return valuesIn(dir).filter(({ plugin }) => plugin === "scalars")
    .map(({ tag, step, numbers }) => [tag, step, numbers[0]!]);
}

/** The steps at which each tag stands. */
function stepsIn(dir: string): Record<string, number[]> {
  const steps: Record<string, number[]> = {};
  for (const { tag, step } of valuesIn(dir)) (steps[tag] ??= []).push(step);
  return steps;
}

/** A run of nothing but what is fired, and its folder of events. */
function fake(options: TensorboardOptions = {}) {
  const dir = Deno.makeTempDirSync();
  const kit = fakeRun(tensorboard(options), {
    dir,
    metrics: ["loss"],
    learningRate: 0.25,
  });
  return { ...kit, dir, train: `${dir}/logs/train` };
}

const { layers } = tf;

/** A small model and its data. */
function small(metrics = ["accuracy"]) {
  const model = tf.sequential({
    layers: [
      layers.dense({ units: 3, inputShape: [4], name: "hidden" }),
      layers.dense({ units: 2, activation: "softmax", name: "output" }),
    ],
  });
  model.compile({
    ...{ optimizer: tf.train.adam(0.01), loss: "categoricalCrossentropy" },
    metrics,
  });
  const x = tf.randomUniform([20, 4], 0, 1, "float32", 1);
  const y = tf.oneHot(Array.from({ length: 20 }, (_, i) => i % 2), 2).toFloat();
  return { model, data: { x, y } };
}

const quiet = { batchSize: 4, printer: silent() };

Deno.test("each epoch's logs are scalars at its number: of training with the learning rate, and of validation", async () => {
  const { fire, clock, dir, train } = fake();
  clock.time = 1_700_000_000_500;
  await fire("onTrainBegin");
  await fire("onEpochEnd", 0, { loss: 0.5, val_loss: 0.75 });
  await fire("onEpochEnd", 1, { loss: NaN });
  await fire("onTrainEnd");
  assertEquals(scalarsIn(train), [
    ["epoch_loss", 0, 0.5],
    ["epoch_learning_rate", 0, 0.25],
    ["epoch_loss", 1, NaN],
    ["epoch_learning_rate", 1, 0.25],
  ]);
  assertEquals(scalarsIn(`${dir}/logs/validation`), [["epoch_loss", 0, 0.75]]);
  assertEquals(recordsOf(train)[0], { fileVersion: "brain.Event:2" });
  assertEquals(valuesIn(train)[0]!.wallTime, 1_700_000_000.5);
  const [file] = filesOf(train);
  assertEquals(
    file!.slice(train.length),
    `/events.out.tfevents.1700000000.hookloop.${Deno.pid}.0.v2`,
  );
});

Deno.test("values equal the history's, as float32 holds them, and the last batch's means are the epoch's", async () => {
  const dir = await Deno.makeTempDir();
  const { model, data } = small();
  const { history } = await fit(model, data, {
    ...{ ...quiet, dir, epochs: 3, validationSplit: 0.2 },
    plugins: [
      learningRateScheduler({ schedule: (_epoch, rate) => rate / 2 }),
      tensorboard({ updateFreq: "batch" }),
    ],
  });
  const found: Record<string, number[]> = {};
  const last: Record<string, number[]> = {};
  for (const [tag, , value] of scalarsIn(`${dir}/logs/train`)) {
    (tag.startsWith("epoch_") ? found : last)[tag.replace(/^[^_]+_/, "")] ??=
      [];
    (tag.startsWith("epoch_") ? found : last)[tag.replace(/^[^_]+_/, "")]!
      .push(value);
  }
  for (const [tag, , value] of scalarsIn(`${dir}/logs/validation`)) {
    if (tag.startsWith("epoch_")) {
      (found[tag.replace("epoch_", "val_")] ??= []).push(value);
    }
  }
  const expected = Object.entries(history)
    .map(([key, values]) => [key, values.map(Math.fround)]);
  assertEquals(found, Object.fromEntries(expected));
  const atEnd = last.loss!.filter((_, i) => i % 4 === 3);
  assertEquals(atEnd, found.loss);
});

Deno.test("a number of batches counts over all epochs, and over all batches of validation", async () => {
  const dir = await Deno.makeTempDir();
  const { model, data } = small([]);
  await fit(model, data, {
    ...{ ...quiet, dir, epochs: 6, validationSplit: 0.2, validationFreq: 2 },
    plugins: [
      tensorboard({ updateFreq: 3, histogramFreq: 1, writeGraph: false }),
    ],
  });
  // 4 batches an epoch, and 1 of validation every two epochs.
  const { batch_loss, epoch_loss, ...others } = stepsIn(`${dir}/logs/train`);
  assertEquals(batch_loss, [3, 6, 9, 12, 15, 18, 21, 24]);
  assertEquals(epoch_loss, [2, 5]);
  for (const steps of Object.values(others)) assertEquals(steps, [2, 5]);
  assertEquals(stepsIn(`${dir}/logs/validation`), {
    // After the third batch of validation, at the step of the optimizer.
    evaluation_loss_vs_iterations: [24],
    epoch_loss: [5],
  });
});

Deno.test("one that goes beyond the run writes files without values", async () => {
  const dir = await Deno.makeTempDir();
  const { model, data } = small([]);
  await fit(model, data, {
    ...{ ...quiet, dir, epochs: 2, validationSplit: 0.2 },
    plugins: [tensorboard({ updateFreq: 1000, writeGraph: false })],
  });
  for (const folder of ["train", "validation"]) {
    assertEquals(recordsOf(`${dir}/logs/${folder}`), [
      { fileVersion: "brain.Event:2" },
    ]);
  }
});

Deno.test("each run has files of its own, and the steps of an evaluation are the optimizer's", async () => {
  const dir = await Deno.makeTempDir();
  const { model, data } = small([]);
  const plugins = [tensorboard({ writeGraph: false })];
  const options = { ...quiet, dir, plugins };
  await fit(model, data, { ...options, epochs: 1 });
  await fit(model, data, { ...options, epochs: 1, initialEpoch: 0 });
  await evaluate(model, data, options);
  assertEquals(filesOf(`${dir}/logs/train`).length, 2);
  assertEquals(
    scalarsIn(`${dir}/logs/validation`).map(([tag, step]) => [tag, step]),
    [
      ["evaluation_loss_vs_iterations", 10],
    ],
  );
});

Deno.test("epochs that are left out begin at their number", async () => {
  const dir = await Deno.makeTempDir();
  const { model, data } = small([]);
  await fit(model, data, {
    ...{ ...quiet, dir, epochs: 5, initialEpoch: 3, stepsPerEpoch: 2 },
    plugins: [
      tensorboard({ updateFreq: 2, histogramFreq: 2, writeGraph: false }),
    ],
  });
  const { batch_loss, epoch_loss, ...others } = stepsIn(`${dir}/logs/train`);
  assertEquals([batch_loss, epoch_loss], [[2, 4], [3, 4]]);
  assertEquals(others["sequential/hidden/kernel/histogram"], undefined);
  const histograms = Object.keys(others).filter((tag) =>
    tag.endsWith("/histogram")
  );
  assertEquals(histograms.length, 4);
  for (const tag of histograms) assertEquals(others[tag], [4]);
});

Deno.test("rates are by the run's clock: of each batch, and of an epoch with all that belongs to it", async () => {
  const { fire, clock, train } = fake({
    updateFreq: "batch",
    writeStepsPerSecond: true,
  });
  await fire("onTrainBegin");
  await fire("onEpochBegin", 0);
  for (const batch of [0, 1]) {
    await fire("onTrainBatchBegin", batch);
    clock.now += 20;
    await fire("onTrainBatchEnd", batch, { loss: 1 });
    clock.now += 180;
  }
  await fire("onEpochEnd", 0, { loss: 1 });
  const rates = scalarsIn(train)
    .filter(([tag]) => tag.endsWith("steps_per_second"));
  assertEquals(rates, [
    ["batch_steps_per_second", 1, 50],
    ["batch_steps_per_second", 2, 50],
    ["epoch_steps_per_second", 0, 5],
  ]);
});

Deno.test("weights are histograms, and pictures where these are wanted, under the names of Keras", async () => {
  const dir = await Deno.makeTempDir();
  const input = tf.input({ shape: [4] });
  const inner = tf.sequential({
    name: "inner",
    layers: [layers.dense({ units: 3, inputShape: [3], name: "deep" })],
  });
  const hidden = inner.apply(
    layers.dense({ units: 3, name: "hidden" }).apply(input),
  ) as tf.SymbolicTensor;
  const outputs = ["one", "two"].map((name) =>
    layers.dense({ units: 1, name }).apply(hidden) as tf.SymbolicTensor
  );
  const model = tf.model({ inputs: input, outputs });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const x = tf.ones([4, 4]);
  const y = tf.ones([4, 1]);
  await fit(model, { x, y: { one: y, two: y } }, {
    ...{ ...quiet, dir, epochs: 1 },
    plugins: [
      tensorboard({ histogramFreq: 1, writeImages: true, writeGraph: false }),
    ],
  });
  const values = valuesIn(`${dir}/logs/train`);
  // A functional model builds its layers before itself; a picture needs two numbers.
  assertEquals(values.map(({ tag }) => tag), [
    ...[
      "epoch_loss",
      "epoch_one_loss",
      "epoch_two_loss",
      "epoch_learning_rate",
    ],
    ...["hidden/kernel/histogram", "hidden/kernel/image"],
    ...["hidden/bias/histogram", "hidden/bias/image"],
    ...["deep/kernel/histogram", "deep/kernel/image"],
    ...["deep/bias/histogram", "deep/bias/image"],
    ...["one/kernel/histogram", "one/kernel/image", "one/bias/histogram"],
    ...["two/kernel/histogram", "two/kernel/image", "two/bias/histogram"],
  ]);
  const kernel = values.find(({ tag }) => tag === "hidden/kernel/histogram")!;
  const weights = await model.getLayer("hidden").getWeights()[0]!.data();
  assertEquals(kernel.shape, [30, 3]);
  assertEquals(kernel.numbers[0], Math.min(...weights));
  assertEquals(kernel.numbers.at(-2), Math.max(...weights));
  const counts = kernel.numbers.filter((_, i) => i % 3 === 2);
  assertEquals(counts.reduce((a, b) => a + b), 12);
});

Deno.test("where only epochs are written, no hook of a batch is there, and the run waits for no batch", () => {
  const hooks = (options: TensorboardOptions) =>
    Object.keys(tensorboard(options)).filter((it) => /Batch/.test(it));
  assertEquals(hooks({ writeStepsPerSecond: true }), []);
  assertEquals(hooks({ updateFreq: 10 }).length, 3);
});

Deno.test("no tensor is left behind", async () => {
  const dir = await Deno.makeTempDir();
  const { model, data } = small();
  const options = {
    ...{ ...quiet, dir, epochs: 2, validationSplit: 0.2 },
    plugins: [tensorboard({ histogramFreq: 1, writeImages: true })],
  };
  await fit(model, data, options);
  const before = tf.memory().numTensors;
  await fit(model, data, options);
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("a hand-written loop has the scalars of what it reports, without a model or a learning rate", async () => {
  const dir = await Deno.makeTempDir();
  let weight = 0;
  await train(
    {
      metrics: ["loss"],
      trainStep(target: number) {
        weight += 0.5 * (target - weight);
        return { loss: (target - weight) ** 2 };
      },
    },
    [1, 1],
    {
      ...{ dir, epochs: 2, printer: silent() },
      plugins: [
        tensorboard({ updateFreq: "batch", writeStepsPerSecond: true }),
      ],
    },
  );
  const scalars = scalarsIn(`${dir}/logs/train`);
  assertEquals(scalars.filter(([tag]) => tag === "batch_loss"), [
    ["batch_loss", 1, 0.25],
    ["batch_loss", 2, Math.fround((0.25 + 0.0625) / 2)],
    ["batch_loss", 3, 0.015625],
    ["batch_loss", 4, Math.fround((0.015625 + 0.00390625) / 2)],
  ]);
  assertEquals(
    scalars.filter(([tag]) => tag.startsWith("epoch_")).map(([tag, step]) => [
      ...[tag, step],
    ]),
    [0, 1].flatMap((epoch) => [
      ["epoch_loss", epoch],
      ["epoch_steps_per_second", epoch],
    ]),
  );
});

Deno.test("with loops of one's own and tf.js' variables, there are histograms too", async () => {
  const dir = await Deno.makeTempDir();
  const slope = tf.variable(tf.tensor1d([1, 2]), true, "slope:0");
  await using list = callbackList({
    ...tfResources({ optimizer: tf.train.sgd(0.5), variables: [slope] }),
    plugins: [tensorboard({ histogramFreq: 1 })],
    ...{ dir, metrics: ["loss"], printer: silent() },
  });
  for await (const epoch of list.epochs(1)) {
    for await (const batch of epoch.batches([3, 2])) {
      await batch.end({ loss: batch.data });
    }
  }
  assertEquals(stepsIn(`${dir}/logs/train`), {
    epoch_loss: [0],
    epoch_learning_rate: [0],
    "slope_0/histogram": [0],
  });
});

Deno.test("a run that goes on adds to the file that it had, and writes nothing twice", async () => {
  const dir = Deno.makeTempDirSync();
  const options = { histogramFreq: 1, updateFreq: "batch" as const };
  const about = { dir, metrics: ["loss"] };
  const one = fakeRun(tensorboard(options), about);
  await one.fire("onTrainBegin");
  await one.fire("onTrainBatchEnd", 0, { loss: 3 });
  await one.fire("onEpochEnd", 0, { loss: 2 });
  const backup = await one.backUp();
  await one.fire("onEpochEnd", 1, { loss: 1 }); // Lost, as the process dies.
  const other = fakeRun(tensorboard(options), { ...about, backup });
  other.clock.time = 5000;
  await other.fire("onTrainBegin");
  await other.fire("onEpochEnd", 1, { loss: 1.5 });
  await other.fire("onTrainEnd");
  assertEquals(filesOf(`${dir}/logs/train`).length, 1);
  assertEquals(
    scalarsIn(`${dir}/logs/train`).filter(([tag]) => /loss/.test(tag)),
    [["batch_loss", 1, 3], ["epoch_loss", 0, 2], ["epoch_loss", 1, 1.5]],
  );
});

Deno.test("on a disk that is full for a while nothing is torn, and nothing is missing in the end", async () => {
  const dir = Deno.makeTempDirSync();
  let full = false;
  let half = false;
  const disk = faultyDisk(({ name, bytes = 0 }) => {
    if (!full || name !== "write") return;
    half = !half; // Half of it fits, then no more does.
    if (half) return bytes >> 1;
    throw new Error("No space left on device");
  });
  const { fire, lines } = fakeRun(tensorboard({ writeGraph: false }), {
    ...{ dir, metrics: ["loss"], files: runFiles(dir, disk) },
  });
  await fire("onTrainBegin");
  for (let epoch = 0; epoch < 5; epoch++) {
    full = epoch === 2 || epoch === 3;
    await fire("onEpochEnd", epoch, { loss: epoch });
    if (full) assertEquals(stepsIn(`${dir}/logs/train`).epoch_loss, [0, 1]);
  }
  await fire("onTrainEnd");
  assertEquals(stepsIn(`${dir}/logs/train`).epoch_loss, [0, 1, 2, 3, 4]);
  assertEquals(lines.length, 2, lines.join("\n"));
});

Deno.test("a range of batches is profiled, over the end of an epoch and with what is between them", async () => {
  const dir = await Deno.makeTempDir();
  const { model, data } = small([]);
  const lines: string[] = [];
  await fit(model, data, {
    ...{ ...quiet, dir, epochs: 2, validationSplit: 0.2 },
    printer: { ...silent(), print: (line) => void lines.push(line) },
    plugins: [tensorboard({ profileBatch: [3, 6] })],
  });
  const [path, ...others] = traces(dir);
  assertEquals(others, []);
  assertMatch(
    path!,
    /\/logs\/train\/plugins\/profile\/\d{4}(_\d\d){5}\/hookloop\.trace\.json\.gz$/,
  );
  const stream = new Blob([await Deno.readFile(path!)]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  const { traceEvents } = await new Response(stream).json();
  const count = (name: string) =>
    traceEvents.filter((it: { name: string }) => it.name === name).length;
  assertEquals([count("train step"), count("test step")], [4, 1]);
  assertEquals(count("onEpochEnd"), 1);
  assertEquals(lines, [
    `The trace is in ${path}; open it at https://ui.perfetto.dev`,
  ]);
});

Deno.test("a range that begins behind the run leaves nothing, one that ends there what there was", async () => {
  for (
    const [profileBatch, written] of [["40", 0], ["10,20", 1], [10, 1]] as const
  ) {
    const dir = await Deno.makeTempDir();
    const { model, data } = small([]);
    await fit(model, data, {
      ...{ ...quiet, dir, epochs: 2 },
      plugins: [tensorboard({ profileBatch })],
    });
    assertEquals(traces(dir).length, written);
  }
});

/** The traces that a run has written. */
function traces(dir: string): string[] {
  const folder = `${dir}/logs/train/plugins/profile`;
  try {
    return [...Deno.readDirSync(folder)].flatMap(({ name }) =>
      [...Deno.readDirSync(`${folder}/${name}`)]
        .map((file) => `${folder}/${name}/${file.name}`)
    );
  } catch {
    return [];
  }
}

Deno.test("two of them write to one folder without tearing anything", async () => {
  const dir = await Deno.makeTempDir();
  const { model, data } = small([]);
  await fit(model, data, {
    ...{ ...quiet, dir, epochs: 1 },
    plugins: [tensorboard(), tensorboard({ name: "again" })],
  });
  const files = filesOf(`${dir}/logs/train`);
  assertEquals(files.length, 2);
  assertEquals(valuesIn(`${dir}/logs/train`).length > 2, true);
});

Deno.test("options out of range are refused in a sentence", () => {
  const cases: [TensorboardOptions, string][] = [
    [{ logDir: "../x" }, "'logDir' leads out of the run's folder"],
    [{ histogramFreq: -1 }, "'histogramFreq' must be an integer >= 0"],
    [{ embeddingsFreq: 0.5 }, "'embeddingsFreq' must be an integer >= 0"],
    [
      { updateFreq: 0 },
      `'updateFreq' must be "epoch", "batch" or an integer >= 1: current value is 0`,
    ],
    [{ updateFreq: "step" as "batch" }, "current value is step"],
    ...[-1, [2, 1], [1, 2, 3], "x", [0, 1], 1.5].map((
      profileBatch,
    ): [TensorboardOptions, string] => [
      { profileBatch: profileBatch as number },
      "'profileBatch' must be the number of a batch from 1, a pair such as [10, 20]",
    ]),
  ];
  for (const [options, message] of cases) {
    assertThrows(() => tensorboard(options), OptionError, message);
  }
  // The command line passes text.
  tensorboard({ updateFreq: "5" as "batch", profileBatch: "2,3" });
});
