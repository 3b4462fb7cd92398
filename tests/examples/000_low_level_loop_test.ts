import { assert, assertEquals } from "@std/assert";
import type { Plugin } from "@hookloop/hookloop";
import { digits } from "@hookloop/hookloop/data";
import lowLevelLoop from "../../examples/000_low_level_loop.ts";
import { inTempDir, testSetup } from "./_setup.ts";

const DATA = digits({ train: 100, validation: 40 });

Deno.test("lowLevelLoop() prints what the article's loop prints, and leaks nothing", async () => {
  const leaked = await inTempDir(async (dir) => {
    const { setup, lines } = testSetup(dir, { epochs: 2 });
    const { history } = await lowLevelLoop(setup, DATA);
    const words = lines.map((line) => line.replace(/\d+\.\d{4}$/, "#"));
    const epoch = (index: number) => [
      `\nStart of epoch ${index}`,
      "Training loss (for one batch) at step 0: #",
      "Seen so far: 64 samples",
      "Training acc over epoch: #",
      "Validation acc: #",
    ];
    assertEquals(words, [...epoch(0), ...epoch(1)]);
    assert(history.loss![1]! < history.loss![0]!);
  });
  assertEquals(leaked, 0);
});

Deno.test("lowLevelLoop() reduces the learning rate exponentially on a plateau", async () => {
  await inTempDir(async (dir) => {
    const learningRate = 1e-9; // So low that nothing improves.
    const { setup, lines } = testSetup(dir, { epochs: 5, learningRate });
    const { history } = await lowLevelLoop(setup, DATA);
    const lower = learningRate * Math.exp(-0.1);
    assertEquals(history.learning_rate, [
      ...Array(4).fill(learningRate),
      lower,
    ]);
    assert(
      lines.includes(
        `Epoch 4: ReduceLROnPlateau reducing learning rate to ${lower}.`,
      ),
    );
  });
});

Deno.test("lowLevelLoop() stops in the epoch in which a plugin asks for it", async () => {
  const stopper: Plugin = {
    name: "stopper",
    onTrainBatchEnd(batch, _logs, run) {
      if (batch === 1) run.stop("two batches are enough");
    },
  };
  const leaked = await inTempDir(async (dir) => {
    const { setup } = testSetup(dir, { epochs: 5, batchSize: 20 }, [stopper]);
    const { epoch, outcome } = await lowLevelLoop(setup, DATA);
    assertEquals(epoch, [0]);
    assertEquals([outcome.status, outcome.by, outcome.batch], [
      "stopped",
      "stopper",
      1,
    ]);
  });
  assertEquals(leaked, 0);
});

Deno.test("lowLevelLoop() leaks nothing when a plugin throws", async () => {
  const thrower: Plugin = {
    name: "thrower",
    onTrainBatchEnd() {
      throw new Error("no");
    },
  };
  const leaked = await inTempDir(async (dir) => {
    const { setup } = testSetup(dir, { epochs: 1 }, [thrower]);
    const failed = await lowLevelLoop(setup, DATA).catch((e: Error) => e);
    assert(failed instanceof Error && failed.message.includes("thrower"));
  });
  assertEquals(leaked, 0);
});
