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
import { folder } from "../_command.ts";

const emptyFolder = () => folder();

function names(list: PluginList): string[] {
  return list.map((item) =>
    (item as FilePlugin).plugin?.name ?? (item as { name: string }).name
  );
}

Deno.test("every built-in loads by its name", async () => {
  const { find } = await catalogue(await emptyFolder());
  for (const name of Object.keys(BUILTINS)) {
    const { file, create } = await find(name);
    assertEquals(create().name, name);
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
    progress: {},
  });
  assertEquals(names(merge([{ name: "own", onEpochEnd() {} }])), [
    "learning-rate-scheduler",
    "own",
    "csv-logger",
    "early-stopping",
    "terminate-on-nan",
    "progress",
  ]);
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

Deno.test("broken files in the folder are reported all at once", async () => {
  const dir = await folder({ "a.ts": "", "b.ts": "export default 3;" });
  const error = await assertRejects(
    async () => await choosePlugins(await catalogue(dir), {}),
    SetupError,
  );
  assertEquals(error.problems.length, 2);
});
