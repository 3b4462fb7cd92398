import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { InputError } from "../../../core/errors.ts";
import {
  callbackList,
  type LoopOptions,
  train,
} from "../../../core/loop/mod.ts";
import { HOOK_NAMES, type Plugin, type Run } from "../../../core/plugin.ts";
import { fakeRun } from "../../../core/testing.ts";
import { silent } from "../../../core/terminal.ts";
import { batches, plugin, scripted, training } from "../_scripted.ts";

/** The handle of a plugin with some hooks. */
const handle = (
  plugin: Omit<Plugin, "name"> = {},
  options: Parameters<typeof fakeRun>[1] = {},
) => fakeRun({ name: "looker", onTrainEnd() {}, ...plugin }, options).run;

Deno.test("keys: what the plugin gets in a hook, sorted", () => {
  const all = handle({ onEpochEnd() {}, onTrainBatchEnd() {} });
  assertEquals(all.keys("onEpochEnd"), [
    "accuracy",
    "loss",
    "val_accuracy",
    "val_loss",
  ]);
  assertEquals(all.keys("onTrainBatchEnd"), ["accuracy", "loss"]);
  const some = handle({
    needs: { onEpochEnd: ["val_loss", "loss"] },
    onEpochEnd() {},
    onTrainBatchEnd() {},
  });
  assertEquals(some.keys("onEpochEnd"), ["loss", "val_loss"]);
  assertEquals(some.keys("onTrainBatchEnd"), []);
  assertEquals(some.keys("onTestEnd"), [], "a hook it does not have");
});

Deno.test("direction: as the metrics declare, with val_ too", () => {
  const run = handle({}, {
    metrics: ["loss", "f1"],
    directions: { f1: "max" },
  });
  assertEquals(
    ["loss", "val_loss", "f1", "val_f1"].map(run.direction),
    ["min", "min", "max", "max"],
  );
  assertThrows(
    () => run.direction("odd"),
    Error,
    `it is not known whether lower or higher "odd" is better: declare needs: { …: [{ key: "odd", direction: true }] }`,
  );
});

Deno.test("path: in the folder of the run; absolute ones where it has none of its own", () => {
  const { path } = handle({}, { dir: "runs/a" });
  assertEquals(path("log.csv"), "runs/a/log.csv");
  assertThrows(
    () => path("/tmp/x"),
    InputError,
    'Cannot use the path "/tmp/x": it is absolute, and the files of this run go into runs/a; give a path in that folder',
  );
  assertEquals(handle({}, { dir: "/runs/a" }).path("/runs/a/x"), "/runs/a/x");
  assertThrows(() => handle({}, { dir: "/runs/a" }).path("/runs/ab"));
  assertEquals(handle().path("log.csv"), "log.csv");
  assertEquals(handle().path("/tmp/x"), "/tmp/x");
});

Deno.test("epoch, step and outcome are those of now", async () => {
  const seen: unknown[] = [];
  const note = (run: Run) =>
    void seen.push([run.epoch, run.step, run.outcome?.status]);
  await training(scripted(), batches(1, 2), undefined, {
    epochs: 2,
    plugins: [{
      name: "looker",
      onTrainBegin: (_logs, run) => note(run),
      onEpochEnd: (_epoch, _logs, run) => note(run),
      onTrainEnd: (_logs, run) => note(run),
    }],
  });
  assertEquals(seen, [
    [0, 0, undefined],
    [0, 2, undefined],
    [1, 4, undefined],
    [1, 4, "completed"],
  ]);
});

Deno.test("batchLogs: what the last batch reported for itself, beside the means", async () => {
  const seen: unknown[] = [];
  await training(scripted(), batches(1, 3), undefined, {
    plugins: [{
      name: "looker",
      requires: ["batchLogs"],
      onTrainBatchEnd: (_batch, { loss }, run) =>
        void seen.push([loss, run.batchLogs()]),
    }],
  });
  assertEquals(seen, [[1, { loss: 1 }], [2, { loss: 3 }]]);
});

Deno.test("model, dir, signal, terminal and clock are handed on", () => {
  const { signal } = new AbortController();
  const model = {};
  const { run, clock } = fakeRun({ name: "looker", onTrainEnd() {} }, {
    model,
    signal,
    dir: "d",
    interactive: true,
    columns: 99,
  });
  clock.now = 5;
  assertEquals([run.model === model, run.signal === signal], [true, true]);
  assertEquals([run.dir, run.now()], ["d", 5]);
  assertEquals([run.terminal.interactive, run.terminal.columns], [true, 99]);
});

Deno.test("momentum that the optimizer does not have throws, read or set", () => {
  const run = handle({}, { momentum: null });
  const message = 'this run does not offer "momentum"';
  assertThrows(() => run.optimizer.momentum, Error, message);
  assertThrows(() => run.optimizer.momentum = 1, Error, message);
  assertEquals(run.optimizer.learningRate, 0.01);
});

Deno.test("validation: batches as often as asked for, none where there are none", async () => {
  const value = { shape: [1], data: () => Promise.resolve([1]), dispose() {} };
  const given = [{ x: [value], y: [value], size: 1 }];
  const { validation } = handle({}, { validation: given });
  for (let pass = 0; pass < 2; pass++) {
    assertEquals(await Array.fromAsync(validation!.batches()), given);
  }
  assertEquals(validation!.steps, 1);
  assertEquals(handle().validation, undefined);
});

