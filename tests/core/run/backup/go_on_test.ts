import { assert, assertEquals, assertRejects } from "@std/assert";
import { InputError, PluginError } from "../../../../core/errors.ts";
import {
  type History,
  type HostOptions,
  type LoopOptions,
  testLoop,
} from "../../../../core/loop/mod.ts";
import type { Keeper, Plugin } from "../../../../core/plugin.ts";
import { shadow } from "../../../../core/contract/shadow.ts";
import { fakeResources } from "../../../../core/run/fake_resources.ts";
import type { Snapshot, Source, WeightStore } from "../../../../core/steps.ts";
import { fakeRun } from "../../../../core/testing.ts";
import backupAndRestore from "../../../../plugins/backup_and_restore.ts";
import csvLogger from "../../../../plugins/csv_logger.ts";
import earlyStopping from "../../../../plugins/early_stopping.ts";
import reduceLrOnPlateau from "../../../../plugins/reduce_lr_on_plateau.ts";
import swapEmaWeights from "../../../../plugins/swap_ema_weights.ts";
import {
  batches,
  notebook,
  plugin,
  type Scripted,
  scripted,
  training,
} from "../../_scripted.ts";

/** A model of two numbers that a step changes, and how many copies of them there are. */
function smallModel() {
  const weights = [0, 1];
  const alive = new Set<Snapshot>();
  const resources = fakeResources({}, weights, alive);
  const inner = scripted();
  const { optimizer } = resources;
  const steps: Scripted = {
    ...inner,
    ...resources,
    train(batch, context) {
      weights[0]! += optimizer!.learningRate * batch * context!.random.next();
      inner.train(weights[0]!, context);
    },
    test: (batch) => inner.test(batch + 0.1 * weights[0]!),
  };
  return { weights, alive, optimizer: optimizer!, steps };
}

interface Ran {
  readonly history: History;
  readonly weights: readonly number[];
  readonly lines: readonly string[];
}

type Options = LoopOptions & HostOptions;

/** Train that model: 4 epochs of 3 batches, of which 2 validate. */
async function run(
  options: Options,
  { extra = {}, data = {} }: {
    extra?: Partial<Scripted>;
    data?: Partial<Source<number>>;
  } = {},
): Promise<Ran> {
  const { weights, alive, steps } = smallModel();
  const printer = notebook();
  const history = await training(
    { ...steps, ...extra },
    { ...batches(1, -2, 3), ...data },
    batches(4, 5),
    { epochs: 4, seed: 7, printer, ...options },
  );
  assertEquals(alive.size, 0, "no copy of the weights is left");
  return { history, weights, lines: printer.lines };
}

/** Ends the run, to go on later, at the `n`th call of a hook, counted over all its parts. */
function pause(
  hook: "onTrainBatchEnd" | "onTestBatchEnd" | "onEpochEnd",
  n: number,
): { plugin: Plugin; signal: AbortSignal } {
  const controller = new AbortController();
  const state = { calls: 0 };
  const count = () => void (++state.calls === n && controller.abort());
  return {
    plugin: plugin("pause", { needs: {}, state, [hook]: count }),
    signal: controller.signal,
  };
}

/** Breaks a run off, and goes on with it; `list` makes its plugins. */
async function brokenAt(
  where: Parameters<typeof pause>,
  list: () => Plugin[],
  options: Options = {},
): Promise<Ran & { dir: string }> {
  const dir = await Deno.makeTempDir();
  const never = pause(where[0], 0);
  const { plugin, signal } = pause(...where);
  const before = await run({
    ...{ ...options, resume: dir, signal },
    plugins: [...list(), backupAndRestore(), plugin],
  });
  assertEquals(before.history.outcome.status, "aborted");
  assert(before.lines.every((it) => !it.includes("cannot be backed up")));
  let goesOn = false;
  const after = await run({
    ...{ ...options, resume: dir },
    plugins: [...list(), backupAndRestore(), never.plugin],
    onPlan: (_planned, _control, from) => void (goesOn = from !== undefined),
  });
  assert(goesOn);
  return { ...after, dir };
}

