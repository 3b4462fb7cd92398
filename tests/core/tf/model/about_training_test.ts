import { assertEquals, assertMatch } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { aboutTraining } from "../../../../core/tf/model/about_training.ts";
import { compiledModel } from "../../../../core/tf/model/compiled_model.ts";

function aboutModel(layers: readonly tf.layers.Layer[]): string {
  const model = tf.sequential({ layers: [...layers] });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  try {
    return aboutTraining(compiledModel(model), {}).model!;
  } finally {
    model.dispose();
  }
}

const first = (units = 4, seed = 1) =>
  tf.layers.dense({
    units,
    inputShape: [2],
    kernelInitializer: tf.initializers.glorotUniform({ seed }),
  });

Deno.test("models of the same layers are the same, however tf.js numbers them and whatever they began with", () => {
  const nested = (seed: number) =>
    tf.sequential({ layers: [first(2, seed), tf.layers.reLU()] });
  const all = (seed: number) => aboutModel([nested(seed), first(1, seed)]);
  assertMatch(all(1), /^3 layers, [0-9a-f]{8}$/);
  assertEquals(all(2), all(1));
});

Deno.test("a layer more, another rate or another activation makes another model, also where the weights are alike", () => {
  const dropout = (rate: number) => tf.layers.dropout({ rate });
  const relu = tf.layers.dense({
    units: 4,
    inputShape: [2],
    activation: "relu",
  });
  const models = [
    [first()],
    [first(), dropout(0.1)],
    [first(), dropout(0.2)],
    [relu],
  ].map(aboutModel);
  assertEquals(new Set(models).size, 4, models.join("\n"));
});

Deno.test("a layer of one's own that cannot be told in words is counted", () => {
  const layer = first();
  layer.getConfig = () => {
    throw new Error("not known");
  };
  assertEquals(aboutModel([layer]), "1 layer");
});
