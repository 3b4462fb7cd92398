import { assertEquals, assertLess } from "@std/assert";
import {
  callbackList,
  predictLoop,
  testLoop,
} from "../../../../core/loop/mod.ts";
import type { Plugin } from "../../../../core/plugin.ts";
import type { Engine } from "../../../../core/steps.ts";
import {
  batches,
  notebook,
  plugin,
  type Scripted,
  scripted,
  training,
} from "../../_scripted.ts";

/** A run on a clock that goes on only when something says that it takes time. */
function timed(
  { step = 10, steps = 200, epochs = 1, extra = {} as Partial<Scripted> } = {},
) {
  let at = 0;
  const printer = notebook();
  const takes = (ms: number) => void (at += ms);
  const count = (n: number) => batches(...Array.from({ length: n }, () => 1));
  return {
    takes,
    printer,
    now: () => at,
    async said(...plugins: Plugin[]): Promise<string[]> {
      await training(
        scripted({
          train: () => takes(step),
          test: () => takes(step),
          logs: () => ({ loss: 1 }),
          ...extra,
        }),
        count(steps),
        undefined,
        { plugins, printer, epochs, now: () => at },
      );
      return printer.lines;
    },
  };
}

const ADVICE = "let it do less there, or only every few batches";

Deno.test("a plugin that takes more than a tenth of each step is named once, with its hook", async () => {
  const { takes, said } = timed({ steps: 1000 });
  const slow = plugin("slow", { onTrainBatchEnd: () => takes(5) });
  const quick = plugin("quick", { onTrainBatchEnd: () => takes(1) });
  assertEquals(await said(quick, slow), [
    `Warning: plugin "slow" takes 31 % of each training step in onTrainBatchEnd (5.0 ms of 16 ms, mean of 50); ${ADVICE}`,
  ]);
});

Deno.test("both of its hooks count, and what it waits for", async () => {
  const { takes, said } = timed();
  const slow = plugin("slow", {
    onTrainBatchBegin: () => takes(2),
    async onTrainBatchEnd() {
      await Promise.resolve();
      takes(8);
    },
  });
  assertEquals(await said(slow), [
    `Warning: plugin "slow" takes 50 % of each training step in onTrainBatchEnd and onTrainBatchBegin (10 ms of 20 ms, mean of 50); ${ADVICE}`,
  ]);
});

Deno.test("what it began and does not wait for counts too", async () => {
  const run = timed({
    extra: {
      async save() {
        await Promise.resolve();
        run.takes(4);
      },
    },
  });
  const saves = plugin("saves", {
    requires: ["save"],
    onTrainBatchBegin: (_batch, _logs, run) => void run.save("it"),
  });
  assertEquals(await run.said(saves), [
    `Warning: plugin "saves" takes 29 % of each training step in onTrainBatchBegin (4.0 ms of 14 ms, mean of 50); ${ADVICE}`,
  ]);
});

Deno.test("two that are slow are named both, with their files", async () => {
  const { takes, said } = timed();
  const slow = (name: string) => ({
    plugin: plugin(name, { onTrainBatchEnd: () => takes(5) }),
    file: `plugins/${name}.ts`,
  });
  const lines = await said(
    ...[slow("one"), slow("two")] as unknown as Plugin[],
  );
  assertEquals(
    lines,
    ["one", "two"].map((name) =>
      `Warning: plugin "${name}" takes 25 % of each training step in onTrainBatchEnd (5.0 ms of 20 ms, mean of 50); ${ADVICE}   (plugins/${name}.ts)`
    ),
  );
});

Deno.test("half a millisecond is enough, where it is much of a step", async () => {
  const { takes, said } = timed({ step: 0.5 });
  const slow = plugin("slow", { onTrainBatchEnd: () => takes(0.5) });
  assertEquals(await said(slow), [
    `Warning: plugin "slow" takes 50 % of each training step in onTrainBatchEnd (0.50 ms of 1.0 ms, mean of 50); ${ADVICE}`,
  ]);
});