Deno.test("weights, copies of them, the learning rate, means and files of a run that goes on are those of one that was not broken", async () => {
  const list = () => [
    csvLogger(),
    reduceLrOnPlateau({ patience: 1 }),
    earlyStopping({ patience: 3, restoreBestWeights: true }),
    swapEmaWeights({ swapOnEpoch: true }),
  ];
  const dir = await Deno.makeTempDir();
  const whole = await run({ resume: dir, plugins: list() });
  const csv = await Deno.readTextFile(`${dir}/log.csv`);
  for (
    const where of [
      ["onTrainBatchEnd", 1],
      ["onTrainBatchEnd", 8],
      ["onTestBatchEnd", 3],
      ["onEpochEnd", 2],
    ] as const
  ) {
    const broken = await brokenAt([...where], list);
    assertEquals(broken.history.history, whole.history.history, where.join());
    assertEquals(broken.history.epoch, whole.history.epoch);
    assertEquals(broken.weights, whole.weights);
    assertEquals(await Deno.readTextFile(`${broken.dir}/log.csv`), csv);
  }
});

Deno.test("the seed that a run drew is that of the run that goes on", async () => {
  const seeds: (number | undefined)[] = [];
  const watcher = () =>
    plugin("watcher", {
      needs: {},
      onTrainBatchEnd: (_batch, _logs, run) => void seeds.push(run.params.seed),
    });
  await brokenAt(["onTrainBatchEnd", 5], () => [watcher()], {
    seed: undefined,
  });
  assertEquals(seeds.length, 12);
  assertEquals(new Set(seeds).size, 1);
});

Deno.test("what a plugin's state and keeps held comes back, and nothing that they had not", async () => {
  const seen: unknown[] = [];
  const keys = new Set<string>();
  const list = () => {
    const state: Record<string, unknown> = { first: true };
    const held = { epochs: [] as number[] };
    const keeps: Keeper = {
      save: () => held.epochs,
      load: (saved) => void (held.epochs = saved as number[]),
    };
    return [plugin("notes", {
      ...{ needs: {}, state, keeps },
      onTrainBegin: () => void (state.begun = true),
      onEpochBegin(epoch) {
        delete state.first;
        delete state.begun;
        state[`epoch ${epoch}`] = NaN;
        held.epochs.push(epoch);
      },
      onTrainBatchEnd: () => void keys.add(Object.keys(state).join()),
      onTrainEnd: () => void seen.push([{ ...state }, held.epochs]),
    })];
  };
  await brokenAt(["onTrainBatchEnd", 5], list);
  const states = (...epochs: number[]) => [
    Object.fromEntries(epochs.map((it) => [`epoch ${it}`, NaN])),
    epochs,
  ];
  assertEquals(seen, [states(0, 1), states(0, 1, 2, 3)]);
  const epochs = [0, 1, 2, 3].map((it) => `epoch ${it}`);
  assertEquals(
    [...keys],
    epochs.map((_, i) => epochs.slice(0, i + 1).join()),
  );
});

Deno.test("a plugin that was switched off stays so", async () => {
  let calls = 0;
  const list = () => [plugin("fragile", {
    ...{ needs: {}, onError: "disable" },
    onTrainBatchEnd() {
      calls++;
      throw new Error("it broke");
    },
  })];
  await brokenAt(["onTrainBatchEnd", 5], list);
  assertEquals(calls, 1);
});

Deno.test("a stop that was asked for in a validation is not forgotten where the run is broken off in it", async () => {
  const list = () => [plugin("enough", {
    needs: {},
    onTestBatchEnd(batch, _logs, run) {
      if (run.epoch === 1 && batch === 0) run.stop("enough");
    },
  })];
  const { history } = await brokenAt(["onTestBatchEnd", 3], list);
  const { status, by, epoch } = history.outcome;
  assertEquals([status, by, epoch], ["stopped", "enough", 1]);
  assertEquals(history.epoch, [0, 1]);
});

Deno.test("a validation that was broken off goes on where it was", async () => {
  const seen: unknown[] = [];
  const list = () => [plugin("watcher", {
    needs: {},
    onTestBegin: (_logs, run) => void seen.push([run.epoch]),
    onTestBatchEnd: (batch, _logs, run) => void seen.push([run.epoch, batch]),
  })];
  await brokenAt(["onTestBatchEnd", 3], list);
  const whole = [0, 1, 2, 3].flatMap((it) => [[it], [it, 0], [it, 1]]);
  assertEquals(seen, whole);
});

