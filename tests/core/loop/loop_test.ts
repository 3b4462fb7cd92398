import { assert, assertEquals, assertRejects } from "@std/assert";
import { InputError, PluginError, SetupError } from "../../../core/errors.ts";
import type {
  LoopOptions,
  Position,
  RunControl,
} from "../../../core/loop/mod.ts";
import type { Outcome, Plugin } from "../../../core/plugin.ts";
import { startPosition } from "../../../core/run/state.ts";
import {
  batches,
  closable,
  notebook,
  plugin,
  recorder,
  scripted,
  training,
} from "../_scripted.ts";

const quiet = { printer: notebook() };

Deno.test("trainLoop() calls the hooks in Keras' order with Keras' keys", async () => {
  const trace: string[] = [];
  await training(scripted(), batches(0, 100), batches(7), {
    ...quiet,
    epochs: 2,
    validationFreq: 2,
    plugins: [recorder(trace)],
  });
  assertEquals(trace, [
    "onTrainBegin {}",
    "onEpochBegin 0 {}",
    "onTrainBatchBegin 0 {}",
    'onTrainBatchEnd 0 {"loss":0}',
    "onTrainBatchBegin 1 {}",
    'onTrainBatchEnd 1 {"loss":50}', // The mean so far, not the batch.
    'onEpochEnd 0 {"loss":50}',
    "onEpochBegin 1 {}",
    "onTrainBatchBegin 0 {}",
    'onTrainBatchEnd 0 {"loss":0}',
    "onTrainBatchBegin 1 {}",
    'onTrainBatchEnd 1 {"loss":50}',
    "onTestBegin {}",
    "onTestBatchBegin 0 {}",
    'onTestBatchEnd 0 {"loss":7}',
    'onTestEnd {"loss":7}',
    'onEpochEnd 1 {"loss":50,"val_loss":7}',
    'onTrainEnd {"loss":50,"val_loss":7}',
  ]);
});

Deno.test("trainLoop() returns the history with plugins' keys, and the best epoch", async () => {
  let epoch = 0;
  const rates = plugin("rates", {
    provides: { onEpochEnd: ["learning_rate"] },
    onEpochEnd: () => ({ learning_rate: ++epoch / 10 }),
  });
  const losses = [3, 1, 2];
  const source = { batches: (epoch: number) => [losses[epoch]!] };
  const history = await training(scripted(), source, undefined, {
    ...quiet,
    epochs: 3,
    plugins: [rates],
  });
  assertEquals(history.epoch, [0, 1, 2]);
  assertEquals(history.history, {
    loss: [3, 1, 2],
    learning_rate: [0.1, 0.2, 0.3],
  });
  assertEquals([history.best?.epoch, history.best?.value], [1, 1]);
  assertEquals(history.outcome, { status: "completed" });
});

Deno.test("a stop in a batch hook ends the batches; validation and end hooks still run", async () => {
  const trace: string[] = [];
  const history = await training(scripted(), batches(1, 2, 3), batches(9), {
    ...quiet,
    epochs: 5,
    plugins: [
      plugin("stopper", {
        onTrainBatchEnd: (batch, _logs, run) => {
          if (batch === 1) run.stop("enough");
        },
      }),
      recorder(trace),
    ],
  });
  assertEquals(trace.slice(-7), [
    'onTrainBatchEnd 1 {"loss":1.5}',
    "onTestBegin {}",
    "onTestBatchBegin 0 {}",
    'onTestBatchEnd 0 {"loss":9}',
    'onTestEnd {"loss":9}',
    'onEpochEnd 0 {"loss":1.5,"val_loss":9}',
    'onTrainEnd {"loss":1.5,"val_loss":9}',
  ]);
  assertEquals(history.outcome, {
    status: "stopped",
    by: "stopper",
    hook: "onTrainBatchEnd",
    epoch: 0,
    batch: 1,
    reason: "enough",
  });
});

