import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { InputError, PluginError, SetupError } from "../../../core/errors.ts";
import {
  callbackList,
  type CallbackListOptions,
  type HostOptions,
} from "../../../core/loop/mod.ts";
import { fakeResources } from "../../../core/run/fake_resources.ts";
import type { Snapshot } from "../../../core/steps.ts";
import type { Outcome } from "../../../core/plugin.ts";
import { notebook, plugin, recorder } from "../_scripted.ts";

function open(options: CallbackListOptions & HostOptions = {}) {
  return callbackList({ printer: notebook(), ...options });
}

Deno.test("callbackList() calls the plugins' hooks as the loop calls its own", async () => {
  const trace: string[] = [];
  const loop = open({
    plugins: [recorder(trace)],
    metrics: ["loss"],
    validation: true,
  });
  await loop.onTrainBegin();
  await loop.onEpochBegin(0);
  await loop.onTrainBatchBegin(0);
  await loop.onTrainBatchEnd(0, { loss: 1 });
  await loop.onTestBegin();
  await loop.onTestBatchBegin(0);
  await loop.onTestBatchEnd(0, { loss: 2 });
  await loop.onTestEnd({ loss: 2 });
  await loop.onEpochEnd(0, { loss: 1, val_loss: 2 });
  await loop.onTrainEnd({ loss: 1, val_loss: 2 });
  assertEquals(trace, [
    "onTrainBegin {}",
    "onEpochBegin 0 {}",
    "onTrainBatchBegin 0 {}",
    'onTrainBatchEnd 0 {"loss":1}',
    "onTestBegin {}",
    "onTestBatchBegin 0 {}",
    'onTestBatchEnd 0 {"loss":2}',
    'onTestEnd {"loss":2}',
    'onEpochEnd 0 {"loss":1,"val_loss":2}',
    'onTrainEnd {"loss":1,"val_loss":2}',
  ]);
  assertEquals(loop.history.history, { loss: [1], val_loss: [2] });
  assertEquals(loop.history.outcome, { status: "completed" });
});

Deno.test("without async plugins nothing need be awaited", () => {
  const loop = open({
    plugins: [plugin("p", { onEpochEnd() {} })],
    metrics: ["loss"],
  });
  loop.onTrainBegin();
  loop.onEpochBegin(0);
  assertEquals(loop.onEpochEnd(0, { loss: 1 }), { loss: 1 });
  loop.onTrainEnd();
});

Deno.test("what comes back holds the keys that plugins added", async () => {
  const giver = plugin("giver", {
    provides: { onEpochEnd: ["x"] },
    onEpochEnd: () => Promise.resolve({ x: 2 }),
  });
  const loop = open({ plugins: [giver], metrics: ["loss"] });
  await loop.onTrainBegin();
  await loop.onEpochBegin(0);
  assertEquals(await loop.onEpochEnd(0, { loss: 1 }), { loss: 1, x: 2 });
});

Deno.test("declared keys are checked at once, undeclared ones at the first call of a hook", async () => {
  const needy = plugin("needy", {
    needs: { onEpochEnd: ["los"] },
    onEpochEnd() {},
  });
  assertThrows(
    () => open({ plugins: [needy], metrics: ["loss"] }),
    SetupError,
    'did you mean "loss"?',
  );
  const loop = open({ plugins: [needy] });
  await loop.onTrainBegin();
  await loop.onEpochBegin(0);
  const error = assertThrows(() => loop.onEpochEnd(0, { loss: 1 }), SetupError);
  assertEquals(
    error.message,
    'Cannot go on with onEpochEnd: 1 problem\n- Plugin "needy" needs log key "los" in onEpochEnd: available are "loss"\n    did you mean "loss"?',
  );
});

Deno.test("a stop is told to the loop, which leaves by itself", async () => {
  const stopper = plugin("stopper", {
    onTrainBatchEnd: (_b, _l, run) => run.stop("enough"),
  });
  const loop = open({ plugins: [stopper], metrics: ["loss"] });
  await loop.onTrainBegin();
  await loop.onEpochBegin(0);
  await loop.onTrainBatchBegin(0);
  assertEquals(loop.stopped, false);
  await loop.onTrainBatchEnd(0, { loss: 1 });
  assertEquals(loop.stopped, true);
  await loop.onEpochEnd(0, { loss: 1 });
  await loop.onTrainEnd();
  assertEquals(loop.history.outcome.reason, "enough");
});

