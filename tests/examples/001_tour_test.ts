import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { Plugin } from "@hookloop/hookloop";
import { fakeRun } from "@hookloop/hookloop/testing";
import { digits, exoticParticles } from "@hookloop/hookloop/data";
import tour, { lrSchedule } from "../../examples/001_tour.ts";
import { stopOnThreshold } from "../../examples/001_tour/stop_on_threshold.ts";
import { inTempDir, testSetup } from "./_setup.ts";

Deno.test("lrSchedule() rises for ten epochs, then decays", () => {
  assertAlmostEquals(lrSchedule(0, 0.001), 0.002);
  assertAlmostEquals(lrSchedule(9, 0.01), 0.011);
  assertAlmostEquals(lrSchedule(10, 0.011), 0.011 * Math.exp(-0.1));
});

Deno.test("stopOnThreshold() of the tour stops only above its threshold", async () => {
  const { fire, stops } = fakeRun(stopOnThreshold(0.9));
  await fire("onEpochEnd", 0, { val_accuracy: 0.9 });
  assertEquals(stops, []);
  await fire("onEpochEnd", 1, { val_accuracy: 0.91 });
  assertEquals(stops, ["val_accuracy passed 0.9"]);
});

Deno.test("tour() logs, checkpoints and reloads, then trains as the paper does", async () => {
  const rates: number[] = [];
  const momenta: number[] = [];
  const spy: Plugin = {
    name: "spy",
    onTrainEnd(_logs, { optimizer, params }) {
      rates.push(optimizer.learningRate);
      // The digits' optimizer, Adam, has no momentum.
      if (params.batchSize === 100) momenta.push(optimizer.momentum);
    },
  };
  const leaked = await inTempDir(async (dir) => {
    const { setup, lines } = testSetup(dir, { epochs: 1 }, [spy]);
    const { history } = await tour(
      setup,
      digits({ train: 128, validation: 32 }),
      exoticParticles({ train: 200, validation: 100 }),
    );
    const csv = Deno.readTextFileSync(`${dir}/results/training.csv`);
    assertEquals(
      csv.split("\r\n")[0],
      "epoch,accuracy,learning_rate,loss,val_accuracy,val_loss",
    );
    assert(Deno.statSync(`${dir}/checkpoint/model.json`).isFile);
    assert(lines.at(-1)!.startsWith("Reloaded: validation accuracy 0."));
    assertEquals(history.val_loss!.length, 1);
  });
  // Each of two batches of 100 lowers the learning rate once.
  assertEquals(rates.map((rate) => rate.toFixed(10)), [
    "0.0020000000",
    (0.05 / 1.0000002 ** 2).toFixed(10),
  ]);
  assertAlmostEquals(momenta[0]!, 0.9 + 0.09 / 200, 1e-12);
  assertEquals(leaked, forgotten());
});

/** Tensors that tf.js' own momentum optimizer leaves behind: it forgets its learning rate. */
function forgotten(): number {
  const before = tf.memory().numTensors;
  tf.train.momentum(0.05, 0.9).dispose();
  return tf.memory().numTensors - before;
}