for (
  const hook of ["onTrainBegin", "onEpochBegin", "onTrainBatchBegin"] as const
) {
  Deno.test(`a stop in ${hook} lets exactly one batch run`, async () => {
    const trace: string[] = [];
    const stopper = { name: "stopper" } as Plugin;
    (stopper as unknown as Record<string, unknown>)[hook] = (
      ...args: { stop(reason: string): void }[]
    ) => args.at(-1)!.stop("now");
    const history = await training(scripted(), batches(1, 2, 3), undefined, {
      ...quiet,
      epochs: 3,
      plugins: [stopper, recorder(trace)],
    });
    assertEquals(
      trace.filter((line) => line.startsWith("onTrainBatchEnd")).length,
      1,
    );
    assertEquals(history.epoch, [0]);
    assertEquals(history.outcome.hook, hook);
  });
}

Deno.test("a stop in a hook of validation takes effect after the epoch", async () => {
  const trace: string[] = [];
  const history = await training(scripted(), batches(1), batches(2, 3), {
    ...quiet,
    epochs: 3,
    plugins: [
      plugin("stopper", { onTestBatchEnd: (_b, _l, run) => run.stop("seen") }),
      recorder(trace),
    ],
  });
  assertEquals(
    trace.filter((line) => line.startsWith("onTestBatchEnd")).length,
    2,
  );
  assertEquals(history.epoch, [0]);
});

Deno.test("trainLoop() with initialEpoch at the end only begins and ends", async () => {
  const trace: string[] = [];
  const history = await training(scripted(), batches(1), undefined, {
    ...quiet,
    epochs: 2,
    initialEpoch: 2,
    plugins: [recorder(trace)],
  });
  assertEquals(trace, ["onTrainBegin {}", "onTrainEnd {}"]);
  assertEquals(history.epoch, []);
});

Deno.test("stepsPerEpoch goes on where the epoch before ended, and starts over at the end", async () => {
  const history = await training(scripted(), batches(1, 2, 3, 4), undefined, {
    ...quiet,
    epochs: 3,
    stepsPerEpoch: 2,
  });
  assertEquals(history.history.loss, [1.5, 3.5, 1.5]);
});

Deno.test("stepsPerEpoch that is all of the data, though nobody knows, begins them again, also in a run that goes on", async () => {
  const source = { batches: () => [1, 2] };
  const steps = () => scripted({ keeps: { save: () => 0, load() {} } });
  const options = { ...quiet, epochs: 3, stepsPerEpoch: 2 };
  const { history } = await training(steps(), source, undefined, options);
  assertEquals(history.loss, [1.5, 1.5, 1.5]);
  const dir = await Deno.makeTempDir();
  const pauses = plugin("pauses", {
    requires: ["backup"],
    onEpochEnd: (epoch, _logs, run) => {
      if (epoch === 0) run.stop("for now", { resumable: true });
    },
  });
  const plugins = [pauses];
  const first = { ...options, dir, plugins };
  const { epoch } = await training(steps(), source, undefined, first);
  assertEquals(epoch, [0]);
  const second = { ...options, resume: dir, plugins };
  const next = await training(steps(), source, undefined, second);
  assertEquals(next.history.loss, [1.5, 1.5, 1.5]);
});

Deno.test("stepsPerEpoch beyond the data ends the epoch early, with a warning", async () => {
  const printer = notebook();
  const source = { batches: () => [1, 2] };
  const history = await training(scripted(), source, undefined, {
    printer,
    stepsPerEpoch: 3,
  });
  assertEquals(history.history.loss, [1.5]);
  assertEquals(printer.lines, [
    "Warning: the data ran out after 2 of 3 batches; the epoch ends early",
  ]);
});

Deno.test("an endless generator feeds epochs and validations of limited steps", async () => {
  function* endless() {
    for (let i = 1;; i++) yield i;
  }
  const generator = endless();
  const source = { batches: () => endless() };
  const history = await training(
    scripted(),
    {
      batches: () => ({
        [Symbol.iterator]: () => ({ next: () => generator.next() }),
      }),
    },
    source,
    { ...quiet, epochs: 2, stepsPerEpoch: 2, validationSteps: 3 },
  );
  assertEquals(history.history, { loss: [1.5, 3.5], val_loss: [2, 2] });
});

