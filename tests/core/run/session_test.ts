import { assertEquals, assertRejects } from "@std/assert";
import { PluginError } from "../../../core/errors.ts";
import {
  callbackList,
  predictLoop,
  type RunControl,
  testLoop,
} from "../../../core/loop/mod.ts";
import type { Plugin } from "../../../core/plugin.ts";
import { batches, notebook, plugin, scripted, training } from "../_scripted.ts";
import { runFiles } from "../../../core/run/files/run_files.ts";
import { fakeResources } from "../../../core/run/fake_resources.ts";

/** Trains with a plugin that replaces the plugins in the first epoch. */
function replacing(before: Plugin[], after: Plugin[], printer = notebook()) {
  let control: RunControl | undefined;
  const switcher = plugin("switcher", {
    onEpochBegin(epoch) {
      if (epoch === 0) control!.replacePlugins(after);
    },
  });
  return training(scripted(), batches(1, 3), batches(5), {
    ...{ epochs: 4, validationFreq: 2, printer },
    plugins: [...before, switcher],
    onPlan: (_planned, it) => void (control = it),
  });
}

Deno.test("whoever leaves gets the logs of the last epoch, whoever comes gets none", async () => {
  const seen: [string, unknown][] = [];
  const note = (name: string) =>
    plugin(name, {
      onTrainBegin: (logs) => void seen.push([`${name} begins`, logs]),
      onTrainEnd: (logs) => void seen.push([`${name} ends`, logs]),
    });
  await replacing([note("leaves")], [note("comes")]);
  assertEquals(seen, [
    ["leaves begins", {}],
    ["leaves ends", { loss: 2 }],
    ["comes begins", {}],
    ["comes ends", { loss: 2, val_loss: 5 }],
  ]);
});

Deno.test("plugins that are replaced before the first epoch leave without logs", async () => {
  const seen: unknown[] = [];
  const list = callbackList({
    printer: notebook(),
    plugins: [plugin("p", { onTrainEnd: (logs) => void seen.push(logs) })],
  });
  list.replacePlugins([]);
  for await (const _epoch of list.epochs(1));
  assertEquals(seen, [{}]);
});

Deno.test("a plugin that throws as it leaves fails the run", async () => {
  const bad = plugin("bad", {
    onTrainEnd() {
      throw new Error("no");
    },
  });
  const error = await assertRejects(() => replacing([bad], []), PluginError);
  assertEquals(error.place.plugin, "bad");
});

Deno.test("the warnings of plugins that come are printed, once", async () => {
  const printer = notebook();
  const needy = plugin("needy", {
    needs: { onEpochEnd: ["val_loss"] },
    onEpochEnd() {},
  });
  await replacing([], [needy], printer);
  assertEquals(printer.lines, [
    'Warning: Plugin "needy" needs log key "val_loss" in onEpochEnd, which is there in some epochs only: validation runs every 2 epochs',
  ]);
});

Deno.test("a plugin that comes begins with a fresh state, one that stays goes on", async () => {
  const counter = (name: string) => {
    const state = { count: 0 };
    return plugin(name, { state, onEpochEnd: () => void state.count++ });
  };
  const [stays, comes] = [counter("stays"), counter("comes")];
  await training(scripted(), batches(1), undefined, { plugins: [comes] });
  assertEquals(comes.state, { count: 1 });
  await replacing([stays], [stays, comes]);
  assertEquals(stays.state, { count: 4 });
  assertEquals(comes.state, { count: 3 });
});

Deno.test("a validation ends nothing of the run around it", async () => {
  const seen: unknown[] = [];
  const { weights } = fakeResources({}, [0], new Set());
  const keeper = plugin("keeper", {
    onTrainBegin: (_l, run) => run.weights.snapshot("start"),
    onTestEnd: (_l, run) => void seen.push(run.outcome),
    onEpochEnd: (_e, _l, run) => void seen.push(run.weights.has("start")),
  });
  await training(scripted({ weights }), batches(1), batches(2), {
    plugins: [keeper],
  });
  assertEquals(seen, [undefined, true]);
});

Deno.test("an end hook that alone fails is thrown, not warned of", async () => {
  const printer = notebook();
  const bad = plugin("bad", {
    onTrainEnd() {
      throw new Error("no");
    },
  });
  await assertRejects(
    () =>
      training(scripted(), batches(1), undefined, { printer, plugins: [bad] }),
    PluginError,
  );
  assertEquals(printer.lines, []);
});

