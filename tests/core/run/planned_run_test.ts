import { assertEquals } from "@std/assert";
import { testLoop } from "../../../core/loop/mod.ts";
import type { LogRecord, Plugin } from "../../../core/plugin.ts";
import { batches, notebook, plugin, scripted, training } from "../_scripted.ts";

/** A plugin that is left out where the run has no room for it. */
function optional(plugin: Plugin) {
  return { plugin, file: `plugins/${plugin.name}.ts`, ifPossible: true };
}

/** Steps whose keys are known only as they come. */
const unknown = () => scripted({ metrics: undefined });

Deno.test("alternatives of one name stay until the keys of all their hooks are known", async () => {
  const seen: unknown[] = [];
  const by = (key: string) =>
    plugin("keeper", {
      needs: { onEpochEnd: [key] },
      onEpochBegin() {},
      onEpochEnd: (_epoch: number, logs: LogRecord) => void seen.push(logs),
    });
  await training(unknown(), batches(3), undefined, {
    plugins: [optional(by("accuracy")), optional(by("loss"))],
  });
  assertEquals(seen, [{ loss: 3 }]);
});

Deno.test("hooks that the run does not call keep no alternative", async () => {
  const seen: string[] = [];
  const named = (which: string) =>
    plugin("looker", {
      onTestBegin: () => void seen.push(which),
      onEpochEnd() {},
    });
  await testLoop(unknown(), batches(1), {
    printer: notebook(),
    plugins: [optional(named("first")), optional(named("second"))],
  });
  assertEquals(seen, ["first"]);
});

Deno.test("who sees the plan sees what the run offers", async () => {
  const optimizer = { learningRate: 1 };
  let offered: unknown;
  await training(scripted({ optimizer }), batches(1), undefined, {
    onPlan: ({ resources }) => void (offered = resources.optimizer),
  });
  assertEquals(offered, optimizer);
});
