import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { BUILTINS } from "../../../../core/cli/experiment/builtins.ts";
import {
  catalogue,
  choosePlugins,
} from "../../../../core/cli/experiment/choose_plugins.ts";
import type {
  FilePlugin,
  PluginList,
} from "../../../../core/contract/plugin_list.ts";
import {
  InputError,
  PluginError,
  SetupError,
} from "../../../../core/errors.ts";
import { DEFAULT_PLUGINS } from "../../../../core/cli/experiment/default_plugins.ts";
import type { PlannedRun } from "../../../../core/loop/mod.ts";
import csvLogger from "../../../../plugins/csv_logger.ts";
import { batches, scripted, training } from "../../_scripted.ts";
import { folder } from "../_command.ts";

const emptyFolder = () => folder();

function names(list: PluginList): string[] {
  return list.map((item) =>
    (item as FilePlugin).plugin?.name ?? (item as { name: string }).name
  );
}

/** How a run with these plugins is planned; nothing runs. */
async function planned(plugins: PluginList): Promise<PlannedRun> {
  let plan: PlannedRun | undefined;
  await training(
    scripted({ save: () => Promise.resolve() }),
    batches(1),
    batches(1),
    { plugins, dryRun: true, onPlan: (planned) => void (plan = planned) },
  );
  return plan!;
}

Deno.test("every built-in loads by its name", async () => {
  const { find } = await catalogue(await emptyFolder());
  for (const name of Object.keys(BUILTINS)) {
    const { file, create } = await find(name);
    // One of them has no default that would make sense.
    const plugin = create(name === "time-limit" ? { hours: 1 } : {});
    assertEquals(plugin.name, name);
    assertEquals(file, "built in");
  }
});

Deno.test("--use replaces by name; providers go before the experiment's plugins, others after them", async () => {
  const merge = await choosePlugins(await catalogue(await emptyFolder()), {
    named: ["csv-logger", ["early-stopping", { patience: 1 }]],
    use: [
      "early-stopping:patience=9",
      "learning-rate-scheduler",
      "terminate-on-nan",
    ],
    defaults: DEFAULT_PLUGINS,
  });
  assertEquals(names(merge([{ name: "own", onEpochEnd() {} }])), [
    "learning-rate-scheduler",
    "own",
    "csv-logger",
    "early-stopping",
    "terminate-on-nan",
    // The defaults give way to others of their names when the run is planned.
    "csv-logger",
    "model-checkpoint",
    "model-checkpoint",
    "backup-and-restore",
    "progress",
  ]);
});

Deno.test("--use of a default stands where it would, and the default gives way", async () => {
  const merge = await choosePlugins(await catalogue(await emptyFolder()), {
    use: ["csv-logger:filename=x.csv", "model-checkpoint:name=last"],
    defaults: ["csv-logger", "model-checkpoint"],
  });
  const { entries } = await planned(merge());
  assertEquals(
    entries.map(({ name, ifPossible }) => [name, ifPossible]),
    [["csv-logger", false], ["last", false], ["model-checkpoint", true]],
  );
});

Deno.test("what a plugin in the folder provides reaches the default CSV and the experiment's", async () => {
  const dir = await folder({
    "z_gap.ts":
      'export default { name: "gap", provides: { onEpochEnd: ["gap"] }, onEpochEnd: () => ({ gap: 1 }) };',
  });
  const merge = await choosePlugins(await catalogue(dir), {
    defaults: ["csv-logger"],
  });
  for (const list of [merge(), merge([csvLogger({ name: "own" })])]) {
    const { plan } = await planned(list);
    const { calls } = plan.hooks.onEpochEnd!;
    assertEquals(plan.warnings, []);
    assertEquals(calls.slice(1).every(({ sees }) => sees.has("gap")), true);
  }
});

Deno.test("two of one name are refused, unless one gets another", async () => {
  const empty = await catalogue(await emptyFolder());
  const error = await assertRejects(
    () =>
      choosePlugins(empty, {
        use: ["model-checkpoint:filepath=a", "model-checkpoint:filepath=b"],
      }),
    InputError,
  );
  assertEquals(
    error.message,
    'Cannot use two plugins by the name "model-checkpoint": give one another, such as --use model-checkpoint:name=model-checkpoint-2',
  );
  const merge = await choosePlugins(empty, {
    named: [["model-checkpoint", { name: "mine" }]],
    use: ["model-checkpoint:name=last", "model-checkpoint:name=best"],
  });
  assertEquals(names(merge()), ["mine", "last", "best"]);
});

Deno.test("a name is advised only where a plugin takes one", async () => {
  const dir = await folder({
    "shout.ts": 'export default { name: "shout", onTrainEnd() {} };',
  });
  const error = await assertRejects(
    async () =>
      choosePlugins(await catalogue(dir), { use: ["shout", "shout"] }),
    InputError,
  );
  assertEquals(
    error.message,
    'Cannot use two plugins by the name "shout": leave one out, as it has no option "name"',
  );
});

Deno.test("a plugin in the folder takes precedence over a built-in of the same name", async () => {
  const dir = await folder({
    "csv_logger.ts":
      'export default () => ({ name: "csv-logger", onTrainEnd() {} });',
  });
  const { find, names } = await catalogue(dir);
  assertEquals((await find("csv-logger")).file, `${dir}/csv_logger.ts`);
  assertEquals(names.filter((name) => name === "csv-logger").length, 1);
});

