import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import progress from "../../plugins/progress.ts";
import { OptionError } from "../../core/plugin.ts";
import { fakeRun } from "../../core/testing.ts";

Deno.test("one line per epoch, with time and logs", async () => {
  const { clock, fire, lines, statuses } = fakeRun(progress(), {
    params: { epochs: 5, steps: 2 },
  });
  await fire("onEpochBegin", 1);
  for (let batch = 0; batch < 2; batch++) {
    clock.now += 1500;
    await fire("onTrainBatchEnd", batch, { loss: 0.5 });
  }
  await fire("onEpochEnd", 1, { loss: 0.5, val_loss: 0.00025 });
  assertEquals(lines, [
    "Epoch 2/5  2/2  3s 2s/step - loss: 0.5000 - val_loss: 2.5000e-4",
  ]);
  assertEquals(statuses, [""]); // No terminal, no bar.
});

Deno.test("in a terminal, a bar with the time left, redrawn at most once per interval", async () => {
  const { clock, fire, statuses } = fakeRun(progress(), {
    interactive: true,
    params: { epochs: 1, steps: 4 },
  });
  await fire("onEpochBegin", 0);
  for (let batch = 0; batch < 4; batch++) {
    clock.now += 60;
    await fire("onTrainBatchEnd", batch, { loss: 0.25 });
  }
  assertEquals(statuses.length, 2);
  assertEquals(
    statuses[0],
    "Epoch 1/1  1/4 ━━━━━━────────────────── ETA 180ms - loss: 0.2500",
  );
});

Deno.test("without a known number of steps it counts", async () => {
  const { clock, fire, statuses, lines } = fakeRun(progress(), {
    interactive: true,
    params: { steps: undefined },
  });
  await fire("onEpochBegin", 0);
  clock.now += 100;
  await fire("onTrainBatchEnd", 9, { loss: 1 });
  await fire("onEpochEnd", 0, { loss: 1 });
  assertEquals(statuses[0], "Epoch 1/10  10 100ms 10ms/step - loss: 1.0000");
  assertMatch(lines[0]!, /^Epoch 1\/10 {2}10 {2}100ms 10ms\/step/);
});

Deno.test("validation within an epoch shows its progress", async () => {
  const { clock, fire, statuses } = fakeRun(progress(), {
    interactive: true,
    params: { validationSteps: 8 },
  });
  await fire("onEpochBegin", 0);
  await fire("onTestBegin");
  clock.now += 500;
  await fire("onTestBatchEnd", 2, { loss: 1 });
  assertEquals(statuses, ["Epoch 1/10  validating 3/8"]);
});

Deno.test("evaluate and predict have their own lines", async () => {
  const test = fakeRun(progress(), { params: { mode: "evaluate", steps: 1 } });
  await test.fire("onTestBegin");
  test.clock.now = 20;
  await test.fire("onTestBatchEnd", 0, { loss: 1 });
  await test.fire("onTestEnd", { loss: 1 });
  assertEquals(test.lines, ["Evaluate  1/1  20ms 20ms/step - loss: 1.0000"]);
  const predict = fakeRun(progress(), {
    params: { mode: "predict", steps: 1 },
  });
  await predict.fire("onPredictBegin");
  await predict.fire("onPredictBatchEnd", 0, { outputs: 0 });
  await predict.fire("onPredictEnd");
  assertEquals(predict.lines, ["Predict  1/1  0s 0s/step"]);
});

Deno.test("batchLogs: false reads nothing at the end of a batch", () => {
  assertEquals(
    progress({ batchLogs: false }).needs?.onTrainBatchEnd,
    undefined,
  );
  assertEquals(progress().needs?.onTrainBatchEnd, "all");
});

Deno.test("interval must be a whole number", () => {
  assertThrows(
    () => progress({ interval: -1 }),
    OptionError,
    "Cannot create progress as 'interval' must be an integer >= 0: current value is -1",
  );
});

Deno.test("the end of an epoch removes the bar, and the next starts from zero", async () => {
  const { clock, fire, statuses, lines } = fakeRun(progress(), {
    interactive: true,
    params: { epochs: 2, steps: 2 },
  });
  for (let epoch = 0; epoch < 2; epoch++) {
    await fire("onEpochBegin", epoch);
    clock.now += 1000;
    await fire("onTrainBatchEnd", 0, { loss: 1 });
    await fire("onEpochEnd", epoch, { loss: 1 });
  }
  const drawn = "━".repeat(12) + "─".repeat(12);
  assertEquals(statuses, [
    `Epoch 1/2  1/2 ${drawn} ETA 1s - loss: 1.0000`,
    "",
    `Epoch 2/2  1/2 ${drawn} ETA 1s - loss: 1.0000`,
    "",
  ]);
  assertEquals(lines, [
    "Epoch 1/2  1/2  1s 1s/step - loss: 1.0000",
    "Epoch 2/2  1/2  1s 1s/step - loss: 1.0000",
  ]);
});

