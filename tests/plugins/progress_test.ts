import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import progress from "../../plugins/progress.ts";
import { bar, duration, logsText } from "../../plugins/_progress_text.ts";
import { fakeRun } from "../../core/testing.ts";

Deno.test("a line an epoch, with time and logs", async () => {
  const { run, fire, lines, statuses } = fakeRun(progress(), {
    params: { epochs: 5, steps: 2 },
  });
  await fire("onEpochBegin", 1, {});
  for (let batch = 0; batch < 2; batch++) {
    run.clock += 1500;
    await fire("onTrainBatchEnd", batch, { loss: 0.5 });
  }
  await fire("onEpochEnd", 1, { loss: 0.5, val_loss: 0.00025 });
  assertEquals(lines, [
    "Epoch 2/5  2/2  3s 2s/step - loss: 0.5000 - val_loss: 2.5000e-4",
  ]);
  assertEquals(statuses, [""]); // No terminal, no bar.
});

Deno.test("in a terminal a bar with the time left, drawn again at most every interval", async () => {
  const { run, fire, statuses } = fakeRun(progress(), {
    interactive: true,
    params: { epochs: 1, steps: 4 },
  });
  await fire("onEpochBegin", 0, {});
  for (let batch = 0; batch < 4; batch++) {
    run.clock += 60;
    await fire("onTrainBatchEnd", batch, { loss: 0.25 });
  }
  assertEquals(statuses.length, 2);
  assertEquals(
    statuses[0],
    "Epoch 1/1  1/4 ━━━━━━────────────────── ETA 180ms - loss: 0.2500",
  );
});

Deno.test("without known steps it counts", async () => {
  const { run, fire, statuses, lines } = fakeRun(progress(), {
    interactive: true,
    params: { steps: undefined },
  });
  await fire("onEpochBegin", 0, {});
  run.clock += 100;
  await fire("onTrainBatchEnd", 9, { loss: 1 });
  await fire("onEpochEnd", 0, { loss: 1 });
  assertEquals(statuses[0], "Epoch 1/10  10 100ms 10ms/step - loss: 1.0000");
  assertMatch(lines[0]!, /^Epoch 1\/10 {2}10 {2}100ms 10ms\/step/);
});

Deno.test("validation inside of an epoch shows how far it is", async () => {
  const { run, fire, statuses } = fakeRun(progress(), {
    interactive: true,
    params: { validationSteps: 8 },
  });
  await fire("onEpochBegin", 0, {});
  await fire("onTestBegin", {});
  run.clock += 500;
  await fire("onTestBatchEnd", 2, { loss: 1 });
  assertEquals(statuses, ["Epoch 1/10  validating 3/8"]);
});

Deno.test("evaluate and predict have a line of their own", async () => {
  const test = fakeRun(progress(), { params: { mode: "evaluate", steps: 1 } });
  await test.fire("onTestBegin", {});
  test.run.clock = 20;
  await test.fire("onTestBatchEnd", 0, { loss: 1 });
  await test.fire("onTestEnd", { loss: 1 });
  assertEquals(test.lines, ["Evaluate  1/1  20ms 20ms/step - loss: 1.0000"]);
  const predict = fakeRun(progress(), {
    params: { mode: "predict", steps: 1 },
  });
  await predict.fire("onPredictBegin", {});
  await predict.fire("onPredictBatchEnd", 0, { outputs: 0 });
  await predict.fire("onPredictEnd", {});
  assertEquals(predict.lines, ["Predict  1/1  0s 0s/step"]);
});

Deno.test("batchLogs: false reads nothing at the end of a batch", () => {
  assertEquals(progress({ batchLogs: false }).needs?.onTrainBatchEnd, []);
  assertEquals(progress().needs?.onTrainBatchEnd, undefined);
});

Deno.test("interval must count", () => {
  assertThrows(
    () => progress({ interval: -1 }),
    RangeError,
    "Cannot create progress as 'interval' must be an integer >= 0: current value is -1",
  );
});

Deno.test("times in the unit that suits them", () => {
  const times = [0, 0.5, 1.54, 12, 3000, 125_000, 3_720_000].map(duration);
  assertEquals(times, ["0s", "500us", "1.5ms", "12ms", "3s", "2m05s", "1h02m"]);
  assertEquals([999.4, 999.7].map(duration), ["999ms", "1s"]);
});

Deno.test("logs as Keras writes them", () => {
  assertEquals(
    logsText({ loss: 0.5, tiny: 0.0001, zero: 0, bad: NaN }),
    "loss: 0.5000 - tiny: 1.0000e-4 - zero: 0.0000 - bad: nan",
  );
});

Deno.test("a bar never is wider than its terminal", () => {
  for (let columns = 10; columns < 120; columns++) {
    const line = bar(
      "Epoch 10/100",
      50,
      100,
      1000,
      "loss: 0.5000 - accuracy: 0.7500",
      columns,
    );
    assertEquals(line.length < columns, true, line);
  }
});
