import { assertEquals, assertThrows } from "@std/assert";
import modelCheckpoint, {
  type ModelCheckpointOptions,
} from "../../plugins/model_checkpoint.ts";
import { fakeRun, type FakeRunOptions } from "../../core/testing.ts";

function setUp(options: ModelCheckpointOptions, run: FakeRunOptions = {}) {
  const kit = fakeRun(modelCheckpoint(options), run);
  return { ...kit, paths: () => kit.saves.map(({ path }) => path) };
}

Deno.test("it saves after each epoch, under a name made of epoch and logs", async () => {
  const { fire, paths } = setUp({ filepath: "{epoch:02d}-{val_loss:.2f}" });
  await fire("onEpochEnd", 0, { val_loss: 0.567 });
  await fire("onEpochEnd", 1, { val_loss: 0.5 });
  assertEquals(paths(), ["01-0.57", "02-0.50"]);
});

Deno.test("saveBestOnly saves when the metric is better than ever", async () => {
  const { fire, paths } = setUp({ filepath: "{epoch}", saveBestOnly: true });
  for (const [epoch, val_loss] of [NaN, 3, 2, 2, 1].entries()) {
    await fire("onEpochEnd", epoch, { val_loss });
  }
  assertEquals(paths(), ["2", "3", "5"]);
});

Deno.test("initialValueThreshold is the first best to beat", async () => {
  const { fire, paths } = setUp({
    filepath: "{epoch}",
    saveBestOnly: true,
    monitor: "accuracy",
    initialValueThreshold: 0.9,
  });
  for (const [epoch, accuracy] of [0.8, 0.9, 0.95].entries()) {
    await fire("onEpochEnd", epoch, { accuracy });
  }
  assertEquals(paths(), ["3"]);
});

Deno.test("saveFreq counts batches over all epochs; {batch} counts from 1", async () => {
  const { run, fire, paths } = setUp({
    filepath: "{epoch}-{batch:03d}",
    saveFreq: 3,
  });
  for (let epoch = 0; epoch < 2; epoch++) {
    run.epoch = epoch;
    for (let batch = 0; batch < 4; batch++) {
      await fire("onTrainBatchEnd", batch, { loss: 1 });
    }
  }
  assertEquals(paths(), ["1-003", "2-002"]);
});

Deno.test("best-only by batch watches a key of batches", async () => {
  const { fire, paths } = setUp({
    filepath: "b{batch}",
    saveFreq: 1,
    saveBestOnly: true,
    monitor: "loss",
  });
  for (const [batch, loss] of [3, 4, 2].entries()) {
    await fire("onTrainBatchEnd", batch, { loss });
  }
  assertEquals(paths(), ["b1", "b3"]);
});

Deno.test("saveWeightsOnly is passed on", async () => {
  const { fire, saves } = setUp({ filepath: "w", saveWeightsOnly: true });
  await fire("onEpochEnd", 0, {});
  assertEquals(saves[0]!.weightsOnly, true);
});

Deno.test("maxToKeep deletes the oldest", async () => {
  const dir = await Deno.makeTempDir();
  const { run, fire } = setUp({ filepath: "{epoch}", maxToKeep: 2 }, { dir });
  const save = run.save;
  run.save = async (path, options) => {
    await Deno.mkdir(`${dir}/${path}`);
    await save(path, options);
  };
  for (let epoch = 0; epoch < 4; epoch++) await fire("onEpochEnd", epoch, {});
  assertEquals([...Deno.readDirSync(dir)].map(({ name }) => name).sort(), [
    "3",
    "4",
  ]);
});

Deno.test("a checkpoint that is gone already is no reason to fail", async () => {
  const dir = await Deno.makeTempDir();
  const { fire, paths } = setUp({ filepath: "{epoch}", maxToKeep: 1 }, { dir });
  for (let epoch = 0; epoch < 3; epoch++) await fire("onEpochEnd", epoch, {});
  assertEquals(paths(), ["1", "2", "3"]);
});

