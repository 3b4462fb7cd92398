import { assertEquals, assertRejects } from "@std/assert";
import type * as tf from "@tensorflow/tfjs";
import { InputError } from "../../../../core/errors.ts";
import { evaluate } from "../../../../core/tf/evaluate.ts";
import { fit } from "../../../../core/tf/fit.ts";
import { linear, twoByTwo } from "../_models.ts";

const data = { x: [1, 2], y: [1, 2] };
const args = { optimizer: "sgd", loss: "meanSquaredError" };

function compiledWith(more: object): tf.LayersModel {
  const model = linear();
  model.compile({ ...args, ...more });
  return model;
}

Deno.test("what tf.js' compile would ignore is refused, and what to do instead is said", async () => {
  const messages: [string, string][] = [
    [
      "lossWeights",
      ": put the weights into losses of your own, one per output",
    ],
    [
      "sampleWeightMode",
      ": weights per sample go with the data, { x, y, sampleWeight }",
    ],
    ["weightedMetrics", ": metrics here take no sample weights"],
    ["metric", ', did you mean "metrics"?'],
    ["runEagerly", ": it takes optimizer, loss, metrics"],
  ];
  for (const [name, instead] of messages) {
    const model = compiledWith({ [name]: [0.5] });
    const error = await assertRejects(() => fit(model, data), InputError);
    assertEquals(
      error.message,
      `Cannot train or evaluate model "${model.name}": its compile was given "${name}", which tf.js does not have and would ignore${instead}`,
    );
    await assertRejects(() => evaluate(model, data), InputError, name);
  }
});

Deno.test("a functional model's compile is watched too, and compiling it again forgets", async () => {
  const model = twoByTwo();
  const losses = { sum: args.loss, kind: "sparseCategoricalCrossentropy" };
  const given = { optimizer: "sgd", loss: losses, lossWeights: { sum: 0.5 } };
  model.compile(given);
  const two = { x: { a: [[1, 2]], b: [[3, 4]] }, y: { sum: [1], kind: [0] } };
  await assertRejects(() => fit(model, two), InputError, "lossWeights");
  model.compile({ optimizer: "sgd", loss: losses });
  await fit(model, two);
});

Deno.test("an argument left out as null or undefined is not given", async () => {
  const more = { lossWeights: null, weightedMetrics: undefined };
  await fit(compiledWith(more), data);
});
