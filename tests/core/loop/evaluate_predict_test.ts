import { assertEquals, assertRejects } from "@std/assert";
import { predictLoop, testLoop } from "../../../core/loop/mod.ts";
import { batches, notebook, plugin, recorder, scripted } from "../_scripted.ts";

const quiet = { printer: notebook() };

Deno.test("testLoop() calls the test hooks alone and returns the logs", async () => {
  const trace: string[] = [];
  const logs = await testLoop(scripted(), batches(1, 3), {
    ...quiet,
    plugins: [recorder(trace)],
  });
  assertEquals(logs, { loss: 2 });
  assertEquals(trace, [
    "onTestBegin {}",
    "onTestBatchBegin 0 {}",
    'onTestBatchEnd 0 {"loss":1}',
    "onTestBatchBegin 1 {}",
    'onTestBatchEnd 1 {"loss":2}',
    'onTestEnd {"loss":2}',
  ]);
});

Deno.test("predictLoop() calls the predict hooks and hands the outputs over after them", async () => {
  const trace: string[] = [];
  await predictLoop(
    scripted(),
    batches(1, 2),
    (outputs) => void trace.push(`collect ${outputs}`),
    { ...quiet, plugins: [recorder(trace)] },
  );
  assertEquals(trace, [
    "onPredictBegin {}",
    "onPredictBatchBegin 0 {}",
    'onPredictBatchEnd 0 {"outputs":10}',
    "onPredictBatchBegin 1 {}",
    "collect 10",
    'onPredictBatchEnd 1 {"outputs":20}',
    "collect 20",
    "onPredictEnd {}",
  ]);
});

Deno.test("a stop in testLoop() ends it after the batch", async () => {
  const trace: string[] = [];
  await testLoop(scripted(), batches(1, 2, 3), {
    ...quiet,
    plugins: [
      plugin("stopper", { onTestBatchEnd: (_b, _l, run) => run.stop("seen") }),
      recorder(trace),
    ],
  });
  assertEquals(trace.at(-1), 'onTestEnd {"loss":1}');
});

Deno.test("an aborted evaluation throws the signal's reason", async () => {
  const reason = new Error("interrupted");
  const error = await assertRejects(() =>
    testLoop(scripted(), batches(1), {
      ...quiet,
      signal: AbortSignal.abort(reason),
    })
  );
  assertEquals(error, reason);
});