Deno.test("a shadow goes on as it was", async () => {
  const list = () => {
    const halver = plugin("halver", {
      needs: {},
      onEpochEnd(epoch, _logs, run) {
        run.optimizer.learningRate /= 2;
        if (epoch === 2) run.stop("enough");
      },
    });
    return [shadow(halver) as unknown as Plugin];
  };
  const whole = await run({ plugins: list() });
  const broken = await brokenAt(["onTrainBatchEnd", 8], list);
  assertEquals(broken.lines.at(-1), whole.lines.at(-1));
  assert(whole.lines.at(-1)!.startsWith("shadow:halver would have"));
});

Deno.test("what only became known in the run is known to the one that goes on", async () => {
  const seen: unknown[] = [];
  const list = () => [plugin("counter", {
    needs: {},
    onTrainBatchEnd(_batch, _logs, run) {
      const { steps, validationSteps } = run.params;
      seen.push([run.step, steps, validationSteps]);
    },
  })];
  const { steps } = smallModel();
  const unknown = (...values: number[]) => ({ batches: () => values });
  const dir = await Deno.makeTempDir();
  for (const at of [5, 0]) {
    const { plugin, signal } = pause("onTrainBatchEnd", at);
    await training(steps, unknown(1, 2, 3), unknown(4, 5), {
      ...{ epochs: 3, resume: dir, signal, printer: notebook() },
      plugins: [...list(), backupAndRestore(), plugin],
    });
  }
  assertEquals(seen.slice(4, 6), [[5, 3, 2], [6, 3, 2]]);
  assertEquals(seen.length, 9);
});

/** A run that was broken off after 5 batches; gives what makes it again. */
async function begun(): Promise<
  (options: Options, more?: Parameters<typeof run>[1]) => Promise<Ran>
> {
  const dir = await Deno.makeTempDir();
  const { plugin, signal } = pause("onTrainBatchEnd", 5);
  await run({
    ...{ resume: dir, signal },
    plugins: [csvLogger(), backupAndRestore(), plugin],
  });
  const never = () => pause("onTrainBatchEnd", 0).plugin;
  return (options, more) =>
    run({
      ...{ plugins: [csvLogger(), backupAndRestore(), never()] },
      ...{ resume: dir, ...options },
    }, more);
}

async function changes(running: Promise<unknown>): Promise<string[]> {
  const { message } = await assertRejects(() => running, InputError);
  return message.split("\n").slice(1, -1);
}

Deno.test("who only looks on may be there or not", async () => {
  const again = await begun();
  const never = pause("onTrainBatchEnd", 0).plugin;
  const onlooker = { ...csvLogger({ filename: "x.csv" }), name: "new" };
  const { history } = await again({
    plugins: [
      { ...onlooker, onlooker: true },
      ...[csvLogger(), backupAndRestore(), never],
    ],
  });
  assertEquals(history.outcome.status, "completed");
});

Deno.test("other plugins are named, and so is another order, other options or other code", async () => {
  const again = await begun();
  const never = pause("onTrainBatchEnd", 0).plugin;
  const [csv, backup] = [csvLogger(), backupAndRestore()];
  assertEquals(
    await changes(again({ plugins: [backup, never, { ...csv, name: "new" }] })),
    [
      '- plugin "csv-logger" is not there any more',
      '- plugin "new" was not there',
    ],
  );
  assertEquals(await changes(again({ plugins: [backup, never, csv] })), [
    "- the plugins were in the order csv-logger, pause, and are in the order pause, csv-logger",
  ]);
  const file = "plugins/a.ts";
  const made = {
    ...{ plugin: csv, file, options: { separator: ";" } },
    source: { version: "1.2.3", sha256: "0123456789abcdef" },
  };
  assertEquals(await changes(again({ plugins: [made, backup, never] })), [
    '- plugin "csv-logger" was made of none, and is of 1.2.3, 01234567',
    '- option "separator" of plugin "csv-logger": it was none, and is ";"',
  ]);
});

Deno.test("options and code are told as they were, and as they are", async () => {
  const dir = await Deno.makeTempDir();
  const list = (options?: Record<string, unknown>, sha256?: string) => [
    {
      ...{ plugin: csvLogger(), file: "a.ts", options },
      source: sha256 ? { sha256 } : undefined,
    },
    backupAndRestore(),
  ];
  const twice = (x: number) => 2 * x;
  const { plugin, signal } = pause("onTrainBatchEnd", 5);
  await run({
    ...{ resume: dir, signal },
    plugins: [
      ...list({ a: Infinity, f: twice }, "0123456789abcdef"),
      plugin,
    ],
  });
  const never = pause("onTrainBatchEnd", 0).plugin;
  assertEquals(
    await changes(run({ resume: dir, plugins: [...list(), never] })),
    [
      '- plugin "csv-logger" was made of 01234567, and is of none',
      '- option "a" of plugin "csv-logger": it was "Infinity", and is none',
      '- option "f" of plugin "csv-logger": it was "(x)=>2 * x", and is none',
    ],
  );
});

