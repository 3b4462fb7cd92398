import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { InputError, SetupError } from "../../../core/errors.ts";
import { callbackList } from "../../../core/loop/mod.ts";
import { batches, notebook, plugin, scripted, training } from "../_scripted.ts";

/** Steps that do not say what they report. */
const silent = (logs?: Record<string, number>) => ({
  ...scripted(logs && { logs: () => logs }),
  metrics: undefined,
});

Deno.test("where the keys are known only as they come, each plugin gets those it needs", async () => {
  const seen: unknown[] = [];
  await training(silent({ loss: 1, mae: 2 }), batches(1), undefined, {
    plugins: [
      plugin("mae", {
        needs: { onTrainBatchEnd: ["mae"] },
        onTrainBatchEnd: (_b, logs) => void seen.push(logs),
      }),
      plugin("end", { onEpochEnd: (_e, logs) => void seen.push(logs) }),
    ],
  });
  assertEquals(seen, [{ mae: 2 }, { loss: 1, mae: 2 }]);
});

Deno.test("keys that come are checked at the first call of a hook, not at each", async () => {
  const seen: unknown[] = [];
  const list = callbackList({
    printer: notebook(),
    plugins: [plugin("p", {
      needs: { onEpochEnd: ["mae"] },
      onEpochEnd: (_e, logs) => void seen.push(logs),
    })],
  });
  await list.onTrainBegin();
  await list.onEpochBegin(0);
  await list.onEpochEnd(0, { loss: 1, mae: 2 });
  await list.onEpochBegin(1);
  await list.onEpochEnd(1, { loss: 1 });
  await list.onTrainEnd();
  assertEquals(seen, [{ mae: 2 }, {}]);
});

Deno.test("a key that no log can have is refused as it comes", async () => {
  for (const hook of ["onEpochEnd", "onTrainEnd"] as const) {
    await assertRejects(
      () =>
        training(silent({ toString: 1 } as never), batches(1), undefined, {
          plugins: [plugin("p", { [hook]() {} })],
        }),
      InputError,
      '"toString" cannot be a log key',
    );
  }
});

Deno.test("what a lone plugin misses in the last hook fails the run by its name", async () => {
  const error = await assertRejects(
    () =>
      training(silent(), batches(1), undefined, {
        plugins: [plugin("needy", {
          needs: { onTrainEnd: ["f1"] },
          onTrainEnd() {},
        })],
      }),
    SetupError,
  );
  assertEquals(error.problems, [
    'Plugin "needy" needs log key "f1" in onTrainEnd: available are "loss"',
  ]);
  const list = callbackList({
    printer: notebook(),
    plugins: [plugin("needy", {
      needs: { onTestEnd: ["f1"] },
      onTestEnd() {},
    })],
  });
  await list.onTestBegin();
  assertThrows(() => list.onTestEnd({ loss: 1 }), SetupError);
});

Deno.test("a failing run ends those that have an end hook, with what logs there are", async () => {
  const seen: unknown[] = [];
  const printer = notebook();
  await assertRejects(
    () =>
      training(silent(), batches(1), undefined, {
        printer,
        plugins: [
          plugin("bad", {
            onTrainBatchEnd() {
              throw new Error("no");
            },
          }),
          plugin("needy", {
            needs: { onTrainEnd: ["f1"] },
            onTrainEnd: (logs, run) =>
              void seen.push(logs, run.keys("onTrainEnd")),
          }),
        ],
      }),
    Error,
    "no",
  );
  assertEquals(seen, [{}, []]);
  assertEquals(printer.lines, []);
});

Deno.test("a plugin that was switched off stays so when others are replaced", async () => {
  const trace: string[] = [];
  const off = plugin("off", {
    onError: "disable",
    onEpochBegin(epoch) {
      if (epoch === 0) throw new Error("no");
    },
    onEpochEnd: () => void trace.push("off"),
  });
  const named = (name: string) =>
    plugin(name, { onEpochEnd: () => void trace.push(name) });
  const list = callbackList({
    printer: notebook(),
    plugins: [named("leaves"), off],
  });
  for await (const epoch of list.epochs(2)) {
    if (epoch.index === 0) list.replacePlugins([off, named("comes")]);
  }
  assertEquals(trace, ["leaves", "comes"]);
});
