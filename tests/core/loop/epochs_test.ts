import { assertEquals } from "@std/assert";
import { callbackList } from "../../../core/loop/mod.ts";
import { notebook, plugin, recorder } from "../_scripted.ts";

const quiet = { printer: notebook(), metrics: ["loss"] };

Deno.test("plugins are told how many batches an epoch has, where that can be known", async () => {
  const steps: unknown[] = [];
  const list = callbackList({
    ...quiet,
    plugins: [plugin("p", {
      onTrainBatchBegin: (_b, _l, { params }) => void steps.push(params.steps),
    })],
  });
  for await (const epoch of list.epochs(2)) {
    const data = [1, 2];
    const batches = epoch.index === 0 ? data.values() : data;
    for await (const batch of epoch.batches(batches)) {
      await batch.end({ loss: 1 });
    }
  }
  assertEquals(steps, [undefined, undefined, 2, 2]);
});

Deno.test("a stop does not cut a validation short", async () => {
  const trace: string[] = [];
  const list = callbackList({
    ...quiet,
    validation: true,
    plugins: [recorder(trace)],
  });
  for await (const epoch of list.epochs(2)) {
    for await (const batch of epoch.batches([1])) await batch.end({ loss: 1 });
    list.stop("enough");
    for await (const batch of epoch.validate([3, 5])) {
      await batch.end({ loss: batch.data });
    }
  }
  assertEquals(trace.slice(-2), [
    'onEpochEnd 0 {"loss":1,"val_loss":4}',
    'onTrainEnd {"loss":1,"val_loss":4}',
  ]);
});

Deno.test("batches weigh what they say they weigh, 1 if they do not", async () => {
  const list = callbackList(quiet);
  for await (const epoch of list.epochs(1)) {
    for await (const batch of epoch.batches([1, 5])) {
      if (batch.index === 0) await batch.end({ loss: 1 }, 3);
      else await batch.end({ loss: 5 });
    }
  }
  assertEquals(list.history.history, { loss: [2] });
});

Deno.test("a batch ends once, whoever says so again", async () => {
  const list = callbackList(quiet);
  for await (const epoch of list.epochs(1)) {
    for await (const batch of epoch.batches([1, 3])) {
      await batch.end({ loss: batch.data });
      await batch.end({ loss: 100 });
    }
  }
  assertEquals(list.history.history, { loss: [2] });
});

Deno.test("an epoch waits for its last batch too", async () => {
  const trace: string[] = [];
  const slow = plugin("slow", {
    async onTrainBatchEnd(batch) {
      await new Promise((resolve) => setTimeout(resolve));
      trace.push(`batch ${batch}`);
    },
    onEpochEnd: () => void trace.push("epoch"),
  });
  const list = callbackList({ ...quiet, plugins: [slow] });
  for await (const epoch of list.epochs(1)) {
    for await (const batch of epoch.batches([1, 2])) batch.end({ loss: 1 });
  }
  assertEquals(trace, ["batch 0", "batch 1", "epoch"]);
});

Deno.test("timers and signals get their turn in a loop that never waits", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("enough")), 0);
  const { signal } = controller;
  await using list = callbackList({ plugins: [], signal });
  function* endless() {
    for (;;) yield 1;
  }
  let batches = 0;
  for await (const epoch of list.epochs(1)) {
    for await (const batch of epoch.batches(endless())) {
      batches++;
      await batch.end({ loss: batch.data });
    }
  }
  assertEquals(list.history.outcome.reason, "enough");
  assertEquals(batches > 1, true);
});
