import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { PluginError } from "../../../core/errors.ts";
import type { HookName } from "../../../core/plugin.ts";
import { callbackList } from "../../../core/loop/mod.ts";
import {
  batches,
  notebook,
  plugin,
  recorder,
  scripted,
  training,
} from "../_scripted.ts";

/** A plugin that throws in some hooks. */
function thrower(name: string, ...hooks: HookName[]) {
  return plugin(
    name,
    Object.fromEntries(hooks.map((hook) => [hook, () => {
      throw new Error(`${name} in ${hook}`);
    }])),
  );
}

Deno.test("a throw in an inner end hook ends the run there: no other plugin and no other epoch", async () => {
  for (const hook of ["onTrainBatchEnd", "onEpochEnd"] as const) {
    const trace: string[] = [];
    const error = await assertRejects(
      () =>
        training(scripted(), batches(1, 2), undefined, {
          epochs: 2,
          plugins: [thrower("bad", hook), recorder(trace)],
        }),
      PluginError,
    );
    assertEquals((error.cause as Error).message, `bad in ${hook}`);
    assertEquals(trace.filter((line) => line.startsWith(hook)), []);
    assertEquals(trace.at(-1)!.split(" ")[0], "onTrainEnd");
  }
});

Deno.test("a plugin that was switched off stays so where a beginning fails before it", async () => {
  const trace: string[] = [];
  const off = plugin("off", {
    onError: "disable",
    onTrainBatchEnd() {
      throw new Error("no");
    },
    onTestBegin() {},
    onTrainEnd: () => void trace.push("off"),
  });
  const error = await assertRejects(
    () =>
      training(scripted(), batches(1), batches(2), {
        plugins: [thrower("bad", "onTestBegin"), off],
      }),
    PluginError,
  );
  assertEquals(error.place.plugin, "bad");
  assertEquals(trace, []);
});

Deno.test("a loop of one's own may go on after a throw in a batch: nobody was switched off", async () => {
  const trace: string[] = [];
  let bad = true;
  const list = callbackList({
    printer: notebook(),
    plugins: [
      plugin("bad", {
        onTrainBatchEnd() {
          if (bad) throw new Error("once");
        },
      }),
      recorder(trace),
    ],
  });
  await list.onTrainBegin();
  await list.onEpochBegin(0);
  await list.onTrainBatchBegin(0);
  assertThrows(() => list.onTrainBatchEnd(0, { loss: 1 }), PluginError);
  bad = false;
  await list.onTrainBatchBegin(1);
  await list.onTrainBatchEnd(1, { loss: 1 });
  assertEquals(trace.at(-1), 'onTrainBatchEnd 1 {"loss":1}');
});

Deno.test("a plugin that never began a validation is not told its end, but that of training", async () => {
  const trace: string[] = [];
  await assertRejects(
    () =>
      training(scripted(), batches(1), batches(2), {
        plugins: [thrower("bad", "onTestBegin"), recorder(trace)],
      }),
    PluginError,
  );
  assertEquals(trace.slice(-2), [
    'onTrainBatchEnd 0 {"loss":1}',
    "onTrainEnd {}",
  ]);
});

Deno.test("an error of an end hook comes once, in the run that it was in", async () => {
  let epoch = 0;
  const list = callbackList({
    printer: notebook(),
    plugins: [plugin("bad", {
      onTestEnd() {
        if (epoch === 0) throw new Error("once");
      },
    })],
  });
  await list.onTrainBegin();
  await list.onTestBegin();
  await assertRejects(async () => await list.onTestEnd(), PluginError);
  epoch++;
  await list.onTestBegin();
  await list.onTestEnd();
  await list.onTrainEnd();
  assertEquals(list.history.outcome, { status: "completed" });
});

Deno.test("only a change to frozen logs is told what to do instead", async () => {
  for (
    const error of [
      new TypeError("x is not a function"),
      new Error("not extensible"),
    ]
  ) {
    const bad = plugin("bad", {
      onEpochEnd() {
        throw error;
      },
    });
    const { message } = await assertRejects(
      () => training(scripted(), batches(1), undefined, { plugins: [bad] }),
      PluginError,
    );
    assertEquals(
      message,
      `Plugin "bad" failed in onEpochEnd at epoch 0: ${error.message}`,
    );
  }
});
