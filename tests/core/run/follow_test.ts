import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import {
  callbackList,
  type HostOptions,
  type LoopOptions,
} from "../../../core/loop/mod.ts";
import type { Plugin } from "../../../core/plugin.ts";
import type { RunEvent } from "../../../core/events.ts";
import { batches, notebook, plugin, scripted, training } from "../_scripted.ts";

/** Options of a run that somebody follows, and what they are told. */
function follow(
  plugins: Plugin[],
  more: LoopOptions & HostOptions = {},
): { options: LoopOptions & HostOptions; events: RunEvent[] } {
  const events: RunEvent[] = [];
  const onPlan = () => ({ event: (it: RunEvent) => void events.push(it) });
  return {
    events,
    options: { epochs: 1, printer: notebook(), plugins, onPlan, ...more },
  };
}

/** What an event says, in a line. */
function line(event: RunEvent): string {
  const { kind, hook, epoch, batch } = event;
  const place = [hook, epoch, batch].filter((it) => it !== undefined).join(" ");
  switch (kind) {
    case "logs":
      return `${place}: ${JSON.stringify(event.logs)}`;
    case "act":
      return `${place}: ${event.by} ${event.what.kind}`;
    case "warning":
      return `${place}: ${event.by ?? "the run"} warns: ${event.text}`;
    case "off":
      return `${place}: ${event.by} off: ${event.reason}`;
  }
}

Deno.test("who follows a run is told the logs of epochs, tests and the end, also where no plugin listens", async () => {
  const { options, events } = follow([], { epochs: 2 });
  await training(scripted(), batches(4, 2), batches(5), options);
  assertEquals(events.map(line), [
    'onTestEnd 0: {"loss":5}',
    'onEpochEnd 0: {"loss":3,"val_loss":5}',
    'onTestEnd 1: {"loss":5}',
    'onEpochEnd 1: {"loss":3,"val_loss":5}',
    'onTrainEnd 1: {"loss":3,"val_loss":5}',
  ]);
  assertEquals(structuredClone(events), events);
});

Deno.test("the logs of batches are told only where a plugin reads them", async () => {
  let looks = 0;
  const steps = scripted();
  const counted = {
    ...steps,
    logs() {
      looks++;
      return steps.logs();
    },
  };
  const reads = (key: string[]) =>
    plugin("looks", {
      needs: { onTrainBatchEnd: key },
      onTrainBatchEnd() {},
    });
  const deaf = follow([reads([])]);
  await training(counted, batches(4, 2), undefined, deaf.options);
  assertEquals([deaf.events.length, looks], [2, 1]);

  const { options, events } = follow([reads(["loss"])]);
  await training(scripted(), batches(4, 2), undefined, options);
  assertEquals(events.map(line).slice(0, 2), [
    'onTrainBatchEnd 0 0: {"loss":4}',
    'onTrainBatchEnd 0 1: {"loss":3}',
  ]);
});

Deno.test("logs come with what plugins added, promised or not, behind what was asked for in the hook", async () => {
  const first = plugin("first", {
    provides: { onEpochEnd: ["a"] },
    onEpochEnd: (_epoch, _logs, run) => {
      run.stop("enough");
      return { a: 1 };
    },
  });
  const second = plugin("second", {
    provides: { onEpochEnd: ["b"] },
    onEpochEnd: () => Promise.resolve({ b: 2 }),
  });
  for (const plugins of [[first], [first, second]]) {
    const { options, events } = follow(plugins);
    await training(scripted(), batches(3), undefined, options);
    const added = plugins.length === 1 ? '"a":1' : '"a":1,"b":2';
    assertEquals(events.map(line), [
      "onEpochEnd 0: first stop",
      `onEpochEnd 0: {"loss":3,${added}}`,
      'onTrainEnd 0: {"loss":3}',
    ]);
  }
});