Deno.test("async batches are waited for", async () => {
  async function* later() {
    yield 1;
    await Promise.resolve();
    yield 3;
  }
  const { history } = await training(
    scripted(),
    { batches: later },
    undefined,
    quiet,
  );
  assertEquals(history.loss, [2]);
});

Deno.test("the iterator is closed when a run ends early", async () => {
  const source = closable();
  await assertRejects(() =>
    training(
      scripted({
        train: () => {
          throw new Error("no");
        },
      }),
      source,
      undefined,
      quiet,
    )
  );
  assertEquals(source.closed, 1);
});

Deno.test("no data is an error, at the start and later", async () => {
  const none = await assertRejects(
    () => training(scripted(), batches(), undefined, quiet),
    InputError,
  );
  assertEquals(none.message, "Cannot run on no data: there is not one batch");
  const once = [1][Symbol.iterator]();
  const gone = await assertRejects(
    () =>
      training(scripted(), { batches: () => once }, undefined, {
        ...quiet,
        epochs: 2,
      }),
    InputError,
  );
  assertEquals(
    gone.message,
    "Cannot go on with epoch 1: the data gave no more batches. They can be read only once; give something that can be read again, or set 'stepsPerEpoch'",
  );
});

Deno.test("params learn the steps of the first epoch", async () => {
  const seen: (number | undefined)[] = [];
  await training(scripted(), { batches: () => [1, 2, 3] }, undefined, {
    ...quiet,
    epochs: 2,
    plugins: [
      plugin("p", {
        onEpochBegin: (_e, _l, { params }) => void seen.push(params.steps),
      }),
    ],
  });
  assertEquals(seen, [undefined, 3]);
});

Deno.test("options out of range are refused with their value", async () => {
  const cases: [Record<string, unknown>, string][] = [
    [
      { epochs: -1 },
      "Cannot start as 'epochs' must be an integer >= 0: current value is -1",
    ],
    [
      { epochs: 1.5 },
      "Cannot start as 'epochs' must be an integer >= 0: current value is 1.5",
    ],
    [
      { stepsPerEpoch: 0 },
      "Cannot start as 'stepsPerEpoch' must be an integer >= 1: current value is 0",
    ],
    [
      { validationFreq: 0 },
      "Cannot start as 'validationFreq' must be an integer >= 1: current value is 0",
    ],
    [
      { validationFreq: [1, 0] },
      "Cannot start as 'validationFreq' must be an integer >= 1 or a list of epochs counted from 1: current value is [1,0]",
    ],
  ];
  for (const [options, message] of cases) {
    const error = await assertRejects(
      () =>
        training(scripted(), batches(1), batches(1), { ...quiet, ...options }),
      InputError,
    );
    assertEquals(error.message, message);
  }
});

Deno.test("a throw in a hook names plugin, hook and step, keeps its cause, and lets the end hooks run", async () => {
  const cause = new Error("disk full");
  const outcomes: (Outcome | undefined)[] = [];
  const error = await assertRejects(
    () =>
      training(scripted(), batches(1, 2), undefined, {
        ...quiet,
        plugins: [
          {
            plugin: plugin("logger", {
              onTrainBatchEnd: (batch) => {
                if (batch === 1) throw cause;
              },
            }),
            file: "plugins/logger.ts",
          },
          plugin("other", {
            onTrainEnd: (_l, run) => void outcomes.push(run.outcome),
          }),
        ],
      }),
    PluginError,
  );
  assertEquals(
    error.message,
    'Plugin "logger" failed in onTrainBatchEnd at epoch 0, batch 1 (plugins/logger.ts): disk full',
  );
  assertEquals(error.cause, cause);
  assertEquals(outcomes.length, 1);
  const { status, by, hook, epoch, batch } = outcomes[0]!;
  assertEquals([status, by, hook, epoch, batch], [
    "failed",
    "logger",
    "onTrainBatchEnd",
    0,
    1,
  ]);
});

