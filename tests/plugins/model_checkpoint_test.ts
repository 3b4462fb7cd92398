import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import modelCheckpoint, {
  type ModelCheckpointOptions,
} from "../../plugins/model_checkpoint.ts";
import { PluginError } from "../../core/errors.ts";
import { OptionError } from "../../core/plugin.ts";
import { fakeRun, type FakeRunOptions } from "../../core/testing.ts";
import { batches, scripted, training } from "../core/_scripted.ts";

function setUp(options: ModelCheckpointOptions, run: FakeRunOptions = {}) {
  const kit = fakeRun(modelCheckpoint(options), run);
  return { ...kit, paths: () => kit.saves.map(({ path }) => path) };
}

Deno.test("it saves after each epoch, under a name built from epoch and logs", async () => {
  const { fire, paths } = setUp({ filepath: "{epoch:02d}-{val_loss:.2f}" });
  await fire("onEpochEnd", 0, { val_loss: 0.567 });
  await fire("onEpochEnd", 1, { val_loss: 0.5 });
  assertEquals(paths(), ["01-0.57", "02-0.50"]);
});

Deno.test("saveBestOnly saves when the metric is the best so far", async () => {
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
  const { fire, paths } = setUp({
    filepath: "{epoch}-{batch:03d}",
    saveFreq: 3,
  });
  for (let epoch = 0; epoch < 2; epoch++) {
    await fire("onEpochBegin", epoch);
    for (let batch = 0; batch < 4; batch++) {
      await fire("onTrainBatchEnd", batch, { loss: 1 });
    }
  }
  assertEquals(paths(), ["1-003", "2-002"]);
});

Deno.test("best-only by batch watches a batch key", async () => {
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
  await fire("onEpochEnd", 0);
  assertEquals(saves[0]!.weightsOnly, true);
});

Deno.test("maxToKeep deletes the oldest", async () => {
  const dir = await Deno.makeTempDir();
  const { fire } = setUp({ filepath: "{epoch}", maxToKeep: 2 }, { dir });
  for (let epoch = 0; epoch < 4; epoch++) {
    await Deno.mkdir(`${dir}/${epoch + 1}`); // As saving does.
    await fire("onEpochEnd", epoch);
  }
  assertEquals([...Deno.readDirSync(dir)].map(({ name }) => name).sort(), [
    "3",
    "4",
  ]);
});

Deno.test("a checkpoint that is already gone is no reason to fail", async () => {
  const dir = await Deno.makeTempDir();
  const { fire, paths } = setUp({ filepath: "{epoch}", maxToKeep: 1 }, { dir });
  for (let epoch = 0; epoch < 3; epoch++) await fire("onEpochEnd", epoch);
  assertEquals(paths(), ["1", "2", "3"]);
});

Deno.test("maxToKeep leaves alone what is saved under one name", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.mkdir(`${dir}/best`);
  const { fire } = setUp({ filepath: "best", maxToKeep: 1 }, { dir });
  for (let epoch = 0; epoch < 3; epoch++) await fire("onEpochEnd", epoch);
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
  await each.fire("onEpochEnd", 0);
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
  assertEquals(batch.needs, {
    onTrainBatchEnd: ["accuracy", { key: "loss", direction: true }],
  });
});

Deno.test("what cannot work is rejected at creation", () => {
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
      `Cannot create model-checkpoint as 'filepath' names no file in the run's folder: expected a folder such as "checkpoints/{epoch:02d}", current value is ""`,
    ],
    [
      { filepath: "./" },
      `Cannot create model-checkpoint as 'filepath' names no file in the run's folder: expected a folder such as "checkpoints/{epoch:02d}", current value is "./"`,
    ],
    [
      { filepath: "{epoch}/.." },
      `Cannot create model-checkpoint as 'filepath' leads out of the run's folder with "..": expected a folder such as "checkpoints/{epoch:02d}", current value is "{epoch}/.."`,
    ],
    [
      { filepath: "a\\..\\..\\{loss}" },
      `Cannot create model-checkpoint as 'filepath' leads out of the run's folder with "..": expected a folder such as "checkpoints/{epoch:02d}", current value is "a\\\\..\\\\..\\\\{loss}"`,
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
      assertThrows(() => modelCheckpoint(options), OptionError).message,
      message,
    );
  }
});

Deno.test("saveFreq 15 at 5 batches an epoch saves after epochs 3, 6 and 9", async () => {
  const { fire, paths } = setUp({ filepath: "{epoch}", saveFreq: 15 });
  for (let epoch = 0; epoch < 10; epoch++) {
    await fire("onEpochBegin", epoch);
    for (let batch = 0; batch < 5; batch++) {
      await fire("onTrainBatchEnd", batch);
    }
    await fire("onEpochEnd", epoch, { loss: 1 });
  }
  assertEquals(paths(), ["3", "6", "9"]);
});

Deno.test("saveFreq from the command line is text", async () => {
  const { fire, paths } = setUp({
    filepath: "{batch}-{loss:.1f}",
    saveFreq: "2" as never,
  });
  for (const batch of [0, 1, 2]) {
    await fire("onTrainBatchEnd", batch, { loss: batch / 2 });
  }
  assertEquals(paths(), ["2-0.5"]);
});

Deno.test("only one hook exists, depending on saveFreq, so that the other costs nothing", () => {
  const epoch = modelCheckpoint();
  const batch = modelCheckpoint({ saveFreq: 1 });
  assertEquals([typeof epoch.onEpochEnd, epoch.onTrainBatchEnd], [
    "function",
    undefined,
  ]);
  assertEquals([batch.onEpochEnd, typeof batch.onTrainBatchEnd], [
    undefined,
    "function",
  ]);
});

