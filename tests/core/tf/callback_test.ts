import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { batches, scripted, training } from "../_scripted.ts";

Deno.test("a tf.js Callback instance gets the model, and may stop it", async () => {
  class Stopper extends tf.Callback {
    override onEpochEnd(): Promise<void> {
      (this as unknown as { model: tf.LayersModel }).model.stopTraining = true;
      return Promise.resolve();
    }
  }
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
  });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const history = await training(
    scripted({ model }),
    batches(1, 3),
    undefined,
    { epochs: 2, plugins: [new Stopper()] },
  );
  assertEquals(history.epoch, [0]);
  assertEquals(history.outcome.reason, "the callback set model.stopTraining");
  model.dispose();
});