Deno.test("an act is told once it is carried out: with the value before, a checkpoint when it is whole", async () => {
  const optimizer = { learningRate: 1, momentum: 0.9 };
  const order: string[] = [];
  const { options, events } = follow([
    plugin("busy", {
      requires: ["save"],
      async onTrainBatchEnd(_batch, _logs, run) {
        run.optimizer.learningRate = 0.5;
        run.optimizer.momentum = NaN;
        run.print("a line");
        run.status("a status");
        await run.save("best");
      },
    }),
  ]);
  const save = async () => {
    await Promise.resolve();
    order.push(`saved, ${events.length} told`);
  };
  await training(
    scripted({ optimizer, save }),
    batches(3),
    undefined,
    options,
  );
  const place = {
    by: "busy",
    hook: "onTrainBatchEnd" as const,
    epoch: 0,
    batch: 0,
  };
  assertEquals(events.slice(0, 3), [
    {
      kind: "act",
      ...place,
      what: { kind: "set", setting: "learningRate", value: 0.5 },
      was: 1,
    },
    {
      kind: "act",
      ...place,
      what: { kind: "set", setting: "momentum", value: NaN },
      was: 0.9,
    },
    {
      kind: "act",
      ...place,
      what: { kind: "save", path: "best", weightsOnly: false },
    },
  ]);
  assertEquals(order, ["saved, 2 told"]);
});

Deno.test("what could not be carried out is not told", async () => {
  const { options, events } = follow([
    plugin("lost", {
      requires: ["weights"],
      onError: "disable",
      onEpochEnd: (_epoch, _logs, run) => run.weights.restore("none"),
    }),
  ]);
  const weights = {
    snapshot: () => ({ dispose() {} }),
    restore() {},
    average() {},
    entries: () => [],
  };
  await training(scripted({ weights }), batches(3), undefined, options);
  const [off, ...rest] = events.map(line);
  assertEquals(rest, ['onEpochEnd 0: {"loss":3}', 'onTrainEnd 0: {"loss":3}']);
  assertEquals(
    off,
    'onEpochEnd 0: lost off: Plugin "lost" failed in onEpochEnd at epoch 0: there is no snapshot "none": take one with run.weights.snapshot("none") first',
  );
});

Deno.test("warnings are told with who printed them, in the run's words or a plugin's", async () => {
  const { options, events } = follow([
    plugin("careful", {
      onEpochEnd: (_epoch, _logs, run) => run.print("Warning: mind the gap"),
    }),
  ], { stepsPerEpoch: 5 });
  await training(scripted(), batches(3), undefined, options);
  assertEquals(events.map(line).slice(0, 2), [
    "0: the run warns: the data ran out after 1 of 5 batches; the epoch ends early",
    "onEpochEnd 0: careful warns: mind the gap",
  ]);
});

Deno.test("a plugin that fails does not take the logs along that it failed at", async () => {
  for (const wait of [undefined, Promise.resolve()]) {
    const { options, events } = follow([
      plugin("bad", {
        onEpochEnd() {
          if (!wait) throw new Error("no");
          return wait.then(() => {
            throw new Error("no");
          });
        },
      }),
    ]);
    await assertRejects(() =>
      training(scripted(), batches(3), undefined, options)
    );
    assertEquals(events.map(line), [
      'onEpochEnd 0: {"loss":3}',
      "onTrainEnd 0: {}",
    ]);
  }
});

Deno.test("a flag of the model that stops the run is told like a plugin's request", async () => {
  const model = { stopTraining: false };
  const { options, events } = follow([
    plugin("flags", {
      onTrainBatchEnd: () => void (model.stopTraining = true),
    }),
  ]);
  await training(scripted({ model }), batches(3, 2), undefined, options);
  assertEquals(
    events.map(line)[1],
    "onTrainBatchEnd 0 0: a callback stop",
  );
});

Deno.test("a hand-written loop tells the same", async () => {
  const { options: { onPlan, printer }, events } = follow([]);
  const list = callbackList(
    { metrics: ["loss"], onPlan, printer } as Parameters<
      typeof callbackList
    >[0],
  );
  for await (const epoch of list.epochs(1)) {
    for await (const batch of epoch.batches([3, 1])) {
      await batch.end({ loss: batch.data });
    }
    list.stop("enough");
  }
  assertEquals(events.map(line), [
    "onTrainBatchEnd 0 1: the loop stop",
    'onEpochEnd 0: {"loss":2}',
    'onTrainEnd 0: {"loss":2}',
  ]);
});