Deno.test("only whoever began is told the end", async () => {
  const ended: string[] = [];
  const make = (name: string, fails = false): Plugin =>
    plugin(name, {
      onTrainBegin() {
        if (fails) throw new Error("no");
      },
      onTrainEnd: () => void ended.push(name),
    });
  await assertRejects(
    () =>
      training(scripted(), batches(1), undefined, {
        ...quiet,
        plugins: [make("first"), make("second", true), make("third")],
      }),
    PluginError,
  );
  assertEquals(ended, ["first"]);
});

Deno.test("a failure inside of validation runs onTestEnd, then onTrainEnd", async () => {
  const trace: string[] = [];
  await assertRejects(
    () =>
      training(scripted(), batches(1), batches(2), {
        ...quiet,
        plugins: [
          recorder(trace),
          plugin("bad", {
            onTestBatchEnd() {
              throw new Error("no");
            },
          }),
        ],
      }),
    PluginError,
  );
  assertEquals(trace.slice(-2), ["onTestEnd {}", "onTrainEnd {}"]);
});

Deno.test("all end hooks run though one throws; its error comes after them", async () => {
  const ended: string[] = [];
  const error = await assertRejects(
    () =>
      training(scripted(), batches(1), undefined, {
        ...quiet,
        plugins: [
          plugin("bad", {
            onTrainEnd() {
              throw new Error("no");
            },
          }),
          plugin("good", { onTrainEnd: () => void ended.push("good") }),
        ],
      }),
    PluginError,
  );
  assertEquals(ended, ["good"]);
  assertEquals(
    error.message,
    'Plugin "bad" failed in onTrainEnd at epoch 0: no',
  );
});

Deno.test('onError: "disable" switches a plugin off and the run goes on', async () => {
  const printer = notebook();
  let calls = 0;
  const history = await training(scripted(), batches(1, 2), undefined, {
    printer,
    plugins: [
      plugin("flaky", {
        onError: "disable",
        onTrainBatchEnd() {
          calls++;
          throw new Error("no");
        },
        onTrainEnd: () => void calls++,
      }),
    ],
  });
  assertEquals(calls, 1);
  assertEquals(history.outcome.status, "completed");
  assertEquals(printer.lines, [
    'Warning: Plugin "flaky" failed in onTrainBatchEnd at epoch 0, batch 0: no; it is switched off for the rest of the run',
  ]);
});

Deno.test("an aborted signal ends training after the batch; the history says so", async () => {
  const controller = new AbortController();
  const trace: string[] = [];
  const history = await training(scripted(), batches(1, 2, 3), batches(4), {
    ...quiet,
    epochs: 3,
    signal: controller.signal,
    plugins: [
      plugin("a", {
        onTrainBatchEnd(batch) {
          if (batch === 1) controller.abort(new Error("interrupted"));
        },
      }),
      recorder(trace),
    ],
  });
  assertEquals(trace.slice(-2), [
    'onTrainBatchEnd 1 {"loss":1.5}',
    "onTrainEnd {}",
  ]);
  assertEquals(history.outcome, {
    status: "aborted",
    epoch: 0,
    reason: "interrupted",
  });
});

Deno.test("a plugin's state starts afresh with each run", async () => {
  const counter = plugin("counter", {
    state: { count: 0, list: [] as number[] },
    onTrainBatchEnd() {
      const state = counter.state as { count: number; list: number[] };
      state.count++;
      state.list.push(state.count);
    },
  });
  for (let i = 0; i < 2; i++) {
    await training(scripted(), batches(1, 2), undefined, {
      ...quiet,
      plugins: [counter],
    });
    assertEquals(counter.state, { count: 2, list: [1, 2] });
  }
});

