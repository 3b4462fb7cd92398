import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { SetupError } from "../../../../core/errors.ts";
import {
  type Act,
  callbackList,
  type HostOptions,
  type LoopOptions,
  type PluginList,
  shadow,
  testLoop,
} from "../../../../core/loop/mod.ts";
import type { Plugin, Run } from "../../../../core/plugin.ts";
import { fakeResources } from "../../../../core/run/fake_resources.ts";
import type { RunEvent } from "../../../../core/events.ts";
import type { Snapshot } from "../../../../core/steps.ts";
import backupAndRestore from "../../../../plugins/backup_and_restore.ts";
import csvLogger from "../../../../plugins/csv_logger.ts";
import earlyStopping from "../../../../plugins/early_stopping.ts";
import reduceLrOnPlateau from "../../../../plugins/reduce_lr_on_plateau.ts";
import swapEmaWeights from "../../../../plugins/swap_ema_weights.ts";
import {
  batches,
  notebook,
  recorder,
  scripted,
  training,
} from "../../_scripted.ts";

/** A run of one batch an epoch whose loss is what a list says, and whose weight grows by 1. */
async function losses(
  values: readonly number[],
  plugins: PluginList,
  options: LoopOptions & HostOptions = {},
) {
  const weights = [1];
  const alive = new Set<Snapshot>();
  const saved: string[] = [];
  const resources = fakeResources({ learningRate: 1 }, weights, alive);
  const save = (path: string) => Promise.resolve(void saved.push(path));
  const printer = notebook();
  const history = await training(
    scripted({ ...resources, save }),
    {
      steps: 1,
      batches(epoch) {
        weights[0]!++;
        return [values[epoch]!];
      },
    },
    undefined,
    { epochs: values.length, plugins, printer, ...options },
  );
  const { lines } = printer;
  return { ...history, resources, weights, alive, saved, lines };
}

Deno.test("a shadow's stop is told and not carried out, and it is not called again before the end", async () => {
  const hooks: string[] = [];
  const stopper: Plugin = {
    ...recorder(hooks, "stopper"),
    onEpochEnd(epoch, _logs, run) {
      hooks.push(`onEpochEnd ${epoch}`);
      if (epoch === 1) run.stop("enough");
    },
    onTrainEnd(_logs, run) {
      hooks.push(`onTrainEnd ${run.epoch} ${run.step}`);
      hooks.push(`${run.outcome?.status} by ${run.outcome?.by}`);
    },
  };
  const { epoch, outcome, lines } = await losses([1, 2, 3, 4], [
    shadow(stopper),
  ]);
  assertEquals(epoch, [0, 1, 2, 3]);
  assertEquals(outcome, { status: "completed" });
  assertEquals(hooks.slice(-3), [
    "onEpochEnd 1",
    "onTrainEnd 1 2",
    "stopped by shadow:stopper",
  ]);
  assertEquals(lines, [
    "shadow:stopper would have stopped the run after epoch 2: enough",
    "shadow:stopper would have stopped the run after epoch 2: enough",
  ]);
});

Deno.test("a shadow that stops in a batch sees the rest of the epoch, as the run would have ended there", async () => {
  for (const at of ["onTrainBatchBegin", "onTrainBatchEnd"] as const) {
    const hooks: string[] = [];
    const stopper = recorder(hooks) as {
      -readonly [K in keyof Plugin]: unknown;
    };
    const own = stopper[at] as (...args: unknown[]) => void;
    stopper[at] = (batch: number, logs: unknown, run: Run) => {
      own(batch, logs, run);
      if (batch === 1) run.stop("now");
    };
    await training(scripted(), batches(1, 2, 3), batches(4), {
      epochs: 2,
      plugins: [shadow(stopper as Plugin)],
    });
    assertEquals(hooks.map((it) => it.split(" ").slice(0, 2).join(" ")), [
      "onTrainBegin {}",
      "onEpochBegin 0",
      ...["onTrainBatchBegin 0", "onTrainBatchEnd 0"],
      ...["onTrainBatchBegin 1", "onTrainBatchEnd 1"],
      "onTestBegin {}",
      ...["onTestBatchBegin 0", "onTestBatchEnd 0"],
      'onTestEnd {"loss":4}',
      "onEpochEnd 0",
      'onTrainEnd {"loss":2,"val_loss":4}',
    ]);
  }
});

