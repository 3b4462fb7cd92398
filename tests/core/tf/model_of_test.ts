import { assert, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { modelOf } from "../../../core/tf/model_of.ts";
import { linear } from "./_models.ts";

Deno.test("modelOf() returns the run's model with its type", () => {
  const model = linear();
  assert(modelOf({ model }) === model);
  const inputs = tf.input({ shape: [1] });
  assert(modelOf({ model: tf.model({ inputs, outputs: inputs }) }).getLayer);
});

Deno.test("modelOf() says what a run has instead", () => {
  assertThrows(
    () => modelOf({ model: undefined }),
    TypeError,
    `Cannot take the model of this run: it has none; give one as 'model', or say requires: ["model"] in the plugin`,
  );
  assertThrows(
    () => modelOf({ model: new Map() }),
    TypeError,
    `Cannot take the model of this run as a tf.LayersModel: it is of class "Map"; use run.model itself`,
  );
  assertThrows(() => modelOf({ model: 3 }), TypeError, "it is a number");
});
