import { assertEquals } from "@std/assert";
import type { LogRecord } from "../../../core/plugin.ts";
import { callbackList } from "../../../core/loop/mod.ts";
import { batches, notebook, plugin, scripted, training } from "../_scripted.ts";

/** The history of epochs with these logs. */
async function historyOf(epochs: readonly LogRecord[]) {
  const list = callbackList({ printer: notebook(), epochs: epochs.length });
  await list.onTrainBegin();
  for (const [epoch, logs] of epochs.entries()) {
    await list.onEpochBegin(epoch);
    await list.onEpochEnd(epoch, logs);
  }
  await list.onTrainEnd();
  return list.history;
}

Deno.test("best is the epoch of the lowest val_loss, the first of several", async () => {
  const { best } = await historyOf([
    { loss: 3, val_loss: 3 },
    { loss: 2, val_loss: 1 },
    { loss: 1, val_loss: 1 },
  ]);
  assertEquals(best, { epoch: 1, key: "val_loss", value: 1 });
});

Deno.test("best goes by loss where there is no val_loss, and never by NaN", async () => {
  assertEquals(
    (await historyOf([{ loss: NaN }, { loss: 2 }, { loss: NaN }])).best,
    { epoch: 1, key: "loss", value: 2 },
  );
  assertEquals((await historyOf([{ loss: NaN }])).best, undefined);
  assertEquals((await historyOf([{ mae: 1 }])).best, undefined);
});

Deno.test("a key that is there in some epochs only has their values", async () => {
  const { history, epoch } = await historyOf([
    { loss: 3 },
    { loss: 2, val_loss: 5 },
  ]);
  assertEquals(history, { loss: [3, 2], val_loss: [5] });
  assertEquals(epoch, [0, 1]);
});

Deno.test("the history has the parameters, with the steps that are known by then", async () => {
  const source = { batches: () => [1, 2, 3] };
  const { params } = await training(scripted(), source, batches(1), {
    epochs: 2,
    initialEpoch: 1,
  });
  assertEquals(params, {
    mode: "fit",
    epochs: 2,
    initialEpoch: 1,
    steps: 3,
    validationSteps: 1,
    batchSize: undefined,
    metrics: ["loss", "val_loss"],
    directions: {
      ...{ loss: "min", val_loss: "min" },
      ...{ accuracy: "max", val_accuracy: "max", acc: "max", val_acc: "max" },
    },
  });
});

Deno.test("the history may be looked at before the end", async () => {
  const list = callbackList({
    printer: notebook(),
    plugins: [plugin("p", { onEpochEnd() {} })],
  });
  await list.onTrainBegin();
  assertEquals(list.history.outcome, { status: "completed" });
  list.stop("enough");
  assertEquals(list.history.outcome.status, "stopped");
});