Deno.test("weights and optimizer are reachable", async () => {
  const optimizer = { learningRate: 1 };
  const halver = plugin("halver", {
    requires: ["learningRate"],
    onEpochEnd: (_e, _l, run) => void (run.optimizer.learningRate /= 2),
  });
  const loop = open({ plugins: [halver], metrics: ["loss"], optimizer });
  await loop.onTrainBegin();
  await loop.onEpochBegin(0);
  await loop.onEpochEnd(0, { loss: 1 });
  assertEquals(optimizer.learningRate, 0.5);
});

Deno.test("begin and end must come in pairs", () => {
  const cases: [(loop: ReturnType<typeof open>) => void, string][] = [
    [
      (l) => l.onEpochBegin(0),
      "onEpochBegin was called before onTrainBegin: expected inside of onTrainBegin",
    ],
    [
      (l) => l.onTrainEnd(),
      "onTrainEnd was called without its begin: nothing has begun",
    ],
    [
      (l) => {
        l.onTrainBegin();
        l.onTrainBegin();
      },
      "onTrainBegin was called inside of onTrainBegin and onTrainEnd: expected outside of everything",
    ],
    [
      (l) => {
        l.onTrainBegin();
        l.onEpochBegin(0);
        l.onEpochEnd(1);
      },
      "onEpochEnd(1) was called without its begin: onEpochEnd(0) is due",
    ],
    [
      (l) => {
        l.onTrainBegin();
        l.onEpochBegin(0);
        l.onTrainBatchBegin(3);
        l.onEpochEnd(0);
      },
      "onEpochEnd(0) was called without its begin: onTrainBatchEnd(3) is due",
    ],
  ];
  for (const [calls, message] of cases) {
    assertEquals(assertThrows(() => calls(open()), Error).message, message);
  }
});

Deno.test("leaving the scope with training open counts as a failure, and the end hooks run", async () => {
  const outcomes: (Outcome | undefined)[] = [];
  const watcher = plugin("w", {
    onTrainEnd: (_l, run) => void outcomes.push(run.outcome),
  });
  await assertRejects(
    async () => {
      await using loop = open({ plugins: [watcher], metrics: ["loss"] });
      await loop.onTrainBegin();
      await loop.onEpochBegin(0);
      throw new Error("my own");
    },
    Error,
    "my own",
  );
  assertEquals(outcomes[0]!.status, "failed");
  assertEquals(outcomes[0]!.reason, "the loop was left before its end");
});

Deno.test("fail() tells the end hooks what was thrown", async () => {
  const seen: string[] = [];
  const loop = open({
    plugins: [plugin("w", {
      onTestEnd: () => void seen.push("test"),
      onTrainEnd: (_l, run) => void seen.push(run.outcome!.reason!),
    })],
  });
  await loop.onTrainBegin();
  await loop.onEpochBegin(0);
  await loop.onTestBegin();
  await loop.fail(new Error("out of memory"));
  assertEquals(seen, ["test", "out of memory"]);
});

Deno.test("epochs() and batches() call the hooks in pairs, with the means so far", async () => {
  const trace: string[] = [];
  await using list = open({
    plugins: [recorder(trace)],
    metrics: ["loss"],
    validation: true,
  });
  for await (const epoch of list.epochs(1)) {
    for await (const batch of epoch.batches([0, 100])) {
      await batch.end({ loss: batch.data });
    }
    for await (const batch of epoch.validate([7])) {
      await batch.end({ loss: batch.data });
    }
  }
  assertEquals(trace, [
    "onTrainBegin {}",
    "onEpochBegin 0 {}",
    "onTrainBatchBegin 0 {}",
    'onTrainBatchEnd 0 {"loss":0}',
    "onTrainBatchBegin 1 {}",
    'onTrainBatchEnd 1 {"loss":50}',
    "onTestBegin {}",
    "onTestBatchBegin 0 {}",
    'onTestBatchEnd 0 {"loss":7}',
    'onTestEnd {"loss":7}',
    'onEpochEnd 0 {"loss":50,"val_loss":7}',
    'onTrainEnd {"loss":50,"val_loss":7}',
  ]);
  assertEquals(list.history.history, { loss: [50], val_loss: [7] });
  assertEquals(list.history.outcome, { status: "completed" });
});