Deno.test("interval 0 draws every batch", async () => {
  const { fire, statuses } = fakeRun(progress({ interval: 0 }), {
    interactive: true,
  });
  await fire("onEpochBegin", 0);
  for (let batch = 0; batch < 3; batch++) {
    await fire("onTrainBatchEnd", batch, { loss: 1 });
  }
  assertEquals(statuses.length, 3);
});

Deno.test("the bar has logs only if it reads them", async () => {
  const { fire, statuses } = fakeRun(progress({ batchLogs: false }), {
    interactive: true,
    params: { epochs: 1, steps: 2 },
  });
  await fire("onEpochBegin", 0);
  await fire("onTrainBatchEnd", 1, { loss: 1 });
  assertEquals(statuses, [`Epoch 1/1  2/2 ${"━".repeat(24)} ETA 0s`]);
});

Deno.test("a narrow terminal gets a narrow line, in validation too", async () => {
  const { clock, fire, statuses } = fakeRun(progress(), {
    interactive: true,
    columns: 20,
    params: { validationSteps: undefined },
  });
  await fire("onEpochBegin", 0);
  await fire("onTrainBatchEnd", 0, { loss: 1, accuracy: 0.5 });
  clock.now += 100;
  await fire("onTestBatchEnd", 41, { loss: 1 });
  assertEquals(statuses, ["Epoch 1/10  1/3  E…", "Epoch 1/10  validat"]);
});

Deno.test("validation without a known number of steps counts", async () => {
  const { fire, statuses } = fakeRun(progress(), {
    interactive: true,
    params: { validationSteps: undefined },
  });
  await fire("onEpochBegin", 0);
  await fire("onTestBatchEnd", 41, { loss: 1 });
  assertEquals(statuses, ["Epoch 1/10  validating 42"]);
});

Deno.test("validation is not a separate run: no line at its end, and the clock keeps running", async () => {
  const { clock, fire, lines } = fakeRun(progress(), { params: { steps: 1 } });
  await fire("onEpochBegin", 0);
  clock.now += 1000;
  await fire("onTrainBatchEnd", 0, { loss: 1 });
  await fire("onTestBegin");
  clock.now += 1000;
  await fire("onTestBatchEnd", 5, { loss: 1 });
  await fire("onTestEnd", { loss: 1 });
  assertEquals(lines, []);
  await fire("onEpochEnd", 0, { loss: 1, val_loss: 1 });
  assertEquals(lines, [
    "Epoch 1/10  1/1  2s 2s/step - loss: 1.0000 - val_loss: 1.0000",
  ]);
});

Deno.test("evaluate and predict draw their bars too", async () => {
  const drawn = "━".repeat(12) + "─".repeat(12);
  const test = fakeRun(progress(), {
    interactive: true,
    params: { mode: "evaluate", steps: 2 },
  });
  await test.fire("onTestBegin");
  test.clock.now += 1000;
  await test.fire("onTestBatchEnd", 0, { loss: 1 });
  assertEquals(test.statuses, [`Evaluate  1/2 ${drawn} ETA 1s - loss: 1.0000`]);
  const predict = fakeRun(progress(), {
    interactive: true,
    params: { mode: "predict", steps: 2 },
  });
  await predict.fire("onPredictBegin");
  predict.clock.now += 1000;
  await predict.fire("onPredictBatchEnd", 0, { outputs: [0] });
  assertEquals(predict.statuses, [`Predict  1/2 ${drawn} ETA 1s`]);
});

Deno.test("it runs after the others, and requests no logs if it shows none", () => {
  const { order, needs } = progress();
  assertEquals(order, "post");
  assertEquals(needs, {
    onTrainBatchEnd: "all",
    onTestBatchEnd: "all",
    onTestEnd: "all",
    onEpochEnd: "all",
  });
});

Deno.test("the first batch of an epoch is drawn, however short the last epoch was", async () => {
  const { fire, statuses } = fakeRun(progress(), { interactive: true });
  for (let epoch = 0; epoch < 3; epoch++) {
    await fire("onEpochBegin", epoch);
    await fire("onTrainBatchEnd", 0, { loss: 1 });
  }
  assertEquals(statuses.length, 3);
});
