import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  earlyStopping,
  learningRateScheduler,
  reduceLrOnPlateau,
  silent,
  train,
} from "@hookloop/hookloop";
import { fakeRun } from "@hookloop/hookloop/testing";
import { digits } from "@hookloop/hookloop/data";
import hooksAndLogs from "../../examples/003_hooks_and_logs.ts";
import {
  lrSchedule,
  lrScheduleThatKeeps,
} from "../../examples/003_hooks_and_logs/lr_schedule.ts";
import { myEarlyStopping } from "../../examples/003_hooks_and_logs/my_early_stopping.ts";
import { CALLS } from "./_calls.ts";
import { inTempDir, testSetup } from "./_setup.ts";

Deno.test("hooksAndLogs() prints the article's lines, saves and loads, and leaks nothing", async () => {
  const leaked = await inTempDir(async (dir) => {
    const { setup, lines } = testSetup(dir, { epochs: 2 });
    await hooksAndLogs(setup, digits({ train: 1024, validation: 512 }));
    assertEquals(lines.slice(0, CALLS.length), CALLS);

    const at = lines.indexOf("\nSave Checkpoints");
    const names = lines.slice(at + 5, at + 7);
    assertMatch(names[0]!, /^weights\.01-\d+\.\d\d$/);
    assertMatch(names[1]!, /^weights\.02-\d+\.\d\d$/);
    const [before, after] = lines.slice(at + 7, at + 9);
    for (const line of [before!, after!]) {
      assertMatch(line, /^test loss is \d+\.\d{3}, test accuracy is 0\.\d{3}$/);
    }
    assert(before !== after);
  });
  assertEquals(leaked, 0);
});

Deno.test("hooksAndLogs() draws the same curve with the custom and the built-in early stopping", async () => {
  await inTempDir(async (dir) => {
    const { setup } = testSetup(dir, { epochs: 3 });
    await hooksAndLogs(setup, digits({ train: 256, validation: 64 }));
    const [own, builtIn] = ["loss.svg", "loss_again.svg"].map((name) =>
      Deno.readTextFileSync(`${dir}/${name}`)
    );
    assertEquals(own, builtIn);
    for (const part of ["training hl-line", "validation hl-line", "hl-best"]) {
      assert(own!.includes(part), part);
    }
  });
});

Deno.test("myEarlyStopping() stops when the built-in does, and restores", async () => {
  const values = [3, 2, 2.5, 1, 1, 1.5, 1, 0.5];
  const epochOfStop = async (plugin: Parameters<typeof fakeRun>[0]) => {
    const kit = fakeRun(plugin);
    await kit.fire("onTrainBegin", {});
    for (const [epoch, val_loss] of values.entries()) {
      kit.weights[0] = epoch;
      await kit.fire("onEpochEnd", epoch, { val_loss });
      if (kit.stops.length) break;
    }
    await kit.fire("onTrainEnd", {});
    return kit;
  };
  const own = await epochOfStop(myEarlyStopping(3));
  const builtIn = await epochOfStop(
    earlyStopping({ patience: 3, restoreBestWeights: true }),
  );
  assertEquals(own.run.epoch, builtIn.run.epoch);
  assertEquals(own.weights, [3]);
  assertEquals(builtIn.weights, [3]);
  assertEquals(own.lines, [
    "Restoring model weights from the end of the best epoch 4.",
    "Epoch 00007: early stopping",
  ]);
});

Deno.test("lrSchedule() says when it changes the learning rate", () => {
  const lines: string[] = [];
  const schedule = lrSchedule((line) => lines.push(line));
  assertEquals(schedule(4, 0.1), 0.1);
  assertEquals(lines, []);
  assertEquals(schedule(10, 0.1 * 0.1), 0.001);
  assertEquals(lines, [
    `Epoch 00011: LearningRateScheduler reducing learning rate to 0.001 from ${
      0.1 * 0.1
    }.`,
  ]);
});

Deno.test("lrScheduleThatKeeps() with reduceLrOnPlateau() tells the article's story", async () => {
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  // Improves up to epoch 10, then never again.
  let epoch = 0;
  const optimizer = { learningRate: 0.1 };
  const { history } = await train(
    {
      optimizer,
      metrics: ["loss"],
      trainStep: () => ({ loss: 1 / Math.min(++epoch, 10) }),
    },
    [0],
    {
      epochs: 15,
      printer: { ...silent(), print },
      plugins: [
        reduceLrOnPlateau({
          monitor: "loss",
          factor: 0.1,
          minLr: 1e-7,
          patience: 2,
        }),
        learningRateScheduler({ schedule: lrScheduleThatKeeps(print) }),
      ],
    },
  );
  const rates = history.learning_rate!.map((rate) => Number(rate.toFixed(7)));
  assertEquals(rates.slice(9), [0.01, 0.001, 0.0001, 0.0001, 0.00001, 0.001]);
  assertEquals(lines, [
    "Epoch 00006: LearningRateScheduler reducing learning rate to 0.01 from 0.1.",
    "Epoch 00011: LearningRateScheduler reducing learning rate to 0.001 from 0.01.",
    "Epoch 00013: Still keep learning rate 0.0001 instead of 0.001",
    "Epoch 00014: Still keep learning rate 0.0001 instead of 0.001",
    "Epoch 00015: LearningRateScheduler reducing learning rate to 0.001 from 0.00001.",
  ]);
});