Deno.test("a plugin that throws in a hook fails with its name", async () => {
  const { fire } = fakeRun({
    name: "thrower",
    onEpochEnd: (_epoch, _logs, run) => void run.direction("odd"),
  });
  await assertRejects(
    () => fire("onEpochEnd", 3),
    Error,
    'Plugin "thrower" failed in onEpochEnd at epoch 3: it is not known',
  );
});

Deno.test("a setting that the optimizer does not have is no act", () => {
  const { run, acts } = fakeRun({ name: "p", onTrainEnd() {} }, {
    momentum: null,
  });
  assertThrows(() => run.optimizer.momentum = 0.5);
  assertEquals(acts, []);
});

Deno.test("what plugins share cannot be changed by one for the others, nor for the next run", async () => {
  let looked = 0;
  const look = (what: string, shared: unknown) => {
    if (typeof shared !== "object" || shared === null) return;
    looked++;
    assertEquals(Object.isFrozen(shared), true, what);
  };
  const plugin: Record<string, unknown> = { name: "looker" };
  for (const hook of HOOK_NAMES) {
    plugin[hook] = (...args: unknown[]) => {
      const run = args.at(-1) as Run;
      look(`${hook}: logs`, args.at(-2));
      look(`${hook}: run`, run);
      for (const part of SHARED) look(`${hook}: run.${part}`, run[part]);
      look(`${hook}: metrics`, run.params.metrics);
      look(`${hook}: directions`, run.params.directions);
    };
  }
  const parts = { plugins: [plugin], printer: silent() };
  await train(
    {
      trainStep: () => ({ loss: 1 }),
      testStep: () => ({ loss: 1 }),
      samplesOf: () => ({ x: [], y: [], size: 1 }),
    },
    [1, 2],
    { epochs: 2, validation: [1], ...parts },
  );
  await using list = callbackList(parts);
  for await (const epoch of list.epochs(1)) {
    for await (const batch of epoch.batches([1])) await batch.end({ loss: 1 });
  }
  assertEquals(looked > 100, true);
});

/** The parts of a run that every plugin sees. */
const SHARED = [
  "params",
  "optimizer",
  "weights",
  "files",
  "terminal",
  "validation",
  "outcome",
] as const;

Deno.test("what a plugin without types asks for wrongly is told", async () => {
  const run = handle({ requires: ["predict", "weights"] });
  const error = await assertRejects(() => run.predict(5 as never), Error);
  assertEquals(
    error.message,
    "Cannot predict: 'x' must be a list, one entry per input of the model, as in a batch of run.validation",
  );
  run.weights.snapshot("a", null as never);
  assertEquals(run.weights.has("a"), true);
  assertThrows(() => run.direction("constructor"), Error, '"constructor"');
  assertEquals(run.keys("constructor" as never), []);
});

Deno.test("a plugin that predicts much leaves timers their turn", async () => {
  let clock = 0;
  const seen: string[] = [];
  const predict = () => {
    clock += 101;
    setTimeout(() => seen.push("timer"));
    seen.push("predict");
    return Promise.resolve([]);
  };
  await training(scripted({ predict }), batches(1), undefined, {
    now: () => clock,
    plugins: [plugin("asker", {
      async onEpochEnd(_epoch, _logs, run) {
        for (let i = 0; i < 2; i++) await run.predict([]);
      },
    })],
  });
  assertEquals(seen.slice(0, 3), ["predict", "timer", "predict"]);
});

Deno.test("callbacks are told the samples of the data and of a batch", async () => {
  const seen: unknown[] = [];
  const callback = {
    setParams: ({ samples }: { samples?: number }) => void seen.push(samples),
    onBatchEnd: (_batch: number, logs: { size?: number }) =>
      void seen.push(logs.size),
  };
  await training(
    scripted({ lastSize: () => 2 }),
    { ...batches(1, 2), samples: 4 },
    undefined,
    { plugins: [callback] as LoopOptions["plugins"] },
  );
  assertEquals(seen, [4, 2, 2]);
});

Deno.test("a plugin sees who is in the run, what it offers, and whether an epoch is its best so far", async () => {
  const seen: unknown[] = [];
  const looker = plugin("looker", {
    onTrainBegin(_logs, run) {
      seen.push(run.plugins, run.tensors);
      seen.push(run.offers("learningRate"), run.offers("save"));
    },
    onEpochEnd: (_epoch, logs, run) => void seen.push(run.bestBy(logs)),
  });
  const losses = [2, 1, 3];
  await train(
    {
      metrics: ["loss"],
      trainStep: () => ({ loss: losses.shift()! }),
      optimizer: { learningRate: 0.1 },
      tensors: () => 7,
    },
    [0],
    { epochs: 3, plugins: [looker, plugin("other", { onTrainEnd() {} })] },
  );
  assertEquals(seen, [
    ...[["looker", "other"], 7],
    ...[true, false],
    ...["loss", "loss", undefined],
  ]);
});