Deno.test("snapshots left over are freed when the run ends, kept ones are not", async () => {
  const freed: string[] = [];
  const weights = {
    snapshot: () => ({ dispose: () => void freed.push("one") }),
    restore() {},
    average() {},
    entries: () => [],
  };
  const taker = (keep: boolean) =>
    plugin("taker", {
      onEpochEnd: (_e, _l, run) => run.weights.snapshot("w", { keep }),
    });
  await training(scripted({ weights }), batches(1), undefined, {
    ...quiet,
    plugins: [taker(true)],
  });
  assertEquals(freed.length, 0);
  await training(scripted({ weights }), batches(1), undefined, {
    ...quiet,
    plugins: [taker(false)],
  });
  assertEquals(freed.length, 1);
});

Deno.test("logs are read at a batch's end only if a plugin looks", async () => {
  let reads = 0;
  const steps = scripted();
  const logs = steps.logs;
  steps.logs = () => {
    reads++;
    return logs();
  };
  const run = (needs: string[] | undefined) =>
    training(steps, batches(1, 2, 3), undefined, {
      ...quiet,
      plugins: [
        plugin("p", {
          ...needs && { needs: { onTrainBatchEnd: needs } },
          onTrainBatchEnd() {},
        }),
      ],
    });
  await run([]);
  assertEquals(reads, 1); // At the end of the epoch.
  reads = 0;
  await run(["loss"]);
  assertEquals(reads, 4);
  reads = 0;
  await run(undefined);
  assertEquals(reads, 4);
});

Deno.test("onPlan gets the plan before the first hook", async () => {
  const trace: string[] = [];
  await assertRejects(
    () =>
      training(scripted(), batches(1), undefined, {
        ...quiet,
        plugins: [recorder(trace)],
        onPlan({ plan, params }) {
          assert(plan.hooks.onEpochEnd);
          assertEquals(params.metrics, ["loss"]);
          throw new SetupError("do more", ["shown"]);
        },
      }),
    SetupError,
  );
  assertEquals(trace, []);
});

Deno.test("a signal is heard though every epoch is over in no time", async () => {
  const history = await training(scripted(), batches(1), undefined, {
    ...quiet,
    epochs: 1_000_000,
    signal: AbortSignal.timeout(20),
  });
  assertEquals(history.outcome.status, "aborted");
});

/** A run that is broken off after so many training batches, its position written and read again. */
async function brokenAt(step: number, stepsPerEpoch?: number) {
  const source = batches(1, 2, 3, 4);
  const options = { epochs: 2, stepsPerEpoch };
  let position: Position | undefined;
  const breaker = plugin("breaker", {
    onTrainBatchBegin(_b, _l, run) {
      if (run.step !== step) return;
      position = JSON.parse(JSON.stringify(kept));
      throw new Error("killed");
    },
  });
  const kept = startPosition(0);
  await assertRejects(() =>
    training(scripted(), source, undefined, {
      ...options,
      position: kept,
      plugins: [breaker],
    })
  );
  // The batch at hand was taken, but is not done.
  position!.training.taken--;
  const trace: string[] = [];
  const history = await training(scripted(), source, undefined, {
    ...options,
    position: position!,
    plugins: [recorder(trace)],
  });
  return { trace, history };
}

Deno.test("a run goes on where its position says, in the middle of an epoch, to the same end", async () => {
  const whole: string[] = [];
  const unbroken = await training(
    scripted(),
    batches(1, 2, 3, 4),
    undefined,
    { epochs: 2, plugins: [recorder(whole)] },
  );
  for (const step of [0, 1, 3, 5, 7]) {
    const { trace, history } = await brokenAt(step);
    assertEquals(history.history, unbroken.history, `${step}`);
    assertEquals(history.epoch, [0, 1]);
    // What is left of the unbroken run's trace, from the batch at hand on.
    const rest = trace.slice(
      trace.findIndex((it) => it.includes("BatchBegin")),
    );
    assertEquals(rest, whole.slice(-rest.length), `${step}`);
  }
});