Deno.test("epochs() goes from initialEpoch to the option's end, and tells plugins the steps", async () => {
  const seen: unknown[] = [];
  await using list = open({
    metrics: ["loss"],
    initialEpoch: 2,
    epochs: 4,
    plugins: [
      plugin("p", {
        onTrainBatchBegin: (_b, _l, { params, epoch, step }) =>
          void seen.push([epoch, step, params.epochs, params.steps]),
      }),
    ],
  });
  for await (const epoch of list.epochs()) {
    for await (const batch of epoch.batches(() => [epoch.index])) {
      await batch.end({ loss: batch.data });
    }
  }
  assertEquals(seen, [[2, 0, 4, undefined], [3, 1, 4, undefined]]);
  assertEquals(list.history.epoch, [2, 3]);
});

Deno.test("a stop ends the batches, then the epochs; the epoch and the training still end", async () => {
  const trace: string[] = [];
  await using list = open({
    metrics: ["loss"],
    plugins: [
      plugin("stopper", {
        onTrainBatchEnd: (batch, _l, run) => {
          if (batch === 1) run.stop("enough");
          if (batch === 1) run.stop("too late: the first stop counts");
        },
      }),
      recorder(trace),
    ],
  });
  for await (const epoch of list.epochs(5)) {
    for await (const batch of epoch.batches([1, 2, 3])) {
      await batch.end({ loss: batch.data });
    }
  }
  assertEquals(trace.slice(-3), [
    'onTrainBatchEnd 1 {"loss":1.5}',
    'onEpochEnd 0 {"loss":1.5}',
    'onTrainEnd {"loss":1.5}',
  ]);
  assertEquals(list.history.outcome.reason, "enough");
});

Deno.test("the loop may ask for a stop itself", async () => {
  await using list = open({ metrics: ["loss"] });
  for await (const epoch of list.epochs(5)) {
    for await (const batch of epoch.batches([1])) {
      await batch.end({ loss: 1 });
    }
    list.stop("seen enough");
  }
  assertEquals(list.history.epoch, [0]);
  assertEquals(list.history.outcome, {
    status: "stopped",
    by: "the loop",
    hook: "onTrainBatchEnd",
    epoch: 0,
    batch: 0,
    reason: "seen enough",
  } as Outcome);
});

Deno.test("an aborted signal is heeded, and the outcome says so", async () => {
  const controller = new AbortController();
  const list = open({ metrics: ["loss"], signal: controller.signal });
  for await (const epoch of list.epochs(5)) {
    for await (const batch of epoch.batches([1, 2])) {
      await batch.end({ loss: 1 });
      controller.abort(new Error("interrupted"));
      assertEquals(list.stopped, true);
    }
  }
  assertEquals(list.history.outcome, {
    status: "aborted",
    epoch: 0,
    reason: "interrupted",
  });
});

Deno.test("leaving the epochs by a throw or a break is a failure that the end hooks are told", async () => {
  for (const how of ["throw", "break"]) {
    const outcomes: (Outcome | undefined)[] = [];
    const watcher = plugin("w", {
      onTrainEnd: (_l, run) => void outcomes.push(run.outcome),
    });
    const list = open({ plugins: [watcher], metrics: ["loss"] });
    try {
      for await (const epoch of list.epochs(2)) {
        for await (const batch of epoch.batches([1])) {
          await batch.end({ loss: 1 });
        }
        if (how === "break") break;
        throw new Error("my own");
      }
    } catch (error) {
      assertEquals((error as Error).message, "my own");
    }
    assertEquals(outcomes.length, 1, how);
    assertEquals(outcomes[0]!.status, "failed");
    assertEquals(outcomes[0]!.reason, "the loop was left before its end");
  }
});

Deno.test("a batch that was not ended is an error that says which", async () => {
  const list = open({ metrics: ["loss"] });
  const error = await assertRejects(async () => {
    for await (const epoch of list.epochs(1)) {
      for await (const batch of epoch.batches([1, 2])) {
        if (batch.index === 0) await batch.end({ loss: 1 });
      }
    }
  }, Error);
  assertEquals(
    error.message,
    "Batch 1 was not ended: call batch.end({ … }) before the next one",
  );
  assertEquals(list.history.outcome.status, "failed");
});