Deno.test("other data, another model and another seed are named before anything is done", async () => {
  const again = await begun();
  const { steps } = smallModel();
  assertEquals(
    await changes(again({ seed: 8 }, { extra: { metrics: ["x"] } })),
    [
      "- log keys: it was loss, val_loss, and is x, val_x",
      "- seed: it was 7, and is 8",
    ],
  );
  assertEquals(
    await changes(again({}, {
      data: { samples: 30, batchSize: 10, about: () => "digits" },
    })),
    [
      "- batch size: it was none, and is 10",
      "- number of training samples: it was none, and is 30",
      "- training data: it was none, and is digits",
    ],
  );
  let hooks = 0;
  const late = { ...csvLogger(), onTrainBegin: () => void hooks++ };
  const never = pause("onTrainBatchEnd", 0).plugin;
  const error = await assertRejects(
    () =>
      again({ plugins: [late, backupAndRestore(), never] }, {
        extra: {
          weights: {
            ...steps.weights!,
            read() {
              throw new InputError(
                "Cannot take them: they are of another model",
              );
            },
          },
        },
      }),
    InputError,
  );
  assertEquals(error.message, "Cannot take them: they are of another model");
  assertEquals(hooks, 0);
  const { history } = await again({});
  assertEquals(history.epoch, [0, 1, 2, 3]);
});

Deno.test("what is not the same may be taken all the same: what is still there goes on as it was", async () => {
  const again = await begun();
  const { history, lines } = await again(
    { seed: 8, resumeAnyway: true, plugins: [] },
  );
  assertEquals(history.epoch, [0, 1, 2, 3]);
  assertEquals(lines, []);
});

Deno.test("steps that do not take back what they kept end the run; where all is taken, they are told, and it goes on", async () => {
  const dir = await Deno.makeTempDir();
  const keeps = (error?: Error): Keeper => ({
    save: () => 1,
    load() {
      if (error) throw error;
    },
  });
  const { plugin, signal } = pause("onTrainBatchEnd", 5);
  const again = (error: Error, more: Options = {}) =>
    run({
      ...{ resume: dir, ...more },
      plugins: [backupAndRestore(), pause("onTrainBatchEnd", 0).plugin],
    }, { extra: { keeps: keeps(error) } });
  await run(
    { resume: dir, signal, plugins: [backupAndRestore(), plugin] },
    { extra: { keeps: keeps() } },
  );
  const anyway = { resumeAnyway: true };
  const mistake = new InputError("Cannot take it: it is of another run");
  await assertRejects(() => again(mistake), InputError, mistake.message);
  const fault = new Error("a fault");
  await assertRejects(() => again(fault, anyway), Error, fault.message);
  const { lines } = await again(mistake, anyway);
  assertEquals(lines, [
    "Warning: Cannot take it: it is of another run; the run goes on without it",
  ]);
});

Deno.test("a run that is only planned reads no backup, and neither does an evaluation", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.mkdir(`${dir}/backup`);
  await Deno.writeTextFile(`${dir}/backup/000001.backup`, "damaged");
  const { history } = await run({ resume: dir, dryRun: true });
  assertEquals(history.outcome.status, "aborted");
  const options = { resumeFrom: () => dir, printer: notebook() };
  const { steps } = smallModel();
  assertEquals(await testLoop(steps, batches(3), options), { loss: 3 });
  await assertRejects(() => run({ resumeFrom: () => dir }), InputError);
});

Deno.test("weights that cannot be read back, or were not there, are passed over where steps keep what they need", async () => {
  const keeps: Keeper = { save: () => 1, load() {} };
  const { steps: { weights } } = smallModel();
  const { read: _read, ...unread } = weights!;
  for (
    const [before, after] of [
      [weights, undefined],
      [weights, unread],
      [undefined, weights],
    ]
  ) {
    const dir = await Deno.makeTempDir();
    const { plugin, signal } = pause("onTrainBatchEnd", 5);
    await run(
      { resume: dir, signal, plugins: [backupAndRestore(), plugin] },
      { extra: { weights: before, keeps } },
    );
    const { history } = await run(
      { resume: dir, resumeAnyway: true, plugins: [] },
      { extra: { weights: after, keeps, optimizer: undefined } },
    );
    assertEquals(history.epoch, [0, 1, 2, 3]);
  }
});