Deno.test("a hook that takes no more than a tenth of what its plugin takes is not named", async () => {
  const { takes, said } = timed({ step: 10 });
  const slow = plugin("slow", {
    onTrainBatchBegin: () => takes(1),
    onTrainBatchEnd: () => takes(9),
  });
  assertEquals(await said(slow), [
    `Warning: plugin "slow" takes 50 % of each training step in onTrainBatchEnd (10 ms of 20 ms, mean of 50); ${ADVICE}`,
  ]);
});

Deno.test("no false alarms: a little of a step, a moment of a tiny one, the first batches, now and then", async () => {
  const tenth = timed({ step: 9 });
  assertEquals(
    await tenth.said(
      plugin("tenth", { onTrainBatchEnd: () => tenth.takes(1) }),
    ),
    [],
  );
  const tiny = timed({ step: 0.2 });
  assertEquals(
    await tiny.said(plugin("tiny", { onTrainBatchEnd: () => tiny.takes(0.3) })),
    [],
  );
  const warm = timed({ steps: 400 });
  let calls = 0;
  const warming = plugin("warming", {
    onTrainBatchEnd: () => void (calls++ < 30 && warm.takes(50)),
  });
  assertEquals(await warm.said(warming), []);
  for (const every of [2, 3, 16, 17]) {
    const seldom = timed({ steps: 600 });
    const now = plugin("now-and-then", {
      onTrainBatchEnd: (batch) => void (batch % every || seldom.takes(500)),
    });
    assertEquals(await seldom.said(now), [], `every ${every}`);
  }
});

Deno.test("much of most steps, but little of all of them, is no matter of each", async () => {
  let batch = 0;
  const run = timed({
    ...{ step: 0, steps: 600 },
    extra: { train: () => run.takes(batch++ % 3 ? 1 : 100) },
  });
  const one = plugin("one", { onTrainBatchEnd: () => run.takes(1) });
  assertEquals(await run.said(one), []);
});

Deno.test("ends of epochs, validation and backups are no plugin's", async () => {
  const run = timed({
    ...{ steps: 3, epochs: 200 },
    extra: { keeps: { save: () => run.takes(40), load() {} } },
  });
  const asks = plugin("asks", {
    onTrainBatchEnd: (_batch, _logs, run) => run.backup({ keep: 0 }),
    onEpochEnd: () => run.takes(100),
  });
  assertEquals(await run.said(asks), []);
});

Deno.test("epochs may be short, and what is between them is no part of a step", async () => {
  const { takes, said } = timed({ steps: 3, epochs: 100 });
  const slow = plugin("slow", {
    onTrainBatchEnd: () => takes(10),
    onEpochEnd: () => takes(500),
  });
  assertEquals(await said(slow), [
    `Warning: plugin "slow" takes 50 % of each training step in onTrainBatchEnd (10 ms of 20 ms, mean of 50); ${ADVICE}`,
  ]);
});

Deno.test("what it takes before each step alone is enough", async () => {
  const { takes, said } = timed();
  const slow = plugin("slow", {
    onTrainBatchBegin: () => takes(10),
    onTrainBatchEnd() {},
  });
  assertEquals(await said(slow), [
    `Warning: plugin "slow" takes 50 % of each training step in onTrainBatchBegin (10 ms of 20 ms, mean of 50); ${ADVICE}`,
  ]);
});

Deno.test("on a device that computes beside the run, waiting for it is no plugin's", async () => {
  const engine: Engine = {
    ...{ name: "webgpu", asynchronous: true },
    memory: () => ({ bytes: 0, tensors: 0 }),
    watch: () => () => {},
  };
  const device = timed({ extra: { engine } });
  const waits = plugin("waits", {
    async onTrainBatchEnd() {
      await Promise.resolve();
      device.takes(30);
    },
  });
  assertEquals(await device.said(waits), []);
  const busy = timed({ extra: { engine } });
  const works = plugin("works", {
    async onTrainBatchEnd() {
      busy.takes(5);
      await Promise.resolve();
      busy.takes(5);
    },
  });
  assertEquals(await busy.said(works), [
    `Warning: plugin "works" takes 25 % of each training step in onTrainBatchEnd (5.0 ms of 20 ms, mean of 50); ${ADVICE}`,
  ]);
});

