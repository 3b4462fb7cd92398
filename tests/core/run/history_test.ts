import { assertEquals } from "@std/assert";
import type { LogRecord, Monitor, Plugin } from "../../../core/plugin.ts";
import { callbackList } from "../../../core/loop/mod.ts";
import { batches, notebook, plugin, scripted, training } from "../_scripted.ts";

/** The history of epochs with these logs. */
async function historyOf(
  epochs: readonly LogRecord[],
  plugins: readonly Plugin[] = [],
) {
  const list = callbackList({
    plugins,
    printer: notebook(),
    epochs: epochs.length,
  });
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
  const logs = { loss: 2, val_loss: 1 };
  assertEquals(best, { epoch: 1, key: "val_loss", value: 1, logs });
});

Deno.test("best goes by loss where there is no val_loss, and never by NaN", async () => {
  assertEquals(
    (await historyOf([{ loss: NaN }, { loss: 2 }, { loss: NaN }])).best,
    { epoch: 1, key: "loss", value: 2, logs: { loss: 2 } },
  );
  assertEquals((await historyOf([{ loss: NaN }])).best, undefined);
  assertEquals((await historyOf([{ mae: 1 }])).best, undefined);
});

/** A plugin that keeps what is best. */
function keeper(monitor: Monitor): Plugin {
  return { name: "keeper", monitor, onEpochEnd() {} };
}

Deno.test("best goes by what a plugin goes by that keeps the best", async () => {
  const epochs = [
    { loss: 1, val_loss: 1, val_accuracy: 0.5, val_f1: 3 },
    { loss: 2, val_loss: 2, val_accuracy: 0.7, val_f1: 2 },
    { loss: 3, val_loss: 3, val_accuracy: 0.6, val_f1: 4 },
  ];
  const bestBy = async (monitor: Monitor) => {
    const { best } = await historyOf(epochs, [keeper(monitor)]);
    return [best!.epoch, best!.key, best!.value];
  };
  assertEquals(await bestBy("val_accuracy"), [1, "val_accuracy", 0.7]);
  assertEquals(await bestBy({ key: "val_f1", direction: "max" }), [
    2,
    "val_f1",
    4,
  ]);
  assertEquals(await bestBy({ key: "val_f1", direction: "min" }), [
    1,
    "val_f1",
    2,
  ]);
});

Deno.test("a plugin that goes by a key which is never a number has no best", async () => {
  const epochs = [{ loss: 1, val_accuracy: NaN }, { loss: 2 }];
  assertEquals(
    (await historyOf(epochs, [keeper("val_accuracy")])).best,
    undefined,
  );
});

Deno.test("values are compared as float32, as plugins compare them: the first of equals is best", async () => {
  const { best } = await historyOf([{ loss: 0.1 }, { loss: 0.1 - 1e-12 }]);
  assertEquals(best!.epoch, 0);
  const highest = await historyOf(
    [{ loss: 0.1 }, { loss: 0.1 + 1e-12 }],
    [keeper({ key: "loss", direction: "max" })],
  );
  assertEquals(highest.best!.epoch, 0);
});

Deno.test("the best epoch has its own logs: none of a validation that did not run in it", async () => {
  const epochs = [
    { loss: 3 },
    { loss: 1 },
    { loss: 2, val_loss: 9, val_accuracy: 0.9 },
  ];
  const { best } = await historyOf(epochs, [keeper("loss")]);
  assertEquals(best, { epoch: 1, key: "loss", value: 1, logs: { loss: 1 } });
});

Deno.test("a key that is there in some epochs only has their values", async () => {
  const { history, epoch, logs } = await historyOf([
    { loss: 3 },
    { loss: 2, val_loss: 5 },
  ]);
  assertEquals(history, { loss: [3, 2], val_loss: [5] });
  assertEquals(epoch, [0, 1]);
  assertEquals(logs, [{ loss: 3 }, { loss: 2, val_loss: 5 }]);
});

Deno.test("the history has the parameters, with the steps that are known by then", async () => {
  const source = { batches: () => [1, 2, 3] };
  const { params } = await training(scripted(), source, batches(1), {
    epochs: 2,
    initialEpoch: 1,
    seed: 7,
  });
  assertEquals(params, {
    mode: "fit",
    seed: 7,
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

Deno.test("the history says where the run's files are", async () => {
  assertEquals((await historyOf([{ loss: 1 }])).dir, ".");
  const list = callbackList({ dir: "runs/1", printer: notebook() });
  assertEquals(list.history.dir, "runs/1");
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

Deno.test("who follows the run is told each epoch, with the history so far, and the end", async () => {
  const seen: unknown[] = [];
  await training(scripted(), batches(1, 3), undefined, {
    epochs: 2,
    onPlan: () => ({
      epoch: ({ epochs, history }) =>
        void seen.push([epochs.length, history().history]),
      end: ({ epochs, history }) =>
        void seen.push([epochs.map(({ logs }) => logs), history().outcome]),
    }),
  });
  assertEquals(seen, [
    [1, { loss: [2] }],
    [2, { loss: [2, 2] }],
    [[{ loss: 2 }, { loss: 2 }], { status: "completed" }],
  ]);
});

Deno.test("run.bestBy tells, before an epoch is over, what the history says of it then", async () => {
  const said: (string | undefined)[] = [];
  const bests: (number | undefined)[] = [];
  const asks: Plugin = {
    name: "asks",
    order: "post",
    onEpochEnd: (_epoch, logs, run) => void said.push(run.bestBy(logs)),
  };
  const follows = (plugins: readonly Plugin[]) =>
    historyOf([
      { loss: 3 },
      { loss: 2, val_loss: NaN },
      { loss: 1, val_loss: 2 },
      { loss: 0.5 },
      { loss: 9, val_loss: 1, mae: 4 },
      { loss: 9, val_loss: 1, mae: 3 },
    ], plugins);
  bests.push((await follows([asks])).best?.epoch);
  assertEquals(said.splice(0), [
    ...["loss", "loss", "val_loss"],
    ...[undefined, "val_loss", undefined],
  ]);
  const by = keeper({ key: "mae", direction: "min" });
  bests.push((await follows([by, asks])).best?.epoch);
  assertEquals(said, [...Array(4), "mae", "mae"]);
  assertEquals(bests, [4, 5]);
});
