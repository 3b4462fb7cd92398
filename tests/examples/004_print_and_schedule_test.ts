import { assertEquals } from "@std/assert";
import { fakeRun } from "@hookloop/hookloop/testing";
import printAndSchedule from "../../examples/004_print_and_schedule.ts";
import { customLogging } from "../../examples/004_print_and_schedule/custom_logging.ts";
import { dynamicLearningRate } from "../../examples/004_print_and_schedule/dynamic_learning_rate.ts";
import { inTempDir, testSetup } from "./_setup.ts";

Deno.test("customLogging() prints batches and epochs as the article does", async () => {
  const { fire, lines } = fakeRun(customLogging());
  await fire("onTrainBatchEnd", 3, { loss: 0.5, accuracy: 0.25 });
  await fire("onEpochEnd", 1, { loss: 0.125 });
  assertEquals(lines, [
    "Batch 3: Loss = 0.5000 accuracy = 0.2500",
    "Epoch 1: Loss = 0.1250",
  ]);
});

Deno.test("dynamicLearningRate() halves after two epochs without a better val_loss", async () => {
  const { run, fire, lines } = fakeRun(dynamicLearningRate(), {
    learningRate: 0.01,
  });
  const rates: number[] = [];
  for (const [epoch, val_loss] of [3, 2, 2, 2.5, 1, 1, 1].entries()) {
    await fire("onEpochEnd", epoch, { val_loss });
    rates.push(run.optimizer.learningRate);
  }
  assertEquals(rates, [0.01, 0.01, 0.01, 0.005, 0.005, 0.005, 0.0025]);
  assertEquals(lines, [
    "Epoch 3: Learning rate reduced from 0.010000 to 0.005000",
    "Epoch 6: Learning rate reduced from 0.005000 to 0.002500",
  ]);
});

Deno.test("printAndSchedule() trains by hand as fit does, and leaks nothing", async () => {
  const leaked = await inTempDir(async (dir) => {
    const { setup, lines } = testSetup(dir);
    const history = await printAndSchedule(setup);
    const epochs = lines.filter((line) => line.startsWith("Epoch"));
    const byFit = epochs.slice(0, epochs.length / 2);
    assertEquals(byFit, epochs.slice(byFit.length));
    assertEquals(byFit.length, 7); // Five epochs, and the learning rate halved twice.
    assertEquals(history.epoch, [0, 1, 2, 3, 4]);
  });
  assertEquals(leaked, 0);
});

Deno.test("printAndSchedule() takes the flags' epochs and batch size", async () => {
  await inTempDir(async (dir) => {
    const { setup, lines } = testSetup(dir, { epochs: 1, batchSize: 3 });
    await printAndSchedule(setup);
    assertEquals(lines.filter((line) => line.startsWith("Batch")).length, 4);
    assertEquals(lines.filter((line) => line.startsWith("Epoch")).length, 2);
  });
});