Deno.test("a shadow reads back the learning rate that it set; the run's stays", async () => {
  const seen: number[] = [];
  const other: Plugin = {
    name: "other",
    requires: ["learningRate"],
    onEpochEnd: (_epoch, _logs, run) =>
      void seen.push(run.optimizer.learningRate),
  };
  const { lines, resources } = await losses([1, 1, 1, 1], [
    shadow(reduceLrOnPlateau({ monitor: "loss", patience: 1, factor: 0.5 })),
    other,
  ]);
  assertEquals(seen, [1, 1, 1, 1]);
  assertEquals(resources.optimizer!.learningRate, 1);
  assertEquals(lines, [
    "shadow:reduce-lr-on-plateau would have added learning_rate to the logs in epoch 1",
    "shadow:reduce-lr-on-plateau would have set the learning rate to 0.5 in epoch 2",
    "shadow:reduce-lr-on-plateau would have set the learning rate to 0.25 in epoch 3",
    "shadow:reduce-lr-on-plateau would have set the learning rate to 0.125 in epoch 4",
    "shadow:reduce-lr-on-plateau would have added learning_rate to the logs 4 times; set the learning rate 3 times, the last time to 0.125",
  ]);
});

Deno.test("a shadow has all else that the run offers, by whatever object it is offered", async () => {
  class Weights {
    #rows = [7];
    snapshot = () => ({ dispose() {} });
    restore() {}
    average() {}
    entries() {
      return this.#rows.map((row) => ({
        ...{ layer: "l", name: "n", shape: [1] },
        values: () => Promise.resolve([row]),
      }));
    }
  }
  const seen: unknown[] = [];
  const model = () => {};
  await training(
    scripted({
      model,
      weights: Object.freeze(new Weights()),
      predict: (x) => x,
      firstNonFinite: () => Promise.resolve(undefined),
    }),
    batches(1, 3),
    batches(4),
    {
      plugins: [shadow({
        name: "curious",
        requires: [
          "weights",
          "predict",
          "batchLogs",
          "model",
          "firstNonFinite",
        ],
        async onTrainBatchEnd(_batch, _logs, run) {
          seen.push(await run.batchLogs(), run.model === model);
          seen.push((await run.predict([])).length);
          seen.push(await run.weights.entries()[0]!.values());
          seen.push(await run.firstNonFinite("step"), run.params.steps);
        },
      })],
    },
  );
  assertEquals(seen.slice(6), [{ loss: 3 }, true, 0, [7], undefined, 2]);
});

Deno.test("until it sets one, a shadow reads the learning rate of the run", async () => {
  const seen: number[] = [];
  const halve: Plugin = {
    name: "halve",
    requires: ["learningRate"],
    onEpochBegin: (_epoch, _logs, run) =>
      void (run.optimizer.learningRate /= 2),
  };
  const reader: Plugin = {
    name: "reader",
    requires: ["learningRate"],
    onEpochEnd: (_epoch, _logs, run) =>
      void seen.push(run.optimizer.learningRate),
  };
  await losses([1, 1], [halve, shadow(reader)]);
  assertEquals(seen, [0.5, 0.25]);
});

Deno.test("a shadow has snapshots of its own, and restores nothing", async () => {
  const { weights, alive, lines } = await losses([1, 2, 3], [
    shadow(earlyStopping({ monitor: "loss", restoreBestWeights: true })),
  ]);
  assertEquals(weights, [4]);
  assertEquals(alive.size, 0);
  assertEquals(lines.slice(0, 2), [
    "shadow:early-stopping would have stopped the run after epoch 2: loss has not improved on 1 (epoch 1) for 1 epoch",
    'shadow:early-stopping would have restored the weights kept as "best" at the end',
  ]);
});

Deno.test("a shadow that averages weights changes nothing, and frees what it copied", async () => {
  const { weights, alive, resources } = await losses([1, 2, 3], [
    shadow(swapEmaWeights({ momentum: 0.5 })),
  ]);
  assertEquals([weights, alive.size], [[4], 0]);
  assertEquals(resources.optimizer!.learningRate, 1);
});