Deno.test("evaluations, predictions and loops of one's own are looked at too", async () => {
  const { takes, now, printer } = timed();
  const slow = plugin("slow", {
    onTrainBatchEnd: () => takes(10),
    onTestBatchBegin: () => takes(4),
    onTestBatchEnd: () => takes(6),
    onPredictBatchBegin: () => takes(6),
    onPredictBatchEnd: () => takes(4),
  });
  const options = { plugins: [slow], printer, now };
  const many = batches(...Array.from({ length: 200 }, () => 1));
  const works = () => takes(10);
  await testLoop(
    scripted({ test: works, logs: () => ({ loss: 1 }) }),
    many,
    options,
  );
  await predictLoop(scripted({ predictBatch: works }), many, () => {}, options);
  const list = callbackList({ ...options, metrics: ["loss"] });
  await list.onTrainBegin();
  await list.onEpochBegin(0);
  for (let batch = 0; batch < 200; batch++) {
    await list.onTrainBatchBegin(batch);
    takes(10);
    await list.onTrainBatchEnd(batch, { loss: 1 });
  }
  await list.onEpochEnd(0, { loss: 1 });
  await list.onTrainEnd();
  const line = (step: string, hook: string) =>
    `Warning: plugin "slow" takes 50 % of each ${step} in ${hook} (10 ms of 20 ms, mean of 50); ${ADVICE}`;
  assertEquals(printer.lines, [
    line("test step", "onTestBatchEnd and onTestBatchBegin"),
    line("prediction step", "onPredictBatchEnd and onPredictBatchBegin"),
    line("training step", "onTrainBatchEnd"),
  ]);
});

Deno.test("a plugin that comes later is named later", async () => {
  const { takes, now, printer } = timed();
  const slow = plugin("slow", { onTrainBatchEnd: () => takes(10) });
  const idle = plugin("idle", { onTrainBatchEnd() {} });
  let calls = 0;
  await training(
    scripted({ train: () => takes(10), logs: () => ({ loss: 1 }) }),
    batches(...Array.from({ length: 100 }, () => 1)),
    undefined,
    {
      ...{ plugins: [idle], printer, now, epochs: 3 },
      onPlan: (_planned, control) => ({
        event: (event) => {
          if (
            event.kind === "logs" && event.hook === "onEpochEnd" && !calls++
          ) {
            control.replacePlugins([idle, slow]);
          }
        },
      }),
    },
  );
  assertEquals(printer.lines.length, 1);
});

Deno.test("who follows the run is not told: a run that went on has the events of one that did not", async () => {
  const { takes, now, printer } = timed();
  const told: string[] = [];
  await training(
    scripted({ train: () => takes(10), logs: () => ({ loss: 1 }) }),
    batches(...Array.from({ length: 200 }, () => 1)),
    undefined,
    {
      ...{
        plugins: [plugin("slow", {
          needs: {},
          onTrainBatchEnd: () => takes(10),
        })],
        printer,
        now,
      },
      onPlan: () => ({ event: ({ kind }) => void told.push(kind) }),
    },
  );
  assertEquals(printer.lines.length, 1);
  assertEquals(told.filter((kind) => kind === "warning"), []);
});

Deno.test("nor are they where a plugin was named: it is looked at less and less", async () => {
  let [reads, at] = [0, 0];
  const slow = plugin("slow", {
    needs: {},
    onTrainBatchEnd: () => void (at += 10),
  });
  const printer = notebook();
  await training(
    scripted(),
    batches(...Array.from({ length: 16_000 }, () => 1)),
    undefined,
    { plugins: [slow], printer, now: () => (reads++, at) },
  );
  assertEquals(printer.lines.length, 1);
  assertLess(reads, 2 * 16_000);
});

Deno.test("most batches are not timed", async () => {
  let reads = 0;
  const idle = plugin("idle", { needs: {}, onTrainBatchEnd() {} });
  await training(
    scripted(),
    batches(...Array.from({ length: 16_000 }, () => 1)),
    undefined,
    { plugins: [idle], printer: notebook(), now: () => reads++ / 1e6 },
  );
  // The loop itself reads the clock once a batch; a round that is timed, every 17th, reads it 4 times.
  assertEquals(Math.round(reads / 100), Math.round(160 * (1 + 4 / 17)));
});
