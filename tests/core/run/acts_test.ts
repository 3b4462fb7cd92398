import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { callbackList, shadow, silent, train } from "../../../core/loop/mod.ts";
import { HOOK_NAMES, type Plugin } from "../../../core/plugin.ts";
import type { Act } from "../../../core/events.ts";
import { fakeRun } from "../../../core/testing.ts";
import { batches, notebook, plugin, scripted, training } from "../_scripted.ts";

/** A plugin that does everything a plugin can ask for, in one hook. */
const busy: Plugin = {
  name: "busy",
  requires: ["learningRate", "momentum", "weights", "optimizerState", "save"],
  async onTrainBatchEnd(_batch, _logs, run) {
    const { optimizer, weights } = run;
    run.print("a line");
    run.status("a status");
    optimizer.learningRate = 0.5;
    optimizer.momentum = 0.25;
    weights.snapshot("mean", { optimizer: true });
    weights.average("mean", 0.9);
    weights.restore("mean");
    weights.release("mean");
    await run.save("best", { weightsOnly: true });
    run.stop("enough");
  },
};

Deno.test("what a plugin asks for is data: who, where and what", async () => {
  const { fire, acts } = fakeRun(busy);
  await fire("onEpochBegin", 2);
  await fire("onTrainBatchEnd", 1, { loss: 1 });
  assertEquals(acts.map(({ what }) => what), [
    { kind: "print", line: "a line" },
    { kind: "status", line: "a status" },
    { kind: "set", setting: "learningRate", value: 0.5 },
    { kind: "set", setting: "momentum", value: 0.25 },
    {
      kind: "snapshot",
      name: "mean",
      optimizer: true,
      trainable: false,
      keep: false,
    },
    { kind: "average", name: "mean", momentum: 0.9 },
    { kind: "restore", name: "mean" },
    { kind: "release", name: "mean" },
    { kind: "save", path: "best", weightsOnly: true },
    { kind: "stop", reason: "enough" },
  ]);
  const { by, hook, epoch, batch } = acts[0]!;
  assertEquals([by, hook, epoch, batch], ["busy", "onTrainBatchEnd", 2, 1]);
  assertEquals(structuredClone(acts), [...acts]);
});

Deno.test("an act is told before it is carried out", async () => {
  const optimizer = { learningRate: 1 };
  const seen: unknown[] = [];
  const onAct = ({ what }: Act) =>
    void seen.push(what.kind, optimizer.learningRate);
  await training(scripted({ optimizer }), batches(1), undefined, {
    onAct,
    plugins: [{
      name: "setter",
      onTrainBegin: (_logs, run) => void (run.optimizer.learningRate = 2),
    }],
  });
  assertEquals([seen, optimizer.learningRate], [["set", 1], 2]);
});

Deno.test("outside of batches and of training an act has no batch and no epoch", async () => {
  const printer: Plugin = {
    name: "printer",
    onTestEnd: (_logs, run) => run.print("x"),
  };
  const { fire, acts } = fakeRun(printer, { params: { mode: "evaluate" } });
  await fire("onTestEnd");
  assertEquals([acts[0]!.epoch, acts[0]!.batch], [undefined, undefined]);
});

Deno.test("the first request to stop counts", async () => {
  const stop = (name: string): Plugin => ({
    name,
    onTrainBatchEnd: (batch, _logs, run) =>
      run.stop(`${name} in batch ${batch}`),
  });
  const { outcome, epoch } = await training(
    scripted(),
    batches(1, 2, 3),
    undefined,
    { epochs: 3, plugins: [stop("first"), stop("second")] },
  );
  assertEquals(epoch, [0]);
  assertEquals(outcome, {
    status: "stopped",
    by: "first",
    hook: "onTrainBatchEnd",
    epoch: 0,
    batch: 0,
    reason: "first in batch 0",
  });
});

Deno.test("what the run does not offer is told with how to ask for it", async () => {
  const cases: [
    string,
    (run: Parameters<NonNullable<Plugin["onTrainBegin"]>>[1]) => unknown,
  ][] = [
    ["learningRate", (run) => run.optimizer.learningRate],
    ["learningRate", (run) => run.optimizer.learningRate = 1],
    ["momentum", (run) => run.optimizer.momentum],
    ["weights", (run) => run.weights.snapshot("x")],
    ["weights", (run) => run.weights.restore("x")],
    ["weights", (run) => run.weights.entries()],
    ["save", (run) => run.save("x")],
    ["predict", (run) => run.predict([])],
  ];
  for (const [requirement, act] of cases) {
    const plugin: Plugin = {
      name: "greedy",
      onTrainBegin: async (_logs, run) => void await act(run),
    };
    const list = callbackList({ plugins: [plugin], printer: notebook() });
    await assertRejects(
      async () => void await list.onTrainBegin(),
      Error,
      `Plugin "greedy" failed in onTrainBegin at epoch 0: this run does not offer "${requirement}": declare requires: ["${requirement}"] to be told before it starts`,
    );
  }
});