Deno.test("a position over several epochs of one pass goes on in the source too", async () => {
  const unbroken = await training(scripted(), batches(1, 2, 3, 4), undefined, {
    epochs: 2,
    stepsPerEpoch: 2,
  });
  const { history } = await brokenAt(3, 2);
  assertEquals(history.history, unbroken.history);
});

Deno.test("a source that can begin at a batch is asked to; another is read on", async () => {
  const asked: number[][] = [];
  const position = startPosition(0);
  Object.assign(position.training, {
    batch: 2,
    taken: 2,
    sums: { values: { loss: 3 }, weights: { loss: 2 } },
  });
  const { history } = await training(
    scripted(),
    {
      batches: () => [1, 2, 3],
      batchesFrom(epoch, start) {
        asked.push([epoch, start]);
        return [3];
      },
    },
    undefined,
    { position },
  );
  assertEquals(asked, [[0, 2]]);
  assertEquals(history.loss, [2]);
});

Deno.test("an epoch that goes on does not begin again, a new one does", async () => {
  const { trace } = await brokenAt(1);
  assertEquals(
    trace.filter((line) => line.startsWith("onEpochBegin")),
    ["onEpochBegin 1 {}"],
  );
});

Deno.test("the first stop counts, the first error of the end hooks too", async () => {
  const printer = notebook();
  const stopper = (name: string) =>
    plugin(name, {
      onTrainBatchEnd: (_b, _l, run) => run.stop(`by ${name}`),
    });
  const history = await training(scripted(), batches(1), undefined, {
    plugins: [stopper("first"), stopper("second")],
  });
  assertEquals(history.outcome.reason, "by first");
  const bad = (name: string) =>
    plugin(name, {
      onTrainEnd() {
        throw new Error(name);
      },
    });
  const error = await assertRejects(
    () =>
      training(scripted(), batches(1), undefined, {
        printer,
        plugins: [bad("first"), bad("second")],
      }),
    PluginError,
  );
  assertEquals(error.place.plugin, "first");
});

Deno.test("an end hook that fails after a failure is a warning; what failed first is thrown", async () => {
  const printer = notebook();
  const error = await assertRejects(
    () =>
      training(scripted(), batches(1), undefined, {
        printer,
        plugins: [
          plugin("worse", {
            onTrainBatchEnd() {
              throw new Error("cause");
            },
            onTrainEnd() {
              throw new Error("effect");
            },
          }),
        ],
      }),
    PluginError,
  );
  assertEquals((error.cause as Error).message, "cause");
  assertEquals(printer.lines, [
    'Warning: Plugin "worse" failed in onTrainEnd at epoch 0: effect',
  ]);
});

Deno.test("the iterators are closed at the end, that of validation each time", async () => {
  const closed: string[] = [];
  const source = (name: string) => ({
    *batches() {
      try {
        yield 1;
        yield 2;
      } finally {
        closed.push(name);
      }
    },
  });
  await training(scripted(), source("train"), source("validation"), {
    epochs: 2,
    stepsPerEpoch: 1,
    validationSteps: 1,
  });
  assertEquals(closed, ["validation", "validation", "train"]);
});

Deno.test("params say how many batches a validation has, once that is known", async () => {
  const seen: (number | undefined)[] = [];
  const noter = plugin("p", {
    onEpochBegin: (_e, _l, { params }) =>
      void seen.push(params.validationSteps),
  });
  await training(scripted(), batches(1), { batches: () => [1, 2] }, {
    epochs: 2,
    plugins: [noter],
  });
  assertEquals(seen, [undefined, 2]);
  seen.length = 0;
  await training(scripted(), batches(1), batches(1, 2, 3), {
    validationSteps: 2,
    plugins: [noter],
  });
  assertEquals(seen, [2]);
});

Deno.test("a validation of limited steps begins anew each time", async () => {
  const { history } = await training(
    scripted(),
    batches(1),
    batches(5, 6, 7),
    { epochs: 2, validationSteps: 2 },
  );
  assertEquals(history.val_loss, [5.5, 5.5]);
});