Deno.test("a batch may be ended without waiting: the next one waits for it", async () => {
  const trace: string[] = [];
  const slow = plugin("slow", {
    async onTrainBatchEnd(batch) {
      await Promise.resolve();
      trace.push(`end ${batch}`);
    },
    onTrainBatchBegin: (batch) => void trace.push(`begin ${batch}`),
  });
  const list = open({ plugins: [slow], metrics: ["loss"] });
  for await (const epoch of list.epochs(1)) {
    for await (const batch of epoch.batches([1, 2])) batch.end({ loss: 1 });
  }
  assertEquals(trace, ["begin 0", "end 0", "begin 1", "end 1"]);
});

Deno.test("a plugin that fails in an epoch fails the run; the end hooks are told by whom", async () => {
  const outcomes: (Outcome | undefined)[] = [];
  const list = open({
    metrics: ["loss"],
    plugins: [
      plugin("bad", {
        onEpochEnd() {
          throw new Error("no");
        },
      }),
      plugin("w", {
        onTrainEnd: (_l, run) => void outcomes.push(run.outcome),
      }),
    ],
  });
  await assertRejects(async () => {
    for await (const epoch of list.epochs(1)) {
      for await (const batch of epoch.batches([1])) {
        await batch.end({ loss: 1 });
      }
    }
  }, PluginError);
  assertEquals(outcomes.map((it) => [it?.status, it?.by]), [["failed", "bad"]]);
});

Deno.test("keys may be added to an epoch by hand", async () => {
  await using list = open({ metrics: ["loss"], validation: true });
  for await (const epoch of list.epochs(1)) {
    for await (const batch of epoch.batches([1, 4])) {
      await batch.end({ loss: batch.data }, batch.data);
    }
    epoch.add({ val_loss: 9 });
    assertEquals(epoch.logs, { loss: 3.4, val_loss: 9 }); // Weighted by the size.
  }
  assertEquals([list.history.best?.key, list.history.best?.value], [
    "val_loss",
    9,
  ]);
});

Deno.test("what is handed in is checked against the declared metrics", async () => {
  const cases: [(list: ReturnType<typeof open>) => unknown, string][] = [
    [
      (l) => l.onEpochEnd(0, { loss: 1, val_los: 2 }),
      `Cannot use the logs of onEpochEnd: "val_los" is not among the declared keys "loss", "val_loss", did you mean "val_loss"?`,
    ],
    [
      (l) => l.onEpochEnd(0, { loss: 1 }),
      `Cannot use the logs of onEpochEnd: "val_loss" was declared in 'metrics' and is missing`,
    ],
    [
      (l) => l.onEpochEnd(0, { loss: "1" as never, val_loss: 2 }),
      `Cannot use the logs of onEpochEnd: "loss" is a string: expected a number`,
    ],
    [
      (l) => {
        l.onTrainBatchBegin(0);
        return l.onTrainBatchEnd(0, { los: 1 });
      },
      `Cannot use the logs of onTrainBatchEnd: "los" is not among the declared keys "loss", did you mean "loss"?`,
    ],
  ];
  for (const [hand, message] of cases) {
    const list = open({ metrics: ["loss"], validation: true });
    await list.onTrainBegin();
    await list.onEpochBegin(0);
    assertEquals(assertThrows(() => hand(list), InputError).message, message);
  }
});

Deno.test("with validationFreq the val_ keys may be missing, but not be misspelt", async () => {
  const list = open({
    metrics: ["loss"],
    validation: true,
    validationFreq: 2,
    epochs: 2,
  });
  await list.onTrainBegin();
  await list.onEpochBegin(0);
  await list.onEpochEnd(0, { loss: 1 });
  await list.onEpochBegin(1);
  assertThrows(() => list.onEpochEnd(1, { loss: 1, val_los: 1 }), InputError);
  await list.onEpochEnd(1, { loss: 1, val_loss: 1 });
  await list.onTrainEnd();
  assertEquals(list.history.history, { loss: [1, 1], val_loss: [1] });
});

Deno.test("a key that no log can have is refused, declared or not", async () => {
  assertThrows(() => open({ metrics: ["constructor"] }), InputError);
  const list = open();
  await list.onTrainBegin();
  await list.onEpochBegin(0);
  const error = assertThrows(
    () => list.onEpochEnd(0, { constructor: 1 } as never),
    InputError,
  );
  assertEquals(
    error.message,
    'Cannot use the logs of onEpochEnd: "constructor" cannot be a log key: every object has something of that name',
  );
});

