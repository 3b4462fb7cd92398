import { assertEquals, assertRejects } from "@std/assert";
import { callbackList, testLoop } from "../../../../core/loop/mod.ts";
import type {
  Plugin,
  Profile,
  Profiling,
  Run,
  Span,
} from "../../../../core/plugin.ts";
import { profiling } from "../../../../core/run/measuring/profiling.ts";
import type { RunState } from "../../../../core/run/state.ts";
import { swaps } from "../../../../core/run/measuring/swaps.ts";
import type { Engine, KernelWatcher } from "../../../../core/steps.ts";
import { fakeRun } from "../../../../core/testing.ts";
import {
  batches,
  notebook,
  plugin,
  scripted,
  training,
} from "../../_scripted.ts";

/** A clock that goes on only when something says that it takes time. */
function clock() {
  let at = 0;
  return { now: () => at, takes: (ms: number) => void (at += ms) };
}

/** A line a span. */
function lines(profile: Profile): string[] {
  return profile.spans.map(line);
}

function line(
  { kind, name, by, begun, at, took, epoch, batch }: Span,
): string {
  const place = [epoch, batch].map((it) => it ?? "-").join("/");
  return `${kind} ${begun ? "begun in " : ""}${name}${
    by ? ` of ${by}` : ""
  } ${place} ${at}+${took}`;
}

/** A plugin that measures from the begin of one batch to that of another, counted from 0 over the run. */
function measuring(from: number, to: number) {
  let under: Profiling | undefined;
  const found: { profile?: Profile | undefined } = {};
  const measures: Plugin = {
    name: "measures",
    order: "pre",
    needs: {},
    onTrainBatchBegin(_batch, _logs, run) {
      if (run.step === from) under = run.profile();
      if (run.step === to) found.profile = under?.stop();
    },
    onTrainEnd() {
      found.profile ??= under?.stop();
    },
  };
  return { measures, found };
}

Deno.test("whole rounds are measured: data, hooks by plugin, steps, with epoch and batch", async () => {
  const { now, takes } = clock();
  const { measures, found } = measuring(1, 3);
  const slow = plugin("slow", {
    onTrainBatchBegin: () => takes(2),
    onTrainBatchEnd: () => takes(5),
  });
  await training(
    scripted({
      train: () => takes(30),
      logs() {
        takes(1);
        return { loss: 1 };
      },
    }),
    {
      *batches() {
        for (const batch of [1, 2, 3, 4]) {
          takes(3);
          yield batch;
        }
      },
    },
    undefined,
    { plugins: [slow, measures], now },
  );
  const round = (batch: number, at: number) => [
    `hook onTrainBatchBegin of slow 0/${batch} ${at}+2`,
    `step train 0/${batch} ${at + 2}+30`,
    `logs train 0/${batch} ${at + 32}+1`,
    `hook onTrainBatchEnd of slow 0/${batch} ${at + 33}+5`,
    `data train 0/${batch + 1} ${at + 38}+3`,
    `hook onTrainBatchBegin of measures 0/${batch + 1} ${at + 41}+0`,
  ];
  assertEquals(lines(found.profile!), [...round(1, 44), ...round(2, 85)]);
  const { began, ended } = found.profile!;
  assertEquals([began, ended], [44, 126]);
});

Deno.test("what a hook waits for, and what it began and the run waits for, is its own", async () => {
  const { now, takes } = clock();
  const { measures, found } = measuring(1, 2);
  const saves = plugin("saves", {
    requires: ["save"],
    onTrainBatchBegin: async () => {
      await Promise.resolve();
      takes(7);
    },
    onTrainBatchEnd: (_batch, _logs, run) => {
      takes(1);
      run.save("model");
    },
  });
  await training(
    scripted({
      async save() {
        await Promise.resolve();
        takes(20);
      },
    }),
    batches(1, 2, 3),
    undefined,
    { plugins: [saves, measures], now },
  );
  assertEquals(
    lines(found.profile!).filter((line) => line.includes("of saves")),
    [
      "hook onTrainBatchBegin of saves 0/1 28+7",
      "hook onTrainBatchEnd of saves 0/1 35+1",
      "hook begun in onTrainBatchEnd of saves 0/1 36+20",
    ],
  );
});

Deno.test("a range crosses epochs, with the validation between them", async () => {
  const { now, takes } = clock();
  const { measures, found } = measuring(1, 3);
  await training(
    scripted({ train: () => takes(10), test: () => takes(4) }),
    batches(1, 2),
    batches(3),
    { plugins: [measures], now, epochs: 2 },
  );
  const steps = found.profile!.spans.filter(({ kind }) => kind === "step");
  assertEquals(steps.map(line), [
    "step train 0/1 10+10",
    "step test 0/0 20+4",
    "step train 1/0 24+10",
  ]);
});