Deno.test("a synchronous run never waits between two batches", async () => {
  let turns = 0;
  const seen: number[] = [];
  const counting = plugin("c", {
    needs: {},
    onTrainBatchBegin: () => void queueMicrotask(() => void turns++),
    onTrainBatchEnd: () => void seen.push(turns),
  });
  await training(scripted(), batches(1, 2, 3), undefined, {
    plugins: [counting],
  });
  assertEquals(seen, [0, 0, 0]);
  assertEquals(turns, 3);
});

Deno.test("timers get their turn in a long synchronous run", async () => {
  let now = 0;
  let fired = false;
  // Far more than come before a timer of no delay, unless it never has its turn.
  function* many() {
    for (let i = 0; i < 1e6; i++) yield 1;
  }
  const history = await training(
    scripted(),
    { batches: many },
    undefined,
    {
      now: () => now += 60, // Each look at the clock is 60 ms later.
      plugins: [
        plugin("p", {
          onTrainBegin: () => void setTimeout(() => fired = true, 0),
          onTrainBatchEnd(_b, _l, run) {
            if (fired) run.stop("a timer fired");
          },
        }),
      ],
    },
  );
  assertEquals(history.outcome.reason, "a timer fired");
});

Deno.test("plugins are replaced between the epochs of a fit", async () => {
  const seen: string[] = [];
  let control: RunControl | undefined;
  const second = plugin("second", {
    onEpochEnd: (epoch) => void seen.push(`second ${epoch}`),
  });
  const first = plugin("first", {
    onEpochEnd(epoch) {
      seen.push(`first ${epoch}`);
      control!.replacePlugins([second]);
    },
  });
  await training(scripted(), batches(1), undefined, {
    epochs: 2,
    plugins: [first],
    onPlan: (_planned, it) => void (control = it),
  });
  assertEquals(seen, ["first 0", "second 1"]);
});

Deno.test("a dry run plans and returns a history of no epochs", async () => {
  const trace: string[] = [];
  let metrics: readonly string[] = [];
  const history = await training(scripted(), batches(1), batches(1), {
    dryRun: true,
    plugins: [recorder(trace)],
    onPlan: ({ params }) => void (metrics = params.metrics),
  });
  assertEquals(metrics, ["loss", "val_loss"]);
  assertEquals([history.epoch, history.outcome.status, trace], [
    [],
    "aborted",
    [],
  ]);
});

Deno.test("hooks, steps and logs that take their time are waited for, one after the other", async () => {
  const trace: string[] = [];
  let busy = false;
  const slowly = async (what: string) => {
    trace.push(busy ? `${what} came too early` : what);
    busy = true;
    await new Promise((resolve) => setTimeout(resolve));
    busy = false;
  };
  const steps = scripted();
  await training(
    {
      ...steps,
      train: (batch) => slowly(`step ${batch}`).then(() => steps.train(batch)),
      logs: () => slowly("logs").then(() => ({ loss: 1 })),
    },
    batches(7),
    undefined,
    {
      plugins: [plugin("slow", {
        onTrainBatchBegin: (batch) => slowly(`begin ${batch}`),
        onTrainBatchEnd: (_b, logs) => slowly(`end ${logs.loss}`),
        onEpochEnd: (_e, logs) => slowly(`epoch ${logs.loss}`),
      })],
    },
  );
  assertEquals(trace, [
    ...["begin 0", "step 7", "logs", "end 1"],
    ...["logs", "epoch 1"],
  ]);
});

Deno.test("run.step counts training batches alone, run.epoch the epochs", async () => {
  const seen: number[][] = [];
  const counter = plugin("p", {
    onTestBegin: (_l, run) => void seen.push([run.epoch, run.step]),
    onTestEnd: (_l, run) => void seen.push([run.epoch, run.step]),
  });
  await training(scripted(), batches(1, 2), batches(1, 2, 3), {
    epochs: 2,
    plugins: [counter],
  });
  assertEquals(seen, [[0, 2], [0, 2], [1, 4], [1, 4]]);
});