Deno.test("a shadow's files are in memory: it reads them back, the disk stays as it is", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/there.txt`, "there");
  const read: unknown[] = [];
  const writer: Plugin = {
    name: "writer",
    onTrainBegin(_logs, { files }) {
      files.write("a/b.txt", "one");
      const more = files.open("./a/b.txt", { append: true });
      more.write(" two");
      more.close();
      assertThrows(() => more.write("late"), Error, "it was closed");
      const added = files.open("there.txt", { append: true });
      added.write(" and more");
      read.push(files.read("a/b.txt"), files.read("there.txt"));
      files.write("bytes", new TextEncoder().encode("bytes"));
      read.push(files.read("bytes"), files.read("none"));
      files.remove("a");
      files.remove("there.txt");
      read.push(files.read("a/b.txt"), files.read("there.txt"));
      assertThrows(() => files.write("../x", ""), Error, "leads out");
    },
  };
  const { lines } = await losses([1], [shadow(writer)], { dir });
  assertEquals(read, [
    ...["one two", "there and more"],
    ...["bytes", undefined],
    ...[undefined, undefined],
  ]);
  const left = [...Deno.readDirSync(dir)].map(({ name }) => name);
  assertEquals(left, ["there.txt"]);
  assertEquals(await Deno.readTextFile(`${dir}/there.txt`), "there");
  assertEquals(
    lines[0],
    "shadow:writer would have written a/b.txt at the start",
  );
  assertEquals(
    lines.includes("shadow:writer would have removed a at the start"),
    true,
  );
});

Deno.test("a shadow saves, prints and shows nothing", async () => {
  const { saved, lines } = await losses([1], [shadow({
    name: "loud",
    requires: ["save"],
    async onEpochEnd(_epoch, _logs, run) {
      run.print("a line");
      run.status("a status");
      await run.save("best");
      await run.save("last", { weightsOnly: true });
    },
  })]);
  assertEquals(saved, []);
  assertEquals(lines, [
    'shadow:loud would have printed "a line" in epoch 1',
    "shadow:loud would have saved the model to best in epoch 1",
    "shadow:loud would have saved the weights to last in epoch 1",
    'shadow:loud would have printed "a line" in epoch 1; saved the model to best in epoch 1; saved the weights to last in epoch 1',
  ]);
});

Deno.test("in the hooks of batches an act of one kind is told once an epoch, and counted", async () => {
  const printer = notebook();
  await training(scripted(), batches(1, 2, 3), undefined, {
    epochs: 2,
    printer,
    plugins: [shadow({
      name: "chatty",
      onTrainBatchEnd: (batch, _logs, run) => run.print(`batch ${batch}`),
    })],
  });
  assertEquals(printer.lines, [
    'shadow:chatty would have printed "batch 0" in epoch 1, batch 1',
    'shadow:chatty would have printed "batch 0" in epoch 2, batch 1',
    'shadow:chatty would have printed 6 times, the last time "batch 2"',
  ]);
});

Deno.test("the keys that a shadow returns reach nobody, and meet no needs", async () => {
  const gap: Plugin = {
    name: "gap",
    provides: { onEpochEnd: ["gap"] },
    onEpochEnd: () => ({ gap: 1 }),
  };
  const { history } = await losses([1, 2], [shadow(gap)]);
  assertEquals(Object.keys(history), ["loss"]);
  const reader: Plugin<"gap"> = {
    name: "reader",
    needs: { onEpochEnd: ["gap"] },
    onEpochEnd() {},
  };
  const error = await assertRejects(
    () => losses([1], [shadow(gap), reader]),
    SetupError,
  );
  assertEquals(error.problems, [
    'Plugin "reader" needs log key "gap" in onEpochEnd: available are "loss"\n    "shadow:gap" would add it, but a shadow adds nothing',
  ]);
});

Deno.test("a shadow does not tell the best epoch", async () => {
  const { best } = await losses([1, 2], [
    shadow({
      name: "highest",
      monitor: { key: "loss", direction: "max" },
      onEpochEnd() {},
    }),
  ]);
  assertEquals(best?.epoch, 0);
});

Deno.test("an error of a shadow switches it off, and the run goes on", async () => {
  for (
    const hook of ["onTrainBegin", "onEpochEnd", "onTrainEnd"] as const
  ) {
    for (const late of [false, true]) {
      const { epoch, lines } = await losses([1, 2], [shadow({
        name: "broken",
        requires: ["predict"],
        [hook]: (...args: unknown[]) => {
          if (!late) throw new Error("oh");
          // A failure that nobody listens to.
          void (args.at(-1) as Run).predict(undefined as never);
        },
      } as Plugin)]);
      assertEquals(epoch, [0, 1]);
      assertEquals(
        lines.filter((line) => line.startsWith("Warning: ")).map((line) =>
          line.replace(/ at epoch.*?:/, ":")
        ),
        [
          `Warning: Plugin "shadow:broken" failed in ${hook}: ${
            late
              ? "Cannot predict: 'x' must be a list, one entry per input of the model, as in a batch of run.validation"
              : "oh"
          }; it is switched off for the rest of the run`,
        ],
      );
    }
  }
});

Deno.test("what a shadow, or a plugin that may fail, began at the very end does not fail the run", async () => {
  const late = (name: string): Plugin => ({
    name,
    requires: ["predict"],
    onError: "disable",
    onTrainEnd: (_logs, run) =>
      queueMicrotask(() => void run.predict(undefined as never)),
  });
  const { outcome, lines } = await losses([1], [
    late("real"),
    shadow(late("x")),
  ]);
  assertEquals(outcome, { status: "completed" });
  for (const name of ["real", "shadow:x"]) {
    assertEquals(
      lines.some((line) =>
        line.startsWith(`Warning: Plugin "${name}" failed in onTrainEnd`)
      ),
      true,
    );
  }
});

Deno.test("a plugin that is real and a shadow runs under two names", async () => {
  const real = earlyStopping({ monitor: "loss", patience: 3 });
  const trial = earlyStopping({ monitor: "loss", patience: 1 });
  const { outcome, lines } = await losses([1, 2, 3, 4, 5], [
    real,
    shadow(trial),
  ]);
  assertEquals([outcome.by, outcome.epoch], ["early-stopping", 3]);
  assertEquals(
    lines.at(-1),
    "shadow:early-stopping would have stopped the run after epoch 2: loss has not improved on 1 (epoch 1) for 1 epoch",
  );
  await assertRejects(
    () => losses([1], [real, shadow(real)]),
    SetupError,
    'Plugin "early-stopping" runs as itself and as "shadow:early-stopping", and is one object: make two, or leave one out',
  );
  await assertRejects(
    () => losses([1], [shadow(real), shadow(trial)]),
    SetupError,
    '2 plugins are named "shadow:early-stopping"',
  );
});

Deno.test("what a shadow needs and requires must be there, as for any plugin", async () => {
  await assertRejects(
    () => losses([1], [shadow(earlyStopping({ monitor: "los" }))]),
    SetupError,
    'Plugin "shadow:early-stopping" needs log key "los"',
  );
});

Deno.test("acts and events of a shadow say that they are", async () => {
  const acts: Act[] = [];
  const events: RunEvent[] = [];
  await losses([1], [shadow({
    name: "setter",
    requires: ["learningRate"],
    provides: { onEpochEnd: ["x"] },
    onEpochEnd(_epoch, _logs, run) {
      run.optimizer.learningRate = 2;
      return { x: 1 };
    },
  })], {
    onAct: (act) => void acts.push(act),
    onPlan: () => ({ event: (event) => void events.push(event) }),
  });
  const place = {
    by: "shadow:setter",
    hook: "onEpochEnd",
    epoch: 0,
    batch: undefined,
  };
  assertEquals(acts as unknown[], [
    {
      ...place,
      what: { kind: "set", setting: "learningRate", value: 2 },
      shadow: true,
    },
    { ...place, what: { kind: "add", logs: { x: 1 } }, shadow: true },
  ]);
  assertEquals(
    events.every((event) => event.kind !== "act" || "shadow" in event),
    true,
  );
});

Deno.test("a shadow of a plugin that has the model itself comes with a warning", async () => {
  const printer = notebook();
  await training(scripted({ model: {} }), batches(1), undefined, {
    printer,
    plugins: [
      shadow({ name: "surgeon", requires: ["model"], onEpochEnd() {} }),
    ],
  });
  assertEquals(
    printer.lines[0],
    'Warning: Plugin "shadow:surgeon" has the model itself: what it does to it directly is not held back',
  );
});

Deno.test("shadows run in callback lists and in evaluations too", async () => {
  const printer = notebook();
  const stopper = (): Plugin => ({
    name: "stopper",
    onTrainBatchEnd: (_batch, _logs, run) => run.stop("first"),
    onTestBatchEnd: (batch, _logs, run) => {
      run.stop(`batch ${batch}`);
      run.stop("again");
    },
  });
  await using list = callbackList({
    plugins: [shadow(stopper())],
    metrics: ["loss"],
    printer,
  });
  for await (const epoch of list.epochs(2)) {
    for await (const batch of epoch.batches([1, 2])) {
      await batch.end({ loss: 1 });
    }
  }
  assertEquals(list.history.epoch, [0, 1]);
  assertEquals(printer.lines, [
    "shadow:stopper would have stopped the run after epoch 1, batch 1: first",
    "shadow:stopper would have stopped the run after epoch 1, batch 1: first",
  ]);
  printer.lines.length = 0;
  const logs = await testLoop(scripted(), batches(1, 3), {
    plugins: [shadow(stopper())],
    printer,
  });
  assertEquals(logs, { loss: 2 });
  assertEquals(printer.lines, [
    "shadow:stopper would have stopped the run after batch 1: batch 0",
    "shadow:stopper would have stopped the run after batch 1: batch 0",
  ]);
});

Deno.test("a shadow stays itself where plugins are replaced between epochs", async () => {
  const trial = shadow(
    reduceLrOnPlateau({ monitor: "loss", patience: 1, factor: 0.5 }),
  );
  const { lines } = await losses([1, 1, 1, 1], [
    trial,
    {
      name: "swap",
      onEpochEnd: (epoch) => {
        if (epoch === 1) replace!([trial, csvLogger({ name: "none" })]);
      },
    },
  ], {
    dir: await Deno.makeTempDir(),
    onPlan: (_planned, { replacePlugins }) => void (replace = replacePlugins),
  });
  assertEquals(
    lines.at(-1),
    "shadow:reduce-lr-on-plateau would have added learning_rate to the logs 4 times; set the learning rate 3 times, the last time to 0.125",
  );
});

let replace: ((plugins: PluginList) => void) | undefined;

Deno.test("a run that goes on from a backup finds its shadows as they were", async () => {
  const values = [4, 4, 4, 4, 4];
  const plugins = () => [
    shadow(reduceLrOnPlateau({ monitor: "loss", patience: 1, factor: 0.5 })),
    shadow(earlyStopping({ monitor: "loss", patience: 1, name: "early" })),
    shadow(csvLogger()),
    backupAndRestore(),
    readsFile,
  ];
  const readsFile: Plugin = {
    name: "reads",
    onTrainEnd: (_logs, run) => void read.push(run.files.read("log.csv")),
  };
  const read: unknown[] = [];
  async function run(dir: string, ends?: number) {
    const aborter = new AbortController();
    const printer = notebook();
    const rest = { resume: dir, signal: aborter.signal, printer };
    const optimizer = { learningRate: 1 };
    const keeps = { save: () => 0, load() {} };
    await training(
      scripted({ optimizer, keeps }),
      {
        steps: 1,
        batches(epoch) {
          if (epoch === ends) aborter.abort(new Error("away"));
          return [values[epoch]!];
        },
      },
      undefined,
      { epochs: 5, plugins: plugins(), ...rest },
    );
    return printer.lines;
  }
  const whole = await run(await Deno.makeTempDir());
  const dir = await Deno.makeTempDir();
  const before = await run(dir, 2);
  const after = await run(dir);
  const told = before.slice(0, -3); // The last three sum up.
  assertEquals([...told, ...after], whole);
  assertEquals(told.length > 3 && after.length > 3, true);
  assertEquals(read, [undefined, undefined, undefined]);
});
