import { assertEquals, assertRejects } from "@std/assert";
import { InputError, SetupError } from "../../../core/errors.ts";
import { predictLoop, testLoop } from "../../../core/loop/mod.ts";
import type { RunParams } from "../../../core/plugin.ts";
import {
  batches,
  closable,
  notebook,
  plugin,
  recorder,
  scripted,
} from "../_scripted.ts";

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

Deno.test("what a step throws is thrown, and the iterator is closed", async () => {
  const source = closable();
  const bad = () => {
    throw new Error("out of memory");
  };
  const collected: unknown[] = [];
  await assertRejects(
    () => testLoop(scripted({ test: bad }), source, quiet),
    Error,
    "out of memory",
  );
  await assertRejects(
    () =>
      predictLoop(
        scripted({ predictBatch: (batch) => batch === 1 ? 10 : bad() }),
        source,
        (outputs) => void collected.push(outputs),
        quiet,
      ),
    Error,
    "out of memory",
  );
  assertEquals(source.closed, 2);
  assertEquals(collected, [10]); // Once, though the next batch failed.
});

Deno.test("a dry run evaluates to nothing", async () => {
  const options = { ...quiet, dryRun: true };
  assertEquals(await testLoop(scripted(), batches(1), options), {});
});

Deno.test("plugins are told the parameters of an evaluation and of a prediction", async () => {
  const seen: RunParams[] = [];
  const looker = plugin("p", {
    onTestBegin: (_l, { params }) => void seen.push(params),
    onPredictBegin: (_l, { params }) => void seen.push(params),
  });
  const source = { ...batches(1, 2, 3), batchSize: 8 };
  const options = { ...quiet, plugins: [looker] };
  await testLoop(scripted(), source, { ...options, steps: 2 });
  await testLoop(scripted(), { batches: source.batches }, {
    ...options,
    steps: 2,
  });
  await predictLoop(scripted(), source, () => {}, options);
  const common = { epochs: 1, initialEpoch: 0, validationSteps: undefined };
  assertEquals(seen.map(({ directions: _, ...params }) => params), [
    {
      ...common,
      ...{ mode: "evaluate", steps: 2, batchSize: 8, metrics: ["loss"] },
    },
    {
      ...common,
      ...{ mode: "evaluate", steps: 2, batchSize: undefined },
      metrics: ["loss"],
    },
    { ...common, mode: "predict", steps: 3, batchSize: 8, metrics: [] },
  ]);
});

Deno.test("steps out of range are refused, one is enough", async () => {
  await assertRejects(
    () => testLoop(scripted(), batches(1), { ...quiet, steps: 0 }),
    InputError,
    "'steps' must be an integer >= 1: current value is 0",
  );
  const logs = await testLoop(scripted(), batches(1, 5), {
    ...quiet,
    steps: 1,
  });
  assertEquals(logs, { loss: 1 });
});

Deno.test("val_ keys exist in training only", async () => {
  const needy = plugin("p", {
    needs: { onTestEnd: ["val_f1"] },
    onTestEnd() {},
  });
  await assertRejects(
    () => testLoop(scripted(), batches(1), { ...quiet, plugins: [needy] }),
    SetupError,
    'needs log key "val_f1" in onTestEnd: available are "loss"',
  );
});

Deno.test("a plugin sees the data of an evaluation, as many as are evaluated", async () => {
  const seen: unknown[] = [];
  const looker = plugin("p", {
    requires: ["validation"],
    async onTestEnd(_logs, run) {
      seen.push(run.validation!.steps);
      for await (const { x } of run.validation!.batches()) seen.push(x);
    },
  });
  const samples = (batch: number) => ({ x: [batch], y: [] }) as never;
  await testLoop(scripted({ samples }), batches(1, 2), {
    ...quiet,
    steps: 1,
    plugins: [looker],
  });
  assertEquals(seen, [1, [1]]);
});

Deno.test("one pass is the first", async () => {
  const asked: number[] = [];
  const source = {
    batches(epoch: number) {
      asked.push(epoch);
      return [1];
    },
  };
  await testLoop(scripted(), source, quiet);
  await predictLoop(scripted(), source, () => {}, quiet);
  assertEquals(asked, [0, 0]);
});
