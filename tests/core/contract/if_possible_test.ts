import { assertEquals, assertRejects } from "@std/assert";
import type { PluginList } from "../../../core/contract/plugin_list.ts";
import { SetupError } from "../../../core/errors.ts";
import { callbackList, type PlannedRun } from "../../../core/loop/mod.ts";
import type { LogRecord, Plugin } from "../../../core/plugin.ts";
import { batches, notebook, plugin, scripted, training } from "../_scripted.ts";

/** A plugin that is left out where the run has no room for it. */
function optional(plugin: Plugin) {
  return { plugin, file: `plugins/${plugin.name}.ts`, ifPossible: true };
}

/** Keeps the best epoch by a key. */
function keeper(key: string, name = "keeper"): Plugin {
  return plugin(name, {
    needs: { onEpochEnd: [{ key, direction: true }] },
    onEpochEnd(_epoch, _logs, run) {
      run.print(`${name} by ${key}`);
    },
  });
}

/** What a run with these plugins printed, and its plugins. */
async function ran(
  plugins: PluginList,
  { validation = false, validationFreq = 1 } = {},
): Promise<{ lines: string[]; names: string[] }> {
  const printer = notebook();
  let planned: PlannedRun | undefined;
  await training(
    scripted(),
    batches(1),
    validation ? batches(1) : undefined,
    {
      printer,
      plugins,
      epochs: 2,
      validationFreq,
      onPlan: (plan) => void (planned = plan),
    },
  );
  const names = planned!.entries.map(({ name }) => name);
  return { lines: printer.lines, names };
}

Deno.test("a plugin that runs if possible is left out where its key cannot be, with one line that says why", async () => {
  assertEquals(await ran([optional(keeper("val_loss"))]), {
    lines: [
      'Left out: Plugin "keeper" needs log key "val_loss" in onEpochEnd: available are "loss"',
    ],
    names: [],
  });
});

Deno.test("so it is where the run does not offer what it requires", async () => {
  const saver = plugin("saver", { requires: ["save"], onEpochEnd() {} });
  assertEquals((await ran([optional(saver)])).lines, [
    'Left out: Plugin "saver" requires saving, which this run does not offer: pass `save`',
  ]);
});

Deno.test("of several with one name the first that can run does, without a word on the others", async () => {
  const either = [optional(keeper("val_loss")), optional(keeper("loss"))];
  assertEquals(await ran(either), {
    lines: ["keeper by loss", "keeper by loss"],
    names: ["keeper"],
  });
  assertEquals(await ran(either, { validation: true }), {
    lines: ["keeper by val_loss", "keeper by val_loss"],
    names: ["keeper"],
  });
});

Deno.test("it gives way to a plugin of its name, and is not warned of keys that come now and then", async () => {
  const own = plugin("keeper", { onEpochEnd() {} });
  assertEquals(await ran([optional(keeper("loss")), own]), {
    lines: [],
    names: ["keeper"],
  });
  const now = await ran([optional(keeper("val_loss"))], {
    validation: true,
    validationFreq: 2,
  });
  assertEquals(now.lines[0], "keeper by val_loss");
});

Deno.test("what is asked for is refused as ever", async () => {
  const error = await assertRejects(
    () => ran([optional(keeper("val_loss")), keeper("val_loss", "mine")]),
    SetupError,
  );
  assertEquals(error.problems.length, 1);
});

Deno.test("it keeps its place among the others", async () => {
  const { names } = await ran([
    keeper("loss", "a"),
    optional(keeper("loss", "b")),
    keeper("loss", "c"),
  ]);
  assertEquals(names, ["a", "b", "c"]);
});

Deno.test("where keys are known only as they come, the choice is made at the first call", async () => {
  const lines = async (logs: LogRecord) => {
    const printer = notebook();
    const list = callbackList({
      printer,
      plugins: [optional(keeper("val_loss")), optional(keeper("loss"))],
    });
    await list.onTrainBegin();
    await list.onEpochBegin(0);
    await list.onEpochEnd(0, logs);
    await list.onTrainEnd();
    return printer.lines;
  };
  assertEquals(await lines({ loss: 1 }), ["keeper by loss"]);
  assertEquals(await lines({ loss: 1, val_loss: 1 }), ["keeper by val_loss"]);
  assertEquals(await lines({ mse: 1 }), [
    'Left out: Plugin "keeper" needs log key "loss" in onEpochEnd: available are "mse"',
  ]);
});
