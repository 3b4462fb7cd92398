import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import batchLrDecay from "../../plugins/batch_lr_decay.ts";
import { OptionError } from "../../core/plugin.ts";
import { fakeRun } from "../../core/testing.ts";

Deno.test("the rate is divided by 1.0000002 per batch", async () => {
  const { run, fire } = fakeRun(batchLrDecay(), { learningRate: 0.05 });
  for (let batch = 0; batch < 1000; batch++) {
    await fire("onTrainBatchEnd", batch);
  }
  assertAlmostEquals(
    run.optimizer.learningRate,
    0.05 / 1.0000002 ** 1000,
    1e-12,
  );
});

Deno.test("it ends at minLr", async () => {
  const { run, fire } = fakeRun(batchLrDecay({ decay: 10 }), {
    learningRate: 5e-6,
  });
  for (let batch = 0; batch < 3; batch++) {
    await fire("onTrainBatchEnd", batch);
  }
  assertEquals(run.optimizer.learningRate, 1e-6);
});

Deno.test("it reads no logs, and rejects a decay that raises the rate", () => {
  assertEquals(batchLrDecay().needs, {});
  assertThrows(
    () => batchLrDecay({ decay: 0.5 }),
    OptionError,
    "Cannot create batch-lr-decay as 'decay' must be >= 1: current value is 0.5",
  );
  assertThrows(
    () => batchLrDecay({ minLr: -1 }),
    OptionError,
    "Cannot create batch-lr-decay as 'minLr' must be >= 0: current value is -1",
  );
});

Deno.test("a decay of 1 keeps the rate, and one below minLr is raised to it", async () => {
  const kept = fakeRun(batchLrDecay({ decay: 1 }), { learningRate: 0.05 });
  await kept.fire("onTrainBatchEnd", 0);
  assertEquals(kept.run.optimizer.learningRate, 0.05);
  const raised = fakeRun(batchLrDecay({ minLr: 0.1 }), { learningRate: 0.05 });
  await raised.fire("onTrainBatchEnd", 0);
  assertEquals(raised.run.optimizer.learningRate, 0.1);
});

Deno.test("options that are not finite numbers are rejected", () => {
  for (const option of ["decay", "minLr"]) {
    for (const value of [NaN, Infinity]) {
      assertThrows(
        () => batchLrDecay({ [option]: value }),
        OptionError,
        `Cannot create batch-lr-decay as '${option}' must be a finite number: current value is ${value}`,
      );
    }
  }
});
