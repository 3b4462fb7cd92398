import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
} from "@std/assert";
import { digits } from "@hookloop/hookloop/data";
import fitEvaluatePredict, {
  scheduler,
} from "../../examples/002_fit_evaluate_predict.ts";
import { inTempDir, testSetup } from "./_setup.ts";

Deno.test("scheduler() keeps the learning rate for ten epochs, then decays", () => {
  assertEquals(scheduler(9, 0.01), 0.01);
  assertAlmostEquals(scheduler(10, 0.01), 0.01 * Math.exp(-0.1));
});

Deno.test("fitEvaluatePredict() runs plugins in all three, and leaks nothing", async () => {
  const leaked = await inTempDir(async (dir) => {
    const { setup, lines } = testSetup(dir);
    await fitEvaluatePredict(setup, digits({ train: 128, validation: 64 }));
    // The article's two callbacks go by different keys.
    assertStringIncludes(
      lines[0]!,
      '"best epoch" goes by "val_accuracy"; give both',
    );
    assertEquals(lines.slice(1, 4), [
      "fit has ended",
      "evaluate has ended",
      "predict has ended",
    ]);
    assert(lines.includes("Learning rate in the last epoch: 0.00607"));
    assert(lines.some((line) => line.startsWith("It stopped: the loss is")));
    assertEquals(lines.at(-1), "trainingFinished: true");
    assertEquals([...Deno.readDirSync(dir)].map(({ name }) => name).sort(), [
      ...["2", "3", "4"], // the trainings after the first
      "checkpoint",
      "events.jsonl",
      "lock", // The experiment has not ended.
      "run.json",
      "training.csv",
    ]);
  });
  assertEquals(leaked, 0);
});
