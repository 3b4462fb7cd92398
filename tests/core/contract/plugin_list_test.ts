import { assertEquals, assertRejects } from "@std/assert";
import {
  type PluginList,
  readPluginList,
} from "../../../core/contract/plugin_list.ts";
import { InputError, SetupError } from "../../../core/errors.ts";
import { batches, plugin, scripted, training } from "../_scripted.ts";

function run(plugins: PluginList, extra = {}) {
  return training(scripted(extra), batches(1, 3), undefined, {
    plugins,
    epochs: 2,
  });
}

async function problemsOf(item: unknown): Promise<readonly string[]> {
  const error = await assertRejects(() => run([item as never]), SetupError);
  return error.problems;
}

Deno.test("falsy entries are left out and lists may nest", async () => {
  const seen: string[] = [];
  const note = (name: string) =>
    plugin(name, { onTrainBegin: () => void seen.push(name) });
  await run([
    false,
    note("a"),
    [undefined, [note("b")], null],
    0,
    "",
    note("c"),
  ]);
  assertEquals(seen, ["a", "b", "c"]);
});

Deno.test("a bare object of hooks is a plugin, and what it returns is no matter", async () => {
  const seen: number[] = [];
  const { history } = await run([{
    onEpochEnd: (_epoch, logs) => seen.push(logs.loss!) as never,
  }]);
  assertEquals(seen, [2, 2]);
  assertEquals(history.loss, [2, 2]);
});

Deno.test("a tf.js callback object has its own names for the batch hooks", async () => {
  const seen: string[] = [];
  await run([{
    onBatchBegin: (batch: number) => seen.push(`begin ${batch}`),
    onBatchEnd: (batch: number) => seen.push(`end ${batch}`),
  }]);
  assertEquals(seen.slice(0, 4), ["begin 0", "end 0", "begin 1", "end 1"]);
});

Deno.test("hooks of an object keep their this", async () => {
  class Counter {
    count = 0;
    onTrainBatchEnd() {
      this.count++;
    }
  }
  const counter = new Counter();
  await run([counter]);
  assertEquals(counter.count, 4);
});

Deno.test("a callback gets the parameters and the model before training, and may stop it by the model's flag", async () => {
  class Stopper {
    seen: unknown[] = [];
    model: { stopTraining?: boolean } = {};
    setParams(params: unknown) {
      this.seen.push((params as { epochs: number }).epochs);
    }
    setModel(model: unknown) {
      this.model = model as { stopTraining?: boolean };
      this.seen.push("model");
    }
    onTrainBegin() {
      this.seen.push("begin");
    }
    onEpochEnd() {
      this.model.stopTraining = true;
    }
  }
  const stopper = new Stopper();
  const model = { stopTraining: false };
  const history = await run([stopper], { model });
  assertEquals(stopper.seen, [2, "model", "begin"]);
  assertEquals(history.epoch, [0]);
  assertEquals(history.outcome.reason, "model.stopTraining was set");
  assertEquals(model.stopTraining, false);
});

Deno.test("what is no plugin is refused with what was expected", async () => {
  function early() {}
  assertEquals(await problemsOf(early), [
    "Plugin 1 of the list is a function: call it (early()) and list what it returns",
  ]);
  assertEquals(await problemsOf(7), [
    "Plugin 1 of the list is a number: expected an object with hooks",
  ]);
  assertEquals(await problemsOf({ name: "x", onEpochEnded() {} }), [
    'Plugin "x" has an unknown hook "onEpochEnded", did you mean "onEpochEnd"?',
  ]);
  assertEquals(await problemsOf({ name: "x", onEpochEnd: 3 }), [
    'Plugin "x" has a hook "onEpochEnd" that is a number: expected a function',
  ]);
  assertEquals(
    (await problemsOf({ name: "x" }))[0]!.slice(0, 52),
    'Plugin "x" has no hook: expected at least one of onT',
  );
  assertEquals(await problemsOf({ name: 3, onEpochEnd() {} }), [
    'Plugin 1 of the list has a name that is 3: expected a string such as "my-plugin"',
  ]);
});

Deno.test("plugins without a name are called by their place, and are bare", () => {
  const { entries } = readPluginList([
    plugin("a", { onEpochEnd() {} }),
    false,
    { onEpochEnd() {} },
  ]);
  assertEquals(entries.map(({ name, bare }) => [name, bare]), [
    ["a", false],
    ["callback-2", true],
  ]);
});

Deno.test("what is known of a plugin stays with it: its file and its options", () => {
  const p = plugin("p", { onEpochEnd() {} });
  const file = "plugins/p.ts";
  const options = { patience: 3 };
  const { entries } = readPluginList([{ plugin: p, file, options }]);
  assertEquals(entries.map((it) => [it.file, it.options]), [[file, options]]);
});

Deno.test("what is no list is refused with an example", async () => {
  for (const [list, kind] of [[{}, "an object"], ["p.ts", "a string"]]) {
    const error = await assertRejects(() => run(list as never), InputError);
    assertEquals(
      error.message,
      `Cannot use the plugins: 'plugins' is ${kind}; expected a list such as [earlyStopping({ patience: 3 })]`,
    );
  }
});

Deno.test("what is refused is told by its name if it has one, else by its place", () => {
  const { problems } = readPluginList([
    { name: "", onEpochEnd() {} },
    { plugin: 7 as never, file: "a.ts" },
    null,
    true as never,
  ]);
  assertEquals(problems, [
    'Plugin 1 of the list has a name that is "": expected a string such as "my-plugin"',
    "Plugin 2 of the list is a number: expected an object with hooks   (a.ts)",
    "Plugin 3 of the list is a boolean: expected an object with hooks",
  ]);
});

Deno.test("a bare object may return an object of its own", async () => {
  const { history } = await run([{ onEpochEnd: () => ({ mine: 1 }) }]);
  assertEquals(Object.keys(history), ["loss"]);
});

Deno.test("a callback with one of setModel and setParams is told, with or without a hook for the beginning", async () => {
  const seen: unknown[] = [];
  const history = await run([
    {
      setParams: (params: unknown) =>
        void seen.push((params as { epochs: number }).epochs),
      onEpochEnd: () => void seen.push("end"),
    },
    {
      setModel: (model: unknown) => void seen.push(model),
      onTrainBegin: () => void seen.push("begin"),
    },
  ], { model: "model" });
  assertEquals(seen, [2, "model", "begin", "end", "end"]);
  assertEquals(history.outcome, { status: "completed" });
});

Deno.test("a callback that wants a model does without where there is none", async () => {
  const seen: unknown[] = [];
  const history = await run([{
    setModel: (model: unknown) => void seen.push(model),
    onEpochEnd() {},
  }]);
  assertEquals(seen, [undefined]);
  assertEquals(history.epoch, [0, 1]);
});
