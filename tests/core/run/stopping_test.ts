import { assertEquals } from "@std/assert";
import { callbackList, testLoop } from "../../../core/loop/mod.ts";
import { batches, notebook, plugin, scripted, training } from "../_scripted.ts";

/** A callback that sets the flag of a model in some epoch. */
const raises = (model: { stopTraining?: boolean }, at: number) => ({
  onEpochEnd(epoch: number) {
    if (epoch === at) model.stopTraining = true;
  },
});

/** Trains three epochs of two batches beside a model. */
const fit = (model: unknown, plugins: unknown[] = []) =>
  training(scripted({ model }), batches(1, 2), undefined, {
    epochs: 3,
    plugins: plugins as [],
  });

Deno.test("a model's flag that is set stops the training, is lowered, and says where", async () => {
  const model = {};
  const { epoch, outcome } = await fit(model, [raises(model, 1)]);
  assertEquals(epoch, [0, 1]);
  assertEquals(outcome, {
    ...{ status: "stopped", by: "a callback", hook: "onEpochEnd", epoch: 1 },
    reason: "model.stopTraining was set",
  });
  assertEquals(model, { stopTraining: false });
});

Deno.test("a flag left from an earlier run asks for nothing", async () => {
  const model = { stopTraining: true };
  const { epoch, outcome } = await fit(model);
  assertEquals([epoch, outcome.status], [[0, 1, 2], "completed"]);
  assertEquals(model, { stopTraining: false });
});

Deno.test("a model without a flag stays as it is, whatever it is", async () => {
  const broken = {
    get stopTraining() {
      throw new Error("compile first");
    },
  };
  const plain = {};
  for (const model of [plain, undefined, null, "a name", 5, broken]) {
    assertEquals((await fit(model)).outcome.status, "completed");
  }
  assertEquals(plain, {});
});

Deno.test("what a plugin asked for before stays the reason; the flag is left alone then", async () => {
  const model = { stopTraining: false };
  const first = plugin("first", {
    onEpochEnd: (_e, _l, run) => run.stop("me"),
  });
  const { outcome } = await fit(model, [first, raises(model, 0)]);
  assertEquals([outcome.by, outcome.reason], ["first", "me"]);
});

Deno.test("an evaluation has no training to stop", async () => {
  const model = { stopTraining: true };
  await testLoop(scripted({ model }), batches(1), { printer: notebook() });
  assertEquals(model, { stopTraining: true });
});

Deno.test("a hand-written loop heeds the flag as well", async () => {
  const model = {};
  const list = callbackList({
    ...{ model, printer: notebook() },
    plugins: [raises(model, 0)],
  });
  for await (const epoch of list.epochs(3)) {
    for await (const batch of epoch.batches([1])) await batch.end({ loss: 1 });
  }
  assertEquals(list.history.epoch, [0]);
  assertEquals(list.history.outcome.by, "a callback");
});