Deno.test("an epoch of limited steps is no reason for a warning", async () => {
  const printer = notebook();
  await training(scripted(), batches(1, 2, 3), undefined, {
    ...{ printer, epochs: 3, stepsPerEpoch: 1 },
  });
  assertEquals(printer.lines, []);
});

Deno.test("data that run out in the middle of an epoch begin anew with the next", async () => {
  const { history } = await training(
    scripted(),
    { batches: () => [1, 3, 5] },
    undefined,
    { epochs: 4, stepsPerEpoch: 2 },
  );
  assertEquals(history.loss, [2, 5, 2, 5]);
});

Deno.test("a run whose position is the end of an epoch goes on with the next", async () => {
  const position = startPosition(0);
  position.epoch = 1;
  position.epochs.push({ epoch: 0, logs: { loss: 9 } }, {
    epoch: 1,
    logs: { loss: 8 },
  });
  const history = await training(scripted(), batches(7), undefined, {
    ...{ position, epochs: 3 },
  });
  assertEquals(history.epoch, [0, 1, 2]);
  assertEquals(history.history.loss, [9, 8, 7]);
});

Deno.test("the iterator of a validation is closed though a step fails in it", async () => {
  const source = closable();
  const test = () => {
    throw new Error("no");
  };
  await assertRejects(() => training(scripted({ test }), batches(1), source));
  assertEquals(source.closed, 1);
});

Deno.test("options that are undefined are as good as missing", async () => {
  const history = await training(scripted(), batches(1, 2), batches(3), {
    epochs: undefined,
    initialEpoch: undefined,
    stepsPerEpoch: undefined,
    validationSteps: undefined,
    validationFreq: undefined,
    plugins: undefined,
    dir: undefined,
    signal: undefined,
    onPlan: undefined,
    onAct: undefined,
    files: undefined,
    now: undefined,
    dryRun: undefined,
    position: undefined,
  });
  assertEquals(history.history, { loss: [1.5], val_loss: [3] });
});

Deno.test("the other options out of range are refused too", async () => {
  const cases: [Record<string, unknown>, string][] = [
    [{ initialEpoch: -1 }, "'initialEpoch' must be an integer >= 0"],
    [{ validationSteps: 0 }, "'validationSteps' must be an integer >= 1"],
    [{ validationFreq: [] }, "current value is []"],
    [{ validationFreq: [1.5] }, "current value is [1.5]"],
    [{ validationFreq: "2" }, 'current value is "2"'],
    [{ validationFreq: {} }, "current value is {}"],
  ];
  for (const [options, message] of cases) {
    await assertRejects(
      () => training(scripted(), batches(1), batches(1), options),
      InputError,
      message,
    );
  }
  const { history } = await training(scripted(), batches(1), batches(2), {
    ...{ epochs: 2, validationFreq: [2], validationSteps: 1, stepsPerEpoch: 1 },
  });
  assertEquals(history.val_loss, [2]);
});

Deno.test("plugins are told the parameters of a fit", async () => {
  const seen: unknown[] = [];
  const looker = plugin("p", {
    onTrainBegin: (_l, { params }) =>
      void seen.push([params.steps, params.validationSteps, params.batchSize]),
  });
  const source = { ...batches(1, 2, 3), batchSize: 8 };
  const fit = (options: LoopOptions, validation = batches(1, 2)) =>
    training(scripted(), source, validation, { ...options, plugins: [looker] });
  await fit({});
  await fit({ stepsPerEpoch: 2, validationSteps: 1 });
  await fit({ stepsPerEpoch: 4, validationSteps: 2 }, {
    batches: () => [1, 2],
  } as never);
  await training(scripted(), { batches: () => [1] }, undefined, {
    ...{ stepsPerEpoch: 1, plugins: [looker] },
  });
  assertEquals(seen, [
    [3, 2, 8],
    [2, 1, 8],
    [3, 2, 8],
    [1, undefined, undefined],
  ]);
});