Deno.test("a plugin that is on runs unless it is left out", async () => {
  const dir = await folder({
    "shout.ts": 'export default { name: "shout", onTrainEnd() {} };',
  });
  const all = await choosePlugins(await catalogue(dir), {});
  assertEquals(names(all()), ["shout"]);
  const none = await choosePlugins(await catalogue(dir), {
    without: ["shout"],
  });
  assertEquals(names(none()), []);
  const misspelt = await choosePlugins(await catalogue(dir), {
    without: ["shuot"],
  });
  assertEquals(
    assertThrows(() => misspelt(), InputError).message,
    'Cannot leave out "shuot": there is no such plugin, did you mean "shout"?',
  );
  const strange = await choosePlugins(await catalogue(dir), {
    without: ["zzzzzzzz"],
  });
  const { message } = assertThrows(() => strange(), InputError);
  assertEquals(message.split("shout").length, 2, `told once: ${message}`);
});

Deno.test("options are read by the types of the defaults, in text and in code", async () => {
  const empty = await catalogue(await emptyFolder());
  for (
    const [named, problem] of [
      ["early-stopping:patience=soon", 'current value is "soon"'],
      [["early-stopping", { patience: "soon" }], 'current value is "soon"'],
      ["early-stopping:patiance=1", 'did you mean "patience"?'],
      [["early-stopping", { patiance: 1 }], 'did you mean "patience"?'],
    ] as const
  ) {
    await assertRejects(
      () => choosePlugins(empty, { named: [named] }),
      InputError,
      problem,
    );
  }
});

Deno.test("an option that a factory rejects is the user's mistake, a bug in a factory is the plugin's", async () => {
  const dir = await folder({
    "picky.ts": `import { OptionError } from "${
      import.meta.resolve("../../../../core/plugin.ts")
    }";
export default () => { throw new OptionError("Cannot create picky"); };`,
    "buggy.ts": "export default () => { undefined.x; };",
  });
  const found = await catalogue(dir);
  const mistake = await assertRejects(
    () => choosePlugins(found, { use: ["picky"] }),
    InputError,
  );
  assertEquals(mistake.message, `Cannot create picky   (${dir}/picky.ts)`);
  const bug = await assertRejects(
    () => choosePlugins(found, { use: ["buggy"] }),
    PluginError,
  );
  assertEquals(bug.place, {
    plugin: "buggy",
    file: `${dir}/buggy.ts`,
  });
});

Deno.test("a broken file is left out by its path, its file name or its plugin's name, and not loaded", async () => {
  const dir = await folder({
    "on.ts": 'export default { name: "on", onTrainEnd() {} };',
    "so_bad.ts": "export default 3; globalThis.loaded = true;",
  });
  const error = await assertRejects(
    async () => await choosePlugins(await catalogue(dir), {}),
    SetupError,
    `\nTo go on without it: --without ${dir}/so_bad.ts`,
  );
  assertEquals(error.problems.length, 1);
  Reflect.deleteProperty(globalThis, "loaded");
  const copy = await folder({ "so_bad.ts": "globalThis.loaded = true;" });
  for (const word of [`${copy}/so_bad.ts`, "so_bad.ts", "so-bad"]) {
    const without = [word];
    const found = await catalogue(copy, without);
    assertEquals(names((await choosePlugins(found, { without }))()), []);
  }
  assertEquals("loaded" in globalThis, false);
});

Deno.test("of two files with one plugin name, either can be left out", async () => {
  const text = 'export default { name: "shout", onTrainEnd() {} };';
  const dir = await folder({ "a.ts": text, "b.ts": text });
  for (const word of ["a.ts", "b.ts"]) {
    const without = [word];
    const found = await catalogue(dir, without);
    assertEquals(names((await choosePlugins(found, { without }))()), ["shout"]);
  }
});

Deno.test("a plugin that an experiment names and --without leaves out is not made", async () => {
  const dir = await folder({ "csv_logger.ts": "export default 3;" });
  const without = ["csv-logger"];
  const merge = await choosePlugins(await catalogue(dir, without), {
    named: ["csv-logger", ["csv-logger", { name: "second" }]],
    without,
  });
  assertEquals(names(merge()), ["second"]);
});

Deno.test("broken files in the folder are reported all at once", async () => {
  const dir = await folder({ "a.ts": "", "b.ts": "export default 3;" });
  const error = await assertRejects(
    async () => await choosePlugins(await catalogue(dir), {}),
    SetupError,
  );
  assertEquals(error.problems.length, 2);
});

Deno.test("an option that is undefined is left out; names are text, whatever an experiment gives", async () => {
  const found = await catalogue(await emptyFolder());
  const merge = await choosePlugins(found, {
    named: [["model-checkpoint", { filepath: undefined, name: undefined }]],
  });
  assertEquals(names(merge()), ["model-checkpoint"]);
  for (const name of [Object.create(null), Symbol("s"), 5]) {
    await assertRejects(
      () => choosePlugins(found, { named: [["csv-logger", { name }]] }),
      InputError,
    );
  }
});
