import type { HostOptions } from "../../../core/loop/mod.ts";
import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../../core/errors.ts";
import type { Plugin } from "../../../core/plugin.ts";
import { evaluate } from "../../../core/tf/evaluate.ts";
import { classifier, grown, linear } from "./_models.ts";

/** What the program around a run may pass: just a plan. */
const DRY: HostOptions = { dryRun: true };

Deno.test("evaluate() returns the loss and the metrics, as tf.js' model.evaluate does", async () => {
  const model = classifier();
  const x = tf.randomUniform([10, 2], 0, 1, "float32", 3);
  const y = tf.tensor2d([0, 1, 2, 0, 1, 2, 0, 1, 2, 0], [10, 1]);
  const theirs = model.evaluate(x, y, { batchSize: 4 }) as tf.Scalar[];
  const ours = await evaluate(model, { x, y }, { batchSize: 4 });
  assertEquals(Object.keys(ours), ["loss", "accuracy"]);
  assertAlmostEquals(ours.loss!, theirs[0]!.dataSync()[0]!, 1e-6);
  assertAlmostEquals(ours.accuracy!, theirs[1]!.dataSync()[0]!, 1e-6);
});

Deno.test("evaluate() runs the test hooks, and at most 'steps' batches", async () => {
  const called: unknown[] = [];
  const spy: Plugin = {
    name: "spy",
    onTestBegin: () => void called.push("begin"),
    onTestBatchEnd: (batch, logs) => void called.push([batch, logs.loss]),
    onTestEnd: (logs) => void called.push(["end", logs.loss]),
  };
  await evaluate(linear(), { x: [1, 2, 3], y: [0, 0, 0] }, {
    batchSize: 1,
    steps: 2,
    plugins: [spy],
  });
  assertEquals(called, ["begin", [0, 1], [1, 2.5], ["end", 2.5]]);
});

Deno.test("evaluate() returns nothing in a dry run", async () => {
  const data = { x: [1], y: [1] };
  assertEquals(await evaluate(linear(), data, DRY), {});
});

Deno.test("evaluate() leaks nothing", async () => {
  const model = linear();
  const leaked = await grown(() => evaluate(model, { x: [1, 2], y: [1, 2] }));
  assertEquals(leaked, 0);
});

Deno.test("evaluate() rejects a batch size out of range", async () => {
  await assertRejects(
    () => evaluate(linear(), { x: [1], y: [1] }, { batchSize: -1 }),
    InputError,
    "Cannot start as 'batchSize' must be an integer >= 1: current value is -1",
  );
});