Deno.test("the caller's own logs object stays as it is, and its own", async () => {
  const logs = { loss: 1 };
  let seen: unknown;
  const list = open({
    plugins: [plugin("p", { onEpochEnd: (_e, logs) => void (seen = logs) })],
  });
  await list.onTrainBegin();
  await list.onEpochBegin(0);
  await list.onEpochEnd(0, logs);
  logs.loss = 2; // Not frozen.
  assertEquals(seen, { loss: 1 });
  assertEquals(Object.isFrozen(seen), true);
});

Deno.test("logs that nobody reads need not be handed in; those of the last epoch end the training", async () => {
  let last: unknown;
  const list = open({
    metrics: ["loss"],
    plugins: [plugin("p", { onTrainEnd: (logs) => void (last = { ...logs }) })],
  });
  await list.onTrainBegin();
  await list.onEpochBegin(0);
  await list.onTrainBatchBegin(0);
  await list.onTrainBatchEnd(0);
  await list.onEpochEnd(0, { loss: 4 });
  await list.onTrainEnd();
  assertEquals(last, { loss: 4 });
});

Deno.test("a contract that fails in the last hook lets the others run, and all is cleaned up", async () => {
  const ended: string[] = [];
  let freed = 0;
  const weights = {
    snapshot: () => ({ dispose: () => void freed++ }),
    restore() {},
    average() {},
    entries: () => [],
  };
  const list = open({
    weights,
    plugins: [
      plugin("needy", {
        needs: { onTrainEnd: ["f1"] },
        onTrainBegin: (_l, run) => run.weights.snapshot("w"),
        onTrainEnd: () => void ended.push("needy"),
      }),
      plugin("fine", { onTrainEnd: () => void ended.push("fine") }),
    ],
  });
  await list.onTrainBegin();
  await list.onEpochBegin(0);
  await list.onEpochEnd(0, { loss: 1 });
  const error = assertThrows(() => list.onTrainEnd({ loss: 1 }), SetupError);
  assertEquals(
    error.message,
    'Cannot go on with onTrainEnd: 1 problem\n- Plugin "needy" needs log key "f1" in onTrainEnd: available are "loss"',
  );
  assertEquals(ended, ["fine"]);
  assertEquals(freed, 1);
});

Deno.test("a failing run does not complain about keys in its end hooks", async () => {
  const ended: string[] = [];
  const list = open({
    plugins: [
      plugin("needy", {
        needs: { onTrainEnd: ["loss"] },
        onTrainEnd: () => void ended.push("needy"),
      }),
    ],
  });
  await list.onTrainBegin();
  await list.fail(new Error("out of memory"));
  assertEquals(ended, ["needy"]);
});

Deno.test("fail() after the end, or twice, does nothing", async () => {
  let ends = 0;
  const list = open({
    plugins: [plugin("p", { onTrainEnd: () => void ends++ })],
  });
  await list.onTrainBegin();
  await list.fail(new Error("one"));
  await list.fail(new Error("two"));
  assertEquals(ends, 1);
  assertEquals(list.history.outcome.reason, "one");
  assertThrows(
    () => list.onTrainEnd(),
    Error,
    "onTrainEnd was called without its begin: nothing has begun",
  );
});

Deno.test("run.step counts the training batches, run.epoch follows onEpochBegin", async () => {
  const seen: number[][] = [];
  const list = open({
    plugins: [
      plugin("p", {
        onTrainBatchEnd: (_b, _l, { epoch, step }) =>
          void seen.push([epoch, step]),
      }),
    ],
  });
  await list.onTrainBegin();
  for (const epoch of [3, 4]) {
    await list.onEpochBegin(epoch);
    await list.onTrainBatchBegin(0);
    await list.onTrainBatchEnd(0, { loss: 1 });
    await list.onEpochEnd(epoch, { loss: 1 });
  }
  assertEquals(seen, [[3, 1], [4, 2]]);
});