Deno.test("hand-written loops have hooks and steps", async () => {
  const { now, takes } = clock();
  const { measures, found } = measuring(0, 1);
  const slow = plugin("slow", { onTrainBatchEnd: () => takes(5) });
  await using list = callbackList(
    {
      ...{ plugins: [measures, slow], now, metrics: ["loss"] },
      printer: notebook(),
    } as Parameters<typeof callbackList>[0],
  );
  for await (const epoch of list.epochs(1)) {
    for await (const batch of epoch.batches([1, 2])) {
      takes(30);
      await batch.end({ loss: batch.data });
    }
  }
  assertEquals(lines(found.profile!), [
    "step train 0/0 0+30",
    "hook onTrainBatchEnd of slow 0/0 30+5",
    "hook onTrainBatchBegin of measures 0/1 35+0",
  ]);
  assertEquals(found.profile!.engine, undefined);
});

/** An engine whose kernels are called by hand. */
function engine() {
  const watchers = new Set<KernelWatcher>();
  const it: Engine = {
    name: "toy",
    asynchronous: false,
    memory: () => ({ bytes: 8, tensors: 2 }),
    watch(watcher) {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
  };
  function kernel(name: string, work: () => void): void {
    const told = [...watchers];
    for (const { begin } of told) begin(name);
    try {
      work();
    } finally {
      for (const { end } of told) {
        end(() => ({ inputs: { x: [2, 3] }, outputs: [[3]], bytes: 12 }));
      }
    }
  }
  return { it, kernel, watchers };
}

Deno.test("kernels lie in steps and hooks, and in one another", async () => {
  const { now, takes } = clock();
  const { measures, found } = measuring(0, 1);
  const { it, kernel, watchers } = engine();
  const looks = plugin("looks", {
    onTrainBatchEnd: () => kernel("Mean", () => takes(1)),
  });
  await training(
    scripted({
      engine: it,
      train: () =>
        kernel("MatMul", () => {
          takes(2);
          kernel("Cast", () => takes(3));
        }),
    }),
    batches(1, 2),
    undefined,
    { plugins: [measures, looks], now },
  );
  const { spans, memory, ...about } = found.profile!;
  const facts = { inputs: { x: [2, 3] }, outputs: [[3]], bytes: 12 };
  const place = { epoch: 0, batch: 0 };
  assertEquals(spans.filter(({ kind }) => kind === "kernel"), [
    {
      ...{ kind: "kernel", name: "MatMul", at: 0, took: 5 },
      ...{ depth: 0, within: "step", ...place, ...facts },
    },
    {
      ...{ kind: "kernel", name: "Cast", at: 2, took: 3 },
      ...{ depth: 1, within: "step", ...place, ...facts },
    },
    {
      ...{ kind: "kernel", name: "Mean", at: 5, took: 1 },
      ...{ depth: 0, within: "hook", ...place, ...facts },
    },
  ]);
  // As steps and logs begin, and the outer ones of kernels.
  assertEquals(
    memory,
    [0, 0, 5, 5].map((at) => ({ at, bytes: 8, tensors: 2 })),
  );
  assertEquals([about.engine, about.submitted], ["toy", false]);
  assertEquals(watchers.size, 0);
});

Deno.test("a run that ends, however it does, ends what is measured, and leaves all as it was", async () => {
  for (const fails of [false, true]) {
    const { it, watchers } = engine();
    const { now, takes } = clock();
    let under: Profiling | undefined;
    const forgets = plugin("forgets", {
      onEpochBegin: (_epoch, _logs, run) => void (under = run.profile()),
      onTrainBatchEnd(batch) {
        takes(1);
        if (batch === 1 && fails) throw new Error("no");
      },
    });
    const run = training(
      scripted({ engine: it }),
      batches(1, 2),
      undefined,
      { plugins: [forgets], now },
    );
    if (fails) await assertRejects(() => run);
    else await run;
    assertEquals(watchers.size, 0);
    takes(50);
    const { ended, spans } = under!.stop();
    assertEquals(ended, 2);
    assertEquals(spans.filter(({ kind }) => kind === "hook").length, 2);
    assertEquals(under!.stop(), under!.stop());
  }
});

Deno.test("two measure at once, and end in any order", async () => {
  const { now, takes } = clock();
  const first = measuring(0, 2);
  const second = measuring(1, 3);
  const slow = plugin("slow", { onTrainBatchEnd: () => takes(5) });
  await training(scripted(), batches(1, 2, 3, 4), undefined, {
    plugins: [
      first.measures,
      { ...second.measures, name: "also" },
      slow,
    ],
    now,
  });
  const ends = (profile?: Profile) =>
    profile!.spans.filter(({ name }) => name === "onTrainBatchEnd").map(line);
  assertEquals(ends(first.found.profile), [
    "hook onTrainBatchEnd of slow 0/0 0+5",
    "hook onTrainBatchEnd of slow 0/1 5+5",
  ]);
  assertEquals(ends(second.found.profile), [
    "hook onTrainBatchEnd of slow 0/1 5+5",
    "hook onTrainBatchEnd of slow 0/2 10+5",
  ]);
});

Deno.test("what is under way at the end is cut there", async () => {
  const { now, takes } = clock();
  let profile: Profile | undefined;
  let under: Profiling | undefined;
  const measures = plugin("measures", {
    onTrainBatchBegin: (_batch, _logs, run) => void (under = run.profile()),
    onTrainBatchEnd() {
      takes(2);
      profile = under!.stop();
      takes(9);
    },
  });
  await training(scripted(), batches(1), undefined, {
    plugins: [measures],
    now,
  });
  assertEquals(
    lines(profile!).at(-1),
    "hook onTrainBatchEnd of measures 0/0 0+2",
  );
});

Deno.test("so is a kernel that is under way", async () => {
  const { now, takes } = clock();
  const { it, kernel } = engine();
  let profile: Profile | undefined;
  let under: Profiling | undefined;
  const measures = plugin("measures", {
    onTrainBatchBegin: (_batch, _logs, run) => void (under = run.profile()),
  });
  const train = () => {
    takes(1);
    kernel("Add", () => {
      takes(2);
      profile = under!.stop();
      takes(9);
    });
  };
  await training(
    scripted({ engine: { ...it, asynchronous: true }, train }),
    batches(1),
    undefined,
    { plugins: [measures], now },
  );
  assertEquals(lines(profile!), ["step train 0/0 0+3", "kernel Add 0/0 1+2"]);
  assertEquals([profile!.cut, profile!.submitted], [false, true]);
});

Deno.test("an evaluation has batches, and no epochs", async () => {
  const { now, takes } = clock();
  let under: Profiling | undefined;
  const measures = plugin("measures", {
    onTestBegin: (_logs, run) => void (under = run.profile()),
  });
  await testLoop(
    scripted({ test: () => takes(4), logs: () => ({ loss: 1 }) }),
    batches(1, 2),
    { plugins: [measures], now },
  );
  const steps = under!.stop().spans.filter(({ kind }) => kind === "step");
  assertEquals(steps.map(line), ["step test -/0 0+4", "step test -/1 4+4"]);
});

Deno.test("what a hand-written loop draws is the same, measured or not", async () => {
  async function drawn(...plugins: Plugin[]): Promise<number[]> {
    const numbers: number[] = [];
    await using list = callbackList({
      ...{ plugins, seed: 7, metrics: ["loss"], printer: notebook() },
    });
    for await (const epoch of list.epochs(1)) {
      for await (const batch of epoch.batches([1, 2, 3])) {
        numbers.push(Math.random());
        await batch.end({ loss: 1 });
      }
    }
    return numbers;
  }
  const { measures, found } = measuring(0, 2);
  assertEquals(await drawn(measures), await drawn());
  assertEquals(found.profile !== undefined, true);
});

Deno.test("too many spans end it", () => {
  const { now, takes } = clock();
  const { it, kernel, watchers } = engine();
  const state = {
    ...{ now, time: now, swaps: swaps(), profilings: new Set<Profiling>() },
    ...{ params: { mode: "fit" }, resources: { engine: it } },
  } as unknown as RunState;
  const under = profiling(state, 3);
  for (let i = 0; i < 9; i++) kernel("Add", () => takes(1));
  assertEquals(watchers.size, 0);
  const { cut, spans, ended } = under.stop();
  assertEquals([cut, spans.length, ended], [true, 3, 3]);
});

Deno.test("a plugin under test can measure too", async () => {
  let run: Run | undefined;
  const measures = plugin("measures", {
    onTrainBegin: (_logs, given) => void (run = given),
    onTrainBatchEnd() {},
  });
  const { fire, clock } = fakeRun(measures);
  await fire("onTrainBegin");
  clock.time = 1000;
  const under = run!.profile();
  await fire("onTrainBatchEnd", 2, { loss: 1 });
  const profile = under.stop();
  assertEquals(lines(profile), ["hook onTrainBatchEnd of measures 0/2 0+0"]);
  assertEquals(profile.time, 1000);
});

Deno.test("backups are the run's own, also at the end of an epoch", async () => {
  const { now, takes } = clock();
  let under: Profiling | undefined;
  const asks = plugin("asks", {
    onEpochBegin: (_epoch, _logs, run) => void (under = run.profile()),
    onTrainBatchEnd: (_batch, _logs, run) => run.backup(),
    onEpochEnd: (_epoch, _logs, run) => run.backup(),
  });
  const keeps = {
    save() {
      takes(4);
      return 1;
    },
    load() {},
  };
  await training(scripted({ keeps }), batches(1), undefined, {
    ...{ plugins: [asks], now, dir: await Deno.makeTempDir() },
  });
  const backups = under!.stop().spans.filter(({ kind }) => kind === "backup");
  assertEquals(backups.map(line), [
    "backup fit 0/0 0+4",
    "backup fit 0/0 4+4",
  ]);
});