Deno.test("a plugin follows the run: it is told what the host is told, from when it asks", async () => {
  const told: RunEvent[] = [];
  const following: Plugin = {
    name: "following",
    onTrainBegin: (_logs, run) => run.follow((event) => void told.push(event)),
  };
  const enough: Plugin = {
    name: "enough",
    onEpochEnd(_epoch, _logs, run) {
      run.print("Warning: it is late");
      run.stop("enough");
    },
  };
  const { options, events } = follow([following, enough], { epochs: 3 });
  await training(scripted(), batches(4, 2), undefined, options);
  assertEquals(told, events);
  assertEquals(told.map(line).slice(0, 3), [
    "onEpochEnd 0: enough warns: it is late",
    "onEpochEnd 0: enough stop",
    'onEpochEnd 0: {"loss":3}',
  ]);
});

Deno.test("a plugin follows where no host does, and cannot change what others are told", async () => {
  const lines: string[] = [];
  const spoiling: Plugin = {
    name: "spoiling",
    onTrainBegin: (_logs, run) =>
      run.follow((event) => {
        Object.assign(event, { by: "somebody else" });
      }),
  };
  const following: Plugin = {
    name: "following",
    onTrainBegin: (_logs, run) =>
      run.follow((event) => void lines.push(line(event))),
    onEpochEnd: (_epoch, _logs, run) => run.stop("enough"),
  };
  const printer = notebook();
  await training(scripted(), batches(4), undefined, {
    epochs: 2,
    printer,
    plugins: [spoiling, following],
  });
  assertEquals(lines[0], "onEpochEnd 0: following stop");
  assertEquals(
    printer.lines.filter((it) => it.startsWith("Warning")).length,
    1,
    "who throws is named once, and not told any more",
  );
  assertMatch(
    printer.lines[0]!,
    /^Warning: Plugin "spoiling" failed in what it gave to run\.follow, and is not told any more: /,
  );
});

Deno.test("nor what an act was about", async () => {
  const spoiling: Plugin = {
    name: "spoiling",
    onTrainBegin: (_logs, run) =>
      run.follow((event) => {
        if (event.kind === "act") Object.assign(event.what, { reason: "none" });
      }),
    onEpochEnd: (_epoch, _logs, run) => run.stop("enough"),
  };
  const { options, events } = follow([spoiling]);
  await training(scripted(), batches(4), undefined, options);
  const [act] = events.filter((event) => event.kind === "act");
  assertEquals(act?.what, { kind: "stop", reason: "enough" });
  const [said] = (options.printer as ReturnType<typeof notebook>).lines;
  assertMatch(said!, /is not told any more: .*read only property/);
});

Deno.test("what is asked for again and again, or shows something, is no event", async () => {
  const asks = plugin("asks", {
    onTrainBatchEnd(_batch, _logs, run) {
      run.status("a status");
      run.print("a line");
      run.backup();
    },
    onEpochEnd(_epoch, _logs, run) {
      run.show({ html: "<svg/>", text: "a picture" });
    },
  });
  const { options, events } = follow([asks], {
    dir: await Deno.makeTempDir(),
  });
  const keeps = { save: () => 1, load() {} };
  await training(scripted({ keeps }), batches(4, 2), undefined, options);
  assertEquals(events.filter(({ kind }) => kind !== "logs"), []);
});

Deno.test("a plugin that was switched off is not told any more; others are", async () => {
  let told = 0;
  const lines: string[] = [];
  const staying: Plugin = {
    name: "staying",
    onTrainBegin: (_logs, run) =>
      run.follow((event) => void lines.push(line(event))),
  };
  const failing: Plugin = {
    name: "failing",
    onError: "disable",
    onTrainBegin: (_logs, run) => run.follow(() => void told++),
    onEpochBegin() {
      throw new Error("no more");
    },
  };
  await training(scripted(), batches(4), undefined, {
    epochs: 2,
    printer: notebook(),
    plugins: [failing, staying],
  });
  assertEquals(told, 0);
  assertMatch(lines[0]!, /^onEpochBegin 0: failing off: /);
  assertEquals(lines.slice(1), [
    'onEpochEnd 0: {"loss":4}',
    'onEpochEnd 1: {"loss":4}',
    'onTrainEnd 1: {"loss":4}',
  ]);
});
