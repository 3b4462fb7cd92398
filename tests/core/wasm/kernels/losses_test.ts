import { assert } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { assertSame, normal } from "../_on_both.ts";

const l = tf.layers;
const flat = [6];

const LOSSES = [
  ...[
    "meanSquaredError",
    "meanAbsoluteError",
    "categoricalCrossentropy",
    "binaryCrossentropy",
  ],
  ...[
    "cosineProximity",
    "hinge",
    "squaredHinge",
    "kullbackLeiblerDivergence",
    "poisson",
  ],
  ...["meanAbsolutePercentageError", "meanSquaredLogarithmicError", "logcosh"],
];

for (const loss of LOSSES) {
  Deno.test(`loss ${loss} trains on wasm as on cpu`, async () => {
    await tf.setBackend("cpu");
    const model = tf.sequential({
      layers: [l.dense({ units: 4, inputShape: flat, activation: "softmax" })],
    });
    model.compile({ optimizer: "sgd", loss });
    const weights = model.getWeights().map((w) => w.clone());
    const run = () => {
      model.setWeights(weights);
      const x = normal([8, 6], 1), y = tf.softmax(normal([8, 4], 2));
      return model.evaluate(x, y) as tf.Scalar;
    };
    await assertSame(run);
    for (const backend of ["cpu", "wasm"]) {
      await tf.setBackend(backend);
      model.setWeights(weights);
      const x = normal([8, 6], 1), y = tf.softmax(normal([8, 4], 2));
      const history = await model.fit(x, y, { epochs: 3, verbose: 0 });
      assert(Number.isFinite(history.history["loss"]?.at(-1)));
    }
    tf.disposeVariables();
  });
}