Deno.test("steps that do not tell what a batch reported for itself do not offer it", async () => {
  const { batchLogs: _, ...steps } = scripted();
  const greedy: Plugin = {
    name: "greedy",
    onTrainBatchEnd: (_batch, _logs, run) => void run.batchLogs(),
  };
  await assertRejects(
    () => training(steps, batches(1), undefined, { plugins: [greedy] }),
    Error,
    'this run does not offer "batchLogs"',
  );
});

Deno.test("what is required and not offered is refused before the first step", () => {
  for (const requirement of busy.requires!) {
    const plugin: Plugin = {
      name: "greedy",
      requires: [requirement],
      onTrainEnd() {},
    };
    assertThrows(
      () => callbackList({ plugins: [plugin] }),
      Error,
      'Plugin "greedy" requires',
    );
  }
});

Deno.test("optimizer slots are not copied by weights that cannot", async () => {
  const weights = {
    snapshot: () => ({ dispose() {} }),
    restore() {},
    average() {},
    entries: () => [],
  };
  const plugin: Plugin = {
    name: "copier",
    onTrainBegin: (_logs, run) =>
      run.weights.snapshot("x", { optimizer: true }),
  };
  const list = callbackList({
    plugins: [plugin],
    weights,
    printer: notebook(),
  });
  await assertRejects(
    async () => void await list.onTrainBegin(),
    Error,
    'this run does not offer "optimizerState"',
  );
});

Deno.test("the status line is removed at the end, also of a run that fails", async () => {
  for (const fails of [false, true]) {
    const statuses: string[] = [];
    const plugin: Plugin = {
      name: "bar",
      onTrainBatchEnd(_batch, _logs, run) {
        run.status("half way");
        if (fails) throw new Error("no");
      },
    };
    const printer = {
      ...notebook(),
      status: (line: string) => void statuses.push(line),
    };
    await training(scripted(), batches(1), undefined, {
      printer,
      plugins: [plugin],
    }).catch(() => {});
    assertEquals(statuses, ["half way", ""]);
  }
});

Deno.test("every hook may ask", async () => {
  const plugin: Record<string, unknown> = { name: "everywhere" };
  for (const hook of HOOK_NAMES) {
    plugin[hook] = (...args: { print(line: string): void }[]) =>
      args.at(-1)!.print(hook);
  }
  const hooks: string[] = [];
  await training(scripted(), batches(1), batches(1), {
    plugins: [plugin as unknown as Plugin],
    onAct: ({ hook, what }) => {
      assertEquals(what, { kind: "print", line: hook });
      hooks.push(hook);
    },
  });
  assertEquals(hooks, HOOK_NAMES.filter((hook) => !hook.includes("Predict")));
});

Deno.test("a snapshot holds the optimizer's slots, or leaves out what is not trained, only if asked to", async () => {
  const asked: unknown[] = [];
  const weights = {
    optimizerState: true,
    snapshot(options: unknown) {
      asked.push(options);
      return { dispose() {} };
    },
    restore() {},
    average() {},
    entries: () => [],
  };
  await training(scripted({ weights }), batches(1), undefined, {
    plugins: [{
      name: "p",
      onTrainBegin(_logs, run) {
        run.weights.snapshot("a");
        run.weights.snapshot("b", { optimizer: true });
        run.weights.snapshot("c", { trainable: true });
      },
    }],
  });
  assertEquals(asked, [
    { optimizer: false, trainable: false },
    { optimizer: true, trainable: false },
    { optimizer: false, trainable: true },
  ]);
});

Deno.test("options that are null count as none, and names that are no text are told", async () => {
  const careless = plugin("careless", {
    onTrainBegin(_logs, run) {
      run.stop("enough", null as unknown as undefined);
      run.backup(null as unknown as undefined);
      run.save("a", null as unknown as undefined);
    },
    onTrainEnd: (_logs, run) =>
      run.weights.restore(Object.create(null) as string),
  });
  const { fire, acts } = fakeRun(careless);
  await fire("onTrainBegin");
  assertEquals(acts.map(({ what }) => what), [
    { kind: "stop", reason: "enough" },
    { kind: "backup", keep: 2 },
    { kind: "save", path: "a", weightsOnly: false },
  ]);
  await assertRejects(
    () => fire("onTrainEnd"),
    Error,
    "there is no snapshot {}: take one with run.weights.snapshot({}) first",
  );
});

Deno.test("each plugin has one place for its pictures; the run waits for them, and shows none of a shadow", async () => {
  const shown: string[] = [];
  let places = 0;
  const draws = (name: string): Plugin => ({
    name,
    onEpochEnd(epoch, _logs, run) {
      run.show({ text: `${name} ${epoch}`, html: "" });
    },
  });
  await train(
    { metrics: ["loss"], trainStep: () => ({ loss: 1 }) },
    [0],
    {
      epochs: 2,
      plugins: [draws("a"), draws("b"), shadow(draws("c"))],
      printer: {
        ...silent(),
        pictures: true,
        picture() {
          const place = ++places;
          return async ({ text }) => {
            await new Promise((resolve) => setTimeout(resolve, 5));
            shown.push(`${place}: ${text}`);
          };
        },
      },
    },
  );
  assertEquals(shown, ["1: a 0", "2: b 0", "1: a 1", "2: b 1"]);
});