Deno.test("plugins are replaced between epochs: whoever leaves ends, whoever comes begins, the others go on", async () => {
  const trace: string[] = [];
  const named = (name: string) =>
    plugin(name, {
      onTrainBegin: () => void trace.push(`${name} begins`),
      onEpochEnd: (epoch) => void trace.push(`${name} epoch ${epoch}`),
      onTrainEnd: () => void trace.push(`${name} ends`),
    });
  const [stays, leaves, comes] = ["stays", "leaves", "comes"].map(named);
  const list = open({ metrics: ["loss"], plugins: [stays, leaves] });
  for await (const epoch of list.epochs(2)) {
    for await (const batch of epoch.batches([1])) await batch.end({ loss: 1 });
    if (epoch.index === 0) list.replacePlugins([stays, comes]);
  }
  assertEquals(trace, [
    "stays begins",
    "leaves begins",
    "stays epoch 0",
    "leaves epoch 0",
    "leaves ends",
    "comes begins",
    "stays epoch 1",
    "comes epoch 1",
    "stays ends",
    "comes ends",
  ]);
});

Deno.test("plugins that cannot run do not replace anything", async () => {
  const needy = plugin("needy", {
    needs: { onEpochEnd: ["f1"] },
    onEpochEnd() {},
  });
  let calls = 0;
  const fine = plugin("fine", { onEpochEnd: () => void calls++ });
  const list = open({ metrics: ["loss"], plugins: [fine] });
  for await (const epoch of list.epochs(2)) {
    for await (const batch of epoch.batches([1])) await batch.end({ loss: 1 });
    assertThrows(() => list.replacePlugins([needy]), SetupError);
  }
  assertEquals(calls, 2);
});

Deno.test("a dry run plans, and nothing else happens", async () => {
  const trace: string[] = [];
  let planned = 0;
  const list = open({
    metrics: ["loss"],
    plugins: [recorder(trace)],
    dryRun: true,
    onPlan: () => void planned++,
  });
  assertEquals(list.stopped, true);
  for await (const _epoch of list.epochs(3)) trace.push("epoch");
  assertEquals(trace, []);
  assertEquals(planned, 1);
});

Deno.test("what comes back are the logs, with and without keys of plugins, now or later", async () => {
  const logs = { loss: 1 };
  const giving = {
    provides: { onEpochEnd: ["x"] },
    onEpochEnd: () => ({ x: 2 }),
  };
  const cases = [
    [plugin("quick", giving), { loss: 1, x: 2 }],
    [plugin("slow", { onEpochEnd: () => Promise.resolve() }), logs],
    [plugin("other", { onTrainEnd() {} }), logs],
  ] as const;
  for (const [listed, expected] of cases) {
    const list = open({ plugins: [listed], metrics: ["loss"] });
    await list.onTrainBegin();
    await list.onEpochBegin(0);
    assertEquals(await list.onEpochEnd(0, logs), expected);
    assertEquals(list.history.history.loss, [1]);
  }
});

Deno.test("a run has no outcome before its end", async () => {
  const seen: unknown[] = [];
  const note = (run: { outcome?: Outcome | undefined }) =>
    void seen.push(run.outcome?.status);
  const list = open({
    plugins: [plugin("w", {
      onTrainBatchEnd: (_b, _l, run) => note(run),
      onTestEnd: (_l, run) => note(run),
      onEpochEnd: (_e, _l, run) => note(run),
      onTrainEnd: (_l, run) => note(run),
    })],
  });
  await list.onTrainBegin();
  await list.onEpochBegin(0);
  await list.onTrainBatchBegin(0);
  await list.onTrainBatchEnd(0, { loss: 1 });
  await list.onTestBegin();
  await list.onTestEnd({ loss: 1 });
  await list.onEpochEnd(0, { loss: 1 });
  await list.onTrainEnd();
  assertEquals(seen, [undefined, undefined, undefined, "completed"]);
});

Deno.test("logs that a plugin reads must be handed in where they are declared", async () => {
  const list = open({
    metrics: ["loss"],
    plugins: [plugin("reader", { onTrainBatchEnd() {} })],
  });
  await list.onTrainBegin();
  await list.onEpochBegin(0);
  await list.onTrainBatchBegin(0);
  assertEquals(
    assertThrows(() => list.onTrainBatchEnd(0), InputError).message,
    "Cannot use the logs of onTrainBatchEnd: \"loss\" was declared in 'metrics' and is missing",
  );
});