Deno.test("a batch at which nothing is saved is not waited for", () => {
  const plugin = modelCheckpoint({ saveFreq: 2 });
  const { run } = fakeRun(plugin);
  assertEquals(plugin.onTrainBatchEnd!(0, {}, run), undefined);
});

Deno.test("Keras' cases of initialValueThreshold", async () => {
  const cases: [ModelCheckpointOptions, saved: boolean][] = [
    [{ monitor: "accuracy", mode: "max", initialValueThreshold: -0.01 }, true],
    [{ monitor: "val_loss", mode: "min", initialValueThreshold: 0 }, false],
    [{ monitor: "val_loss", mode: "auto", initialValueThreshold: 0 }, false],
    [{ monitor: "accuracy", mode: "auto", initialValueThreshold: 1 }, false],
    [{ monitor: "accuracy", mode: "auto", initialValueThreshold: 0 }, true],
  ];
  for (const [options, saved] of cases) {
    const { fire, paths } = setUp({
      filepath: "best",
      saveBestOnly: true,
      ...options,
    });
    await fire("onEpochEnd", 0, { val_loss: 0.5, accuracy: 0.5 });
    assertEquals(paths().length, saved ? 1 : 0, JSON.stringify(options));
  }
});

Deno.test("verbose names the threshold, and non-finite numbers as Python does", async () => {
  const { fire, lines } = setUp({
    filepath: "best",
    saveBestOnly: true,
    verbose: true,
    initialValueThreshold: Infinity,
  });
  await fire("onEpochEnd", 0, { val_loss: NaN });
  await fire("onEpochEnd", 1, { val_loss: 0.25 });
  assertEquals(lines, [
    "Epoch 1: val_loss did not improve from inf",
    "Epoch 2: val_loss improved from inf to 0.25000, saving model to best",
    "Epoch 2: finished saving model to best",
  ]);
});

Deno.test("an epoch without the watched metric saves nothing", async () => {
  const { fire, paths } = setUp({ filepath: "best", saveBestOnly: true });
  await fire("onEpochEnd", 0, { loss: 1 });
  assertEquals(paths(), []);
  await fire("onEpochEnd", 1, { loss: 1, val_loss: 1 });
  assertEquals(paths(), ["best"]);
});

Deno.test("the saved weights are the current ones", async () => {
  const { fire, weights, saves } = setUp({ filepath: "{epoch}" });
  for (const epoch of [0, 1]) {
    weights[0] = epoch + 0.5;
    await fire("onEpochEnd", epoch);
  }
  assertEquals(saves, [
    { path: "1", weightsOnly: false, weights: [0.5] },
    { path: "2", weightsOnly: false, weights: [1.5] },
  ]);
});

Deno.test("maxToKeep deletes absolute paths where they are, and nothing else beside them", async () => {
  const dir = await Deno.makeTempDir();
  for (const name of ["m1", "m2", "other"]) await Deno.mkdir(`${dir}/${name}`);
  const { fire } = setUp({ filepath: `${dir}/m{epoch}`, maxToKeep: 1 }, {
    dir: ".",
  });
  for (const epoch of [0, 1]) await fire("onEpochEnd", epoch);
  assertEquals([...Deno.readDirSync(dir)].map(({ name }) => name).sort(), [
    "m2",
    "other",
  ]);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("what cannot be saved fails the hook, and the older checkpoint stays", async () => {
  const dir = await Deno.makeTempDir();
  const full = new Error("disk full");
  const steps = scripted({
    save: (path) =>
      path === `${dir}/1` ? Deno.mkdir(path) : Promise.reject(full),
  });
  const { place, cause } = await assertRejects(
    () =>
      training(steps, batches(1), undefined, {
        plugins: [modelCheckpoint({ filepath: "{epoch}", maxToKeep: 1 })],
        dir,
        epochs: 2,
      }),
    PluginError,
    "disk full",
  );
  assertEquals([place.hook, place.epoch, cause], ["onEpochEnd", 1, full]);
  assertEquals([...Deno.readDirSync(dir)].map(({ name }) => name), ["1"]);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("the same plugin starts each run afresh", async () => {
  const plugin = modelCheckpoint({
    filepath: "{epoch}",
    saveBestOnly: true,
    initialValueThreshold: 5,
  });
  for (const val_loss of [1, 4]) {
    const { fire, saves } = fakeRun(plugin);
    assertEquals(plugin.state, { best: 5, sinceSave: 0, saved: [] });
    await fire("onEpochEnd", 0, { val_loss });
    assertEquals(saves.length, 1);
  }
});

Deno.test("an unknown mode is rejected, and the direction is requested only if it is used", () => {
  assertThrows(
    () => modelCheckpoint({ mode: "up" as never }),
    OptionError,
    `Cannot create model-checkpoint as 'mode' must be "auto", "min" or "max": current value is "up"`,
  );
  assertEquals(modelCheckpoint({ saveBestOnly: true }).needs, {
    onEpochEnd: [{ key: "val_loss", direction: true }],
  });
  assertEquals(modelCheckpoint().needs, { onEpochEnd: [] });
  assertEquals(modelCheckpoint({ saveBestOnly: true, mode: "min" }).needs, {
    onEpochEnd: ["val_loss"],
  });
});
