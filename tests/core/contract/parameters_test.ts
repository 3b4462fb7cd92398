// deno-lint-ignore-file no-unused-vars -- how hooks are written is what is tested
import { assertEquals } from "@std/assert";
import { testLoop } from "../../../core/loop/mod.ts";
import type { Hooks } from "../../../core/plugin.ts";
import { batches, notebook, scripted, training } from "../_scripted.ts";

/** What a run with such a plugin would warn of. */
async function warnings(hooks: object): Promise<string[]> {
  const found: string[] = [];
  await training(scripted(), batches(1), undefined, {
    plugins: [Object.assign(hooks, { name: "p" }) as Hooks],
    dryRun: true,
    onPlan: ({ plan }) => void found.push(...plan.warnings),
  });
  return found;
}

Deno.test("a hook that takes its arguments in another order is warned of", async () => {
  const wrong =
    'Plugin "p": onEpochEnd is called with (epoch, logs, run), but its first parameter is named "logs"';
  const hooks: object[] = [
    { onEpochEnd(_: unknown, run: unknown) {} },
    { onEpochEnd(logs: unknown, run: unknown) {} },
    { async onEpochEnd(logs: unknown) {} },
    { onEpochEnd: (logs: unknown) => {} },
    { onEpochEnd: async (logs: unknown) => {} },
    { onEpochEnd: function (logs: unknown) {} },
    { ["onEpochEnd"](logs: unknown) {} },
    { onEpochEnd: new Function("return logs => logs")() },
    { onEpochEnd: new Function("return async logs => logs")() },
  ];
  const expected = [[], ...Array(hooks.length - 1).fill([wrong])];
  for (const [i, hook] of hooks.entries()) {
    assertEquals(await warnings(hook), expected[i], Object.values(hook)[0]);
  }
  assertEquals(
    await warnings({ onTrainBatchEnd({ loss }: { loss: number }) {} }),
    [
      'Plugin "p": onTrainBatchEnd is called with (batch, logs, run), but its first parameter is taken apart',
    ],
  );
  assertEquals(await warnings({ onTrainEnd(epoch: number) {} }), [
    'Plugin "p": onTrainEnd is called with (logs, run), but its first parameter is named "epoch"',
  ]);
});

Deno.test("a hook that does not run is not warned of", async () => {
  const printer = notebook();
  const plugins = [{ name: "p", onEpochEnd(logs: unknown) {}, onTestEnd() {} }];
  await testLoop(scripted(), batches(1), { plugins, printer });
  assertEquals(printer.lines, []);
});

Deno.test("one that takes them in order, or none, or is native, is not", async () => {
  class Made {
    onEpochEnd(_epoch: number, { loss }: { loss: number }): void {}
    onTrainBegin(): void {}
  }
  for (
    const hooks of [
      {
        onEpochEnd(epoch: number, logs: object) {},
        onTrainEnd(logs: object) {},
      },
      { onEpochEnd: () => {}, onTrainEnd: () => ({}) },
      { onEpochEnd: (({ length }: string) => {}).bind(undefined) },
      { onEpochEnd: Math.max, onTrainEnd: async ({ loss }: { loss: 1 }) => {} },
      { onEpochEnd: (...logs: unknown[]) => {} },
      new Made(),
    ]
  ) {
    assertEquals(await warnings(hooks), []);
  }
});