Deno.test("after a call that was refused the loop goes on as if it had not been made", async () => {
  const steps: number[] = [];
  const list = open({
    metrics: ["loss"],
    plugins: [plugin("p", {
      onTrainBatchEnd: (_b, _l, run) => void steps.push(run.step),
    })],
  });
  await list.onTrainBegin();
  await list.onEpochBegin(0);
  await list.onTrainBatchBegin(0);
  assertThrows(() => list.onTrainBatchEnd(0, { los: 1 }), InputError);
  assertThrows(() => list.onTrainBatchEnd(7, { loss: 1 }), Error);
  await list.onTrainBatchEnd(0, { loss: 1 });
  assertEquals(steps, [1]);
});

Deno.test("fail() ends what is open of plugins that listen, and warns of what fails then", async () => {
  const printer = notebook();
  const list = open({
    printer,
    plugins: [
      plugin("a", { onEpochEnd() {} }),
      plugin("b", {
        onTestEnd() {
          throw new Error("worse");
        },
      }),
    ],
  });
  await list.onTrainBegin();
  await list.onTestBegin();
  await list.fail(new Error("bad"));
  assertEquals(printer.lines, [
    'Warning: Plugin "b" failed in onTestEnd at epoch 0: worse',
  ]);
});

Deno.test("hooks of evaluation and of prediction may stand by themselves", async () => {
  const trace: string[] = [];
  const list = open({ plugins: [recorder(trace)], metrics: ["loss"] });
  await list.onTestBegin();
  await list.onTestEnd({ loss: 1 });
  await list.onPredictBegin();
  await list.onPredictBatchBegin(0);
  const outputs = "the outputs" as never;
  await list.onPredictBatchEnd(0, { outputs });
  await list.onPredictEnd();
  assertEquals(trace, [
    "onTestBegin {}",
    'onTestEnd {"loss":1}',
    "onPredictBegin {}",
    "onPredictBatchBegin 0 {}",
    'onPredictBatchEnd 0 {"outputs":"the outputs"}',
    "onPredictEnd {}",
  ]);
});

Deno.test("plugins are told the parameters as far as they are known", () => {
  const [given, standard] = [
    {
      epochs: 3,
      initialEpoch: 1,
      steps: 1,
      batchSize: 8,
      validation: true,
      seed: 5,
    },
    {},
  ].map((options) => open({ ...options, metrics: ["loss"] }).history.params);
  const { directions: _, ...known } = given!;
  assertEquals(known, {
    ...{ mode: "fit", epochs: 3, initialEpoch: 1, steps: 1 },
    ...{ validationSteps: undefined, batchSize: 8, seed: 5 },
    metrics: ["loss", "val_loss"],
  });
  const { epochs, initialEpoch, steps, metrics } = standard!;
  assertEquals([epochs, initialEpoch, steps], [1, 0, undefined]);
  assertEquals(metrics, ["loss"]);
});

Deno.test("options out of range are refused", () => {
  const cases: [CallbackListOptions, string][] = [
    [{ epochs: -1 }, "'epochs' must be an integer >= 0"],
    [{ initialEpoch: 0.5 }, "'initialEpoch' must be an integer >= 0"],
    [{ steps: 0 }, "'steps' must be an integer >= 1"],
    [{ seed: -1 }, "'seed' must be an integer >= 0"],
    [{ validationFreq: 0 }, "'validationFreq' must be an integer >= 1"],
    [{ validationFreq: [] }, "'validationFreq' must be an integer >= 1"],
  ];
  for (const [options, message] of cases) {
    assertThrows(() => open(options), InputError, message);
  }
  open({ epochs: 0, initialEpoch: 0 });
});

Deno.test("how often validation runs counts from the first epoch, also where the last is not known", () => {
  const needy = plugin("p", {
    needs: { onEpochEnd: ["val_loss"] },
    onEpochEnd() {},
  });
  const lines = (options: CallbackListOptions) => {
    const printer = notebook();
    open({
      ...{ printer, metrics: ["loss"], validation: true, plugins: [needy] },
      ...options,
    });
    return printer.lines.length;
  };
  assertEquals(lines({}), 0);
  assertEquals(lines({ initialEpoch: 3, validationFreq: 4 }), 0);
  assertEquals(lines({ epochs: 4, initialEpoch: 2, validationFreq: 2 }), 1);
  assertThrows(() => lines({ initialEpoch: 3, validationFreq: 5 }), SetupError);
});