Deno.test("params say which keys the last logs of the run have", async () => {
  const seen: unknown[] = [];
  const looker = plugin("p", {
    onTrainEnd: (_l, { params }) => void seen.push(params.metrics),
    onTestBegin: (_l, { params }) => void seen.push(params.metrics),
    onPredictEnd: (_l, { params }) => void seen.push(params.metrics),
  });
  const options = { printer: notebook(), plugins: [looker] };
  await testLoop(scripted(), batches(1), options);
  await predictLoop(scripted(), batches(1), () => {}, options);
  await training({ ...scripted(), metrics: undefined }, batches(1), undefined, {
    plugins: [looker],
  });
  assertEquals(seen, [["loss"], [], []]);
});

Deno.test("a run that has not begun is before its first hook", () => {
  const list = callbackList({ printer: notebook() });
  list.stop("no time");
  assertEquals(list.history.outcome, {
    ...{ status: "stopped", by: "the loop", hook: "onTrainBegin", epoch: 0 },
    reason: "no time",
  });
});

Deno.test("plugins get the files and the clock that the run was given", async () => {
  const seen: unknown[] = [];
  const { read, write, open, remove } = runFiles(".");
  const files = { read, write, open, remove };
  await training(scripted(), batches(1), undefined, {
    ...{ files, now: () => 7 },
    plugins: [plugin("p", {
      onTrainEnd: (_l, run) => void seen.push(run.files === files, run.now()),
    })],
  });
  assertEquals(seen, [true, 7]);
});

Deno.test("who follows the run is told how it ended: by an end hook that failed, or what failed before it", async () => {
  const bad = (hook: "onTrainEnd" | "onEpochEnd") =>
    plugin(`bad in ${hook}`, {
      [hook]() {
        throw new Error("no");
      },
    });
  const cases = [
    [[bad("onTrainEnd")], "bad in onTrainEnd"],
    [[bad("onTrainEnd"), bad("onEpochEnd")], "bad in onEpochEnd"],
  ] as const;
  for (const [plugins, by] of cases) {
    const seen: unknown[] = [];
    await assertRejects(() =>
      training(scripted(), batches(1), undefined, {
        plugins,
        onPlan: () => ({
          end: ({ history }) => {
            const { status, by, reason } = history().outcome;
            seen.push({ status, by, reason });
          },
        }),
      })
    );
    assertEquals(seen.length, 1);
    assertEquals(seen, [{
      status: "failed",
      by,
      reason: `Plugin "${by}" failed in ${
        by.slice("bad in ".length)
      } at epoch 0: no`,
    }]);
  }
});

Deno.test("tests before and after the training of a hand-written loop do not end the run", async () => {
  let ends = 0;
  const list = callbackList(
    {
      printer: notebook(),
      onPlan: () => ({ end: () => void ends++ }),
    } as Parameters<typeof callbackList>[0],
  );
  list.onTestBegin();
  list.onTestEnd({ loss: 1 });
  assertEquals(ends, 0);
  for await (const _epoch of list.epochs(1));
  assertEquals(ends, 1);
});

Deno.test("the best epoch goes by the plugins that came last", async () => {
  const highest = plugin("highest", {
    monitor: { key: "loss", direction: "max" },
    onEpochEnd() {},
  });
  const steps = scripted();
  let epoch = 0;
  const rising = { ...steps, train: () => steps.train(epoch) };
  const counter = plugin("counter", {
    onEpochBegin: (index) => void (epoch = index),
  });
  let control: RunControl | undefined;
  const { best } = await training(rising, batches(0), undefined, {
    epochs: 3,
    onPlan: (_planned, it) => void (control = it),
    plugins: [plugin("switcher", {
      onEpochBegin(index) {
        epoch = index;
        if (index === 0) control!.replacePlugins([highest, counter]);
      },
    })],
  });
  assertEquals([best?.epoch, best?.value], [2, 2]);
});

Deno.test("who follows the run names its folder, unless the options do", async () => {
  const dirOf = async (options: { dir?: string }) => {
    const { dir } = await training(scripted(), batches(1), undefined, {
      onPlan: () => ({ dir: "runs/1" }),
      ...options,
    });
    return dir;
  };
  assertEquals(await dirOf({}), "runs/1");
  assertEquals(await dirOf({ dir: "mine" }), "mine");
});