Deno.test("who follows the run is told from where it goes on", async () => {
  const again = await begun();
  let told: unknown;
  const { history } = await again({
    onPlan(_planned, _control, from) {
      const { path, ...rest } = from!;
      told = [path.slice(path.indexOf("/backup/")), rest];
    },
  });
  assertEquals(told, [
    "/backup/000002.backup",
    { epoch: 1, batch: 2, changes: [] },
  ]);
  assertEquals(history.epoch, [0, 1, 2, 3]);
});

Deno.test("a run of the test kit goes on from a backup in memory", async () => {
  const counter = () => {
    const state = { calls: 0 };
    return plugin("counter", {
      state,
      onEpochEnd: (_epoch, _logs, run) => {
        state.calls++;
        run.optimizer.learningRate /= 2;
        if (state.calls === 2) run.stop("enough");
      },
    });
  };
  const first = fakeRun(counter(), { weights: [1] });
  await first.fire("onTrainBegin");
  first.weights[0] = 5;
  await first.fire("onEpochEnd", 0, {});
  const backup = await first.backUp();
  const second = fakeRun(counter(), { weights: [1], backup });
  await second.fire("onTrainBegin");
  assertEquals(second.weights, [5]);
  await second.fire("onEpochEnd", 1, {});
  assertEquals(second.stops, ["enough"]);
  assertEquals(second.run.optimizer.learningRate, 0.0025);
  assertEquals([...second.snapshots], []);
});

Deno.test("the copies of the weights are those of the backup, however many were taken meanwhile", async () => {
  const copier = () =>
    plugin("copier", {
      requires: ["weights"],
      onTrainBegin(_logs, run) {
        run.weights.snapshot("start");
        run.weights.snapshot("other");
      },
      onEpochEnd(_epoch, _logs, run) {
        run.weights.release("other");
        run.weights.snapshot("best", { keep: true });
      },
    });
  const first = fakeRun(copier(), { weights: [1] });
  await first.fire("onTrainBegin");
  first.weights[0] = 5;
  await first.fire("onEpochEnd", 0, {});
  const backup = await first.backUp();
  const again = copier();
  const second = fakeRun(again, { weights: [9], backup });
  await second.fire("onTrainBegin");
  assertEquals(second.snapshots.size, 2);
  assertEquals(second.run.weights.has("other"), false);
  second.run.weights.restore("start");
  assertEquals(second.weights, [1]);
  await second.fire("onTrainEnd");
  assertEquals(second.snapshots.size, 1);
  const third = fakeRun(again, { weights: [0] });
  third.run.weights.restore("best");
  assertEquals(third.weights, [5]);
});

Deno.test("weights of a run with another optimizer are taken alone, where all is taken: that is said once", async () => {
  const again = await begun();
  const { steps: { weights } } = smallModel();
  const asked: unknown[] = [];
  const choosy: WeightStore = {
    ...weights!,
    read(saved, options) {
      asked.push(options);
      if (options?.optimizer === false) return weights!.read!(saved);
      throw new InputError("Cannot take them: they have another optimizer's");
    },
  };
  const extra = { weights: choosy };
  await assertRejects(() => again({}, { extra }), InputError, "another");
  assertEquals(asked, [undefined]);
  const { history, lines } = await again({ resumeAnyway: true }, { extra });
  assertEquals(history.epoch, [0, 1, 2, 3]);
  assertEquals(lines, [
    "Warning: Cannot take them: they have another optimizer's\nThe run goes on with the weights alone",
  ]);
  const broken = await begun();
  const read = () => {
    throw new Error("a fault");
  };
  await assertRejects(
    () =>
      broken({ resumeAnyway: true }, {
        extra: { weights: { ...weights!, read } },
      }),
    Error,
    "a fault",
  );
});

Deno.test("a plugin that does not take back what it kept is named", async () => {
  const list = () => {
    const keeps: Keeper = {
      save: () => 1,
      load() {
        throw new Error("it is of another version");
      },
    };
    return [plugin("keeper", { keeps, onTrainEnd() {} })];
  };
  await assertRejects(
    () => brokenAt(["onTrainBatchEnd", 5], list),
    PluginError,
    'Plugin "keeper" failed in onTrainBegin: what it had kept cannot be loaded: it is of another version',
  );
});
