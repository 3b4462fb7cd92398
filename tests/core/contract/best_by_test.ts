import { assertEquals, assertRejects } from "@std/assert";
import { SetupError } from "../../../core/errors.ts";
import { testLoop } from "../../../core/loop/mod.ts";
import type { Monitor, Plugin } from "../../../core/plugin.ts";
import earlyStopping from "../../../plugins/early_stopping.ts";
import modelCheckpoint from "../../../plugins/model_checkpoint.ts";
import { batches, notebook, plugin, scripted, training } from "../_scripted.ts";

/** What the run's best epoch goes by, and the warnings, of two epochs with loss, accuracy and their `val_` keys. */
async function bestOf(...plugins: Plugin[]) {
  const printer = notebook();
  const steps = scripted({
    metrics: ["loss", "accuracy", "f1"],
    logs: () => ({ loss: 1, accuracy: 1, f1: 1 }),
    save: () => Promise.resolve(),
  });
  const { best } = await training(steps, batches(1), batches(1), {
    epochs: 2,
    plugins,
    printer,
  });
  return { key: best?.key, lines: printer.lines };
}

function keeper(name: string, monitor: Monitor): Plugin {
  return { name, monitor, onEpochEnd() {} };
}

Deno.test("the first plugin that keeps a best tells what the best epoch goes by", async () => {
  const first = keeper("first", "val_accuracy");
  const second = keeper("second", { key: "val_accuracy" });
  assertEquals(await bestOf(first, second), { key: "val_accuracy", lines: [] });
  assertEquals(await bestOf(), { key: "val_loss", lines: [] });
});

Deno.test("two that do not agree are warned of once, with what counts", async () => {
  const { key, lines } = await bestOf(
    modelCheckpoint({ saveBestOnly: true, monitor: "val_accuracy" }),
    earlyStopping(),
    keeper("third", "loss"),
  );
  assertEquals(key, "val_accuracy");
  assertEquals(lines, [
    `Warning: Plugin "model-checkpoint" goes by "val_accuracy" to tell what is best, and "early-stopping" by "val_loss": "best epoch" goes by "val_accuracy"; give both the same 'monitor' to agree`,
  ]);
});

Deno.test("opposite directions of one key do not agree either", async () => {
  const { lines } = await bestOf(
    keeper("up", { key: "loss", direction: "max" }),
    keeper("down", "loss"),
  );
  assertEquals(lines, [
    `Warning: Plugin "up" goes by the max of "loss" to tell what is best, and "down" by the min of "loss": "best epoch" goes by the max of "loss"; give both the same 'monitor' to agree`,
  ]);
});

Deno.test("a checkpoint that saves each time, or by batch, keeps no best epoch", async () => {
  const each = modelCheckpoint({ monitor: "val_accuracy" });
  assertEquals((await bestOf(each)).key, "val_loss");
  const byBatch = modelCheckpoint({
    saveFreq: 1,
    saveBestOnly: true,
    monitor: "accuracy",
  });
  assertEquals((await bestOf(byBatch)).key, "val_loss");
});

Deno.test("a key that no epoch has is passed over, its direction known or not", async () => {
  assertEquals((await bestOf(keeper("other", "none"))).key, "val_loss");
  const up = keeper("up", { key: "none", direction: "max" });
  assertEquals((await bestOf(up)).key, "val_loss");
  const real = keeper("real", "val_accuracy");
  assertEquals(await bestOf(up, real), { key: "val_accuracy", lines: [] });
});

Deno.test("so is a plugin without a name, whose word counts only where it is whole", async () => {
  const bare = (monitor: Monitor): Plugin => ({
    ...keeper("", monitor),
    name: undefined as never,
  });
  assertEquals((await bestOf(bare("val_f1"))).key, "val_loss");
  assertEquals(
    (await bestOf(bare({ key: "val_f1", direction: "max" }))).key,
    "val_f1",
  );
});

Deno.test("where keys are known only as they come, a plugin without a best has no say", async () => {
  const plugins = [
    plugin("other", { onEpochEnd() {} }),
    keeper("keeper", "accuracy"),
  ];
  const logs = () => ({ loss: 1, accuracy: 1 });
  const steps = scripted({ metrics: undefined, logs });
  const { best } = await training(steps, batches(1), undefined, { plugins });
  assertEquals(best?.key, "accuracy");
});

Deno.test("two keys of one direction do not agree, and an evaluation does not mind", async () => {
  const plugins = [keeper("first", "loss"), keeper("second", "val_loss")];
  assertEquals((await bestOf(...plugins)).lines, [
    `Warning: Plugin "first" goes by "loss" to tell what is best, and "second" by "val_loss": "best epoch" goes by "loss"; give both the same 'monitor' to agree`,
  ]);
  const printer = notebook();
  const apart = [keeper("up", { key: "loss", direction: "max" }), ...plugins];
  await testLoop(scripted(), batches(1), { plugins: apart, printer });
  assertEquals(printer.lines, []);
});

Deno.test("a key that a plugin provides counts", async () => {
  const giver: Plugin = {
    name: "giver",
    provides: { onEpochEnd: ["gap"] },
    monitor: { key: "gap", direction: "max" },
    onEpochEnd: (epoch) => ({ gap: epoch }),
  };
  assertEquals((await bestOf(giver)).key, "gap");
  const { monitor, ...silent } = giver;
  const tester: Plugin = {
    name: "tester",
    provides: { onTestEnd: ["f1"] },
    onTestEnd: () => ({ f1: 1 }),
  };
  const watch = keeper("watch", monitor!);
  assertEquals((await bestOf(watch, tester, silent)).key, "gap");
});

Deno.test("a direction that is not known is asked for before the first step", async () => {
  const error = await assertRejects(
    () => bestOf(keeper("watch", "val_f1")),
    SetupError,
  );
  assertEquals(error.problems, [
    `Plugin "watch" cannot tell whether lower or higher "val_f1" is better: set its option mode to "min" or "max"`,
  ]);
});