Deno.test("validation data are handed to the plugins that look", () => {
  const batches = async function* () {};
  const looker = plugin("p", { requires: ["validation"], onEpochEnd() {} });
  open({ plugins: [looker], validation: { steps: 1, batches } });
  assertThrows(
    () => open({ plugins: [looker], validation: true }),
    SetupError,
    "requires validation data",
  );
});

Deno.test("run.batchLogs() tells what a batch was ended with, or what was handed to the hook", async () => {
  const seen: unknown[] = [];
  const looker = plugin("looker", {
    requires: ["batchLogs"],
    onTrainBatchEnd: (_b, logs, run) =>
      void seen.push([logs.loss, run.batchLogs()]),
  });
  const list = open({ metrics: ["loss"], plugins: [looker] });
  for await (const epoch of list.epochs(1)) {
    for await (const batch of epoch.batches([1, 3])) {
      await batch.end({ loss: batch.data });
    }
  }
  const raw = open({ metrics: ["loss"], plugins: [looker] });
  await raw.onTrainBegin();
  await raw.onEpochBegin(0);
  await raw.onTrainBatchBegin(0);
  await raw.onTrainBatchEnd(0, { loss: 5 });
  assertEquals(seen, [
    [1, { loss: 1 }],
    [2, { loss: 3 }],
    [5, { loss: 5 }],
  ]);
});

Deno.test("run.batchLogs() is of the batch at hand, however it was ended, and empty before the first", async () => {
  const seen: unknown[] = [];
  const list = open({
    metrics: ["loss"],
    plugins: [plugin("looker", {
      onTrainBegin: (_l, run) => void seen.push(run.batchLogs()),
      onTrainBatchEnd: (_b, _l, run) => void seen.push(run.batchLogs()),
    })],
  });
  for await (const epoch of list.epochs(1)) {
    for await (const batch of epoch.batches([1])) await batch.end({ loss: 1 });
    await list.onTrainBatchBegin(1);
    await list.onTrainBatchEnd(1, { loss: 9 });
  }
  assertEquals(seen, [{}, { loss: 1 }, { loss: 9 }]);
});

Deno.test("a validation does not end what lasts as long as the training", async () => {
  const snapshots = new Set<Snapshot>();
  const { weights } = fakeResources({}, [0], snapshots);
  const list = open({
    weights,
    plugins: [plugin("p", {
      onTrainBegin: (_l, run) => run.weights.snapshot("start"),
    })],
  });
  await list.onTrainBegin();
  await list.onTestBegin();
  await list.onTestEnd({ loss: 1 });
  assertEquals(snapshots.size, 1);
  await list.onTrainEnd();
  assertEquals(snapshots.size, 0);
});

Deno.test("the contract of all hooks is checked at once, for a loop may call any", () => {
  const needy = plugin("needy", {
    needs: { onPredictBatchEnd: ["loss"] },
    onPredictBatchEnd() {},
  });
  const asks = plugin("asks", { requires: ["weights"], onPredictEnd() {} });
  const { problems } = assertThrows(
    () => open({ metrics: ["loss"], plugins: [needy, asks] }),
    SetupError,
  );
  assertEquals(problems, [
    'Plugin "asks" requires the model\'s weights, which this run does not offer: pass `weights`',
    'Plugin "needy" needs log key "loss" in onPredictBatchEnd: available are "outputs"',
  ]);
});

/** A hand-written loop with a plugin that begins to save outside of its hooks; `save` takes a while. */
function beside() {
  const told: string[] = [];
  let begin = () => {};
  const list = callbackList({
    printer: notebook(),
    plugins: [plugin("late", {
      onTrainBegin(_logs, run) {
        begin = () => void run.save("late");
      },
    })],
    async save(path) {
      for (let i = 0; i < 3; i++) {
        await new Promise((resolve) => setTimeout(resolve));
      }
      told.push(path);
    },
  });
  list.onTrainBegin();
  begin();
  return { list, told };
}

Deno.test("the end waits for what plugins began outside of their hooks, and gives the logs", async () => {
  const { list, told } = beside();
  assertEquals(await list.onTrainEnd({ loss: 1 }), { loss: 1 });
  assertEquals(told, ["late"]);
});

Deno.test("fail() waits for it too", async () => {
  const { list, told } = beside();
  await list.fail(new Error("no"));
  assertEquals(told, ["late"]);
});