Deno.test("maxToKeep leaves alone what is saved under one name", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.mkdir(`${dir}/best`);
  const { fire } = setUp({ filepath: "best", maxToKeep: 1 }, { dir });
  for (let epoch = 0; epoch < 3; epoch++) await fire("onEpochEnd", epoch, {});
  assertEquals([...Deno.readDirSync(dir)].map(({ name }) => name), ["best"]);
});

Deno.test("an epoch without validation is passed over", async () => {
  const { fire, paths } = setUp({ filepath: "{epoch}-{val_loss}" });
  await fire("onEpochEnd", 0, { loss: 1 });
  assertEquals(paths(), []);
});

Deno.test("verbose says what and why, in Keras' words", async () => {
  const best = setUp({ filepath: "best", saveBestOnly: true, verbose: true });
  for (const [epoch, val_loss] of [2, 1, 3].entries()) {
    await best.fire("onEpochEnd", epoch, { val_loss });
  }
  assertEquals(best.lines, [
    "Epoch 1: val_loss improved from None to 2.00000, saving model to best",
    "Epoch 1: finished saving model to best",
    "Epoch 2: val_loss improved from 2.00000 to 1.00000, saving model to best",
    "Epoch 2: finished saving model to best",
    "Epoch 3: val_loss did not improve from 1.00000",
  ]);
  const each = setUp({ filepath: "m{epoch}", verbose: true });
  await each.fire("onEpochEnd", 0, {});
  assertEquals(each.lines, [
    "Epoch 1: saving model to m1",
    "Epoch 1: finished saving model to m1",
  ]);
});

Deno.test("the keys of the template are needs of the hook, the monitor only if it is watched", () => {
  const epoch = modelCheckpoint({ filepath: "{epoch}-{val_loss:.2f}" });
  assertEquals(epoch.needs, { onEpochEnd: ["val_loss"] });
  assertEquals(modelCheckpoint({ filepath: "m" }).needs, { onEpochEnd: [] });
  const batch = modelCheckpoint({
    filepath: "{batch}-{accuracy}",
    saveFreq: 5,
    saveBestOnly: true,
    monitor: "loss",
  });
  assertEquals(batch.needs, { onTrainBatchEnd: ["accuracy", "loss"] });
});

Deno.test("what can not work is refused at creation", () => {
  const cases: [ModelCheckpointOptions, string][] = [
    [
      { filepath: "{batch}" },
      `Cannot create model-checkpoint as its template "{batch}" names {batch}, which is known only where 'saveFreq' is a number: set 'saveFreq', or leave {batch} out`,
    ],
    [
      { saveFreq: 0 },
      `Cannot create model-checkpoint as 'saveFreq' must be "epoch" or an integer >= 1: current value is 0`,
    ],
    [
      { saveFreq: true as never },
      `Cannot create model-checkpoint as 'saveFreq' must be "epoch" or an integer >= 1: current value is true`,
    ],
    [
      { filepath: "" },
      `Cannot create model-checkpoint as 'filepath' must name a folder, such as "checkpoints/{epoch:02d}": current value is ""`,
    ],
    [
      { initialValueThreshold: NaN },
      "Cannot create model-checkpoint as 'initialValueThreshold' must be a number, or undefined for none: current value is NaN",
    ],
    [
      { saveFreq: "batch" as never },
      `Cannot create model-checkpoint as 'saveFreq' must be "epoch" or an integer >= 1: current value is batch`,
    ],
    [
      { maxToKeep: -1 },
      "Cannot create model-checkpoint as 'maxToKeep' must be an integer >= 0: current value is -1",
    ],
    [
      { filepath: "{epoch" },
      'Cannot read the file-name template "{epoch": a brace stands alone',
    ],
  ];
  for (const [options, message] of cases) {
    assertEquals(
      assertThrows(() => modelCheckpoint(options), Error).message,
      message,
    );
  }
});
