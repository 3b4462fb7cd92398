import { assertEquals, assertRejects } from "@std/assert";
import {
  type HostOptions,
  predictLoop,
  testLoop,
} from "../../../core/loop/mod.ts";
import type { Outcome, Plugin } from "../../../core/plugin.ts";
import { batches, notebook, plugin, scripted, training } from "../_scripted.ts";

/** Notes how runs ended, as the end hooks of all kinds are told. */
function watcher(seen: (Outcome | undefined)[]): Plugin {
  const note = (run: { outcome?: Outcome | undefined }) =>
    void seen.push(run.outcome);
  return plugin("watcher", {
    onTrainEnd: (_l, run) => note(run),
    onTestEnd: (_l, run) => note(run),
    onPredictEnd: (_l, run) => note(run),
  });
}

const stopper = plugin("stopper", {
  onTestBatchEnd: (_b, _l, run) => run.stop("enough"),
  onPredictBatchEnd: (_b, _l, run) => run.stop("enough"),
});

const quiet: HostOptions = { printer: notebook() };

Deno.test("evaluation and prediction end as completed, or as stopped, outside of epochs", async () => {
  const seen: (Outcome | undefined)[] = [];
  const watch = watcher(seen);
  for (const plugins of [[watch], [watch, stopper]]) {
    const options = { ...quiet, plugins };
    await testLoop(scripted(), batches(1, 2), options);
    await predictLoop(scripted(), batches(1, 2), () => {}, options);
  }
  const stopped = { status: "stopped", by: "stopper", batch: 0 } as const;
  assertEquals(seen, [
    { status: "completed" },
    { status: "completed" },
    { ...stopped, hook: "onTestBatchEnd", reason: "enough" },
    { ...stopped, hook: "onPredictBatchEnd", reason: "enough" },
  ]);
});

Deno.test("a stop outside of batches has no batch", async () => {
  const { outcome } = await training(scripted(), batches(1), undefined, {
    plugins: [plugin("p", { onEpochEnd: (_e, _l, run) => run.stop("done") })],
  });
  assertEquals(outcome, {
    ...{ status: "stopped", by: "p", hook: "onEpochEnd", epoch: 0 },
    reason: "done",
  });
});

Deno.test("a failure outside of plugins has what was thrown, and nobody to name", async () => {
  for (
    const [error, reason] of [
      [new Error("out of memory"), "out of memory"],
      ["text", "text"],
      [undefined, "undefined"],
    ] as const
  ) {
    const seen: (Outcome | undefined)[] = [];
    const train = () => {
      throw error;
    };
    await training(scripted({ train }), batches(1), undefined, {
      plugins: [watcher(seen)],
    }).catch((thrown) => assertEquals(thrown, error));
    assertEquals(seen, [{ status: "failed", epoch: 0, reason, error }]);
  }
});

Deno.test("a failure in evaluation has no epoch, one in a hook names the plugin", async () => {
  const seen: (Outcome | undefined)[] = [];
  const bad = plugin("bad", {
    onTestBatchEnd() {
      throw new Error("no");
    },
  });
  const error = await assertRejects(() =>
    testLoop(scripted(), batches(1, 2), {
      ...quiet,
      plugins: [bad, watcher(seen)],
    })
  );
  assertEquals(seen, [{
    ...{ status: "failed", by: "bad", hook: "onTestBatchEnd", batch: 0 },
    reason: (error as Error).message,
    error,
  }]);
});

Deno.test("an aborted run has the signal's reason, in words", async () => {
  const { outcome } = await training(scripted(), batches(1), undefined, {
    signal: AbortSignal.abort("ctrl-c"),
  });
  assertEquals(outcome, { status: "aborted", epoch: 0, reason: "ctrl-c" });
});
