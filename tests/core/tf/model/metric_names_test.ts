import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  directionOf,
  metricNames,
} from "../../../../core/tf/model/metric_names.ts";

function keys(
  outputs: string[],
  metrics: Parameters<typeof metricNames>[1],
): string[] {
  return metricNames(outputs, metrics).map(({ key }) => key);
}

Deno.test("metricNames() keeps the names the user gave", () => {
  assertEquals(keys(["y"], ["accuracy"]), ["loss", "accuracy"]);
  assertEquals(keys(["y"], ["acc"]), ["loss", "acc"]);
  assertEquals(keys(["y"], "mse"), ["loss", "mse"]);
  assertEquals(keys(["y"], undefined), ["loss"]);
});

Deno.test("metricNames() names functions by their name", () => {
  const closeness = () => tf.scalar(1);
  assertEquals(
    keys(["y"], [closeness, tf.metrics.meanAbsoluteError]),
    ["loss", "closeness", "meanAbsoluteError"],
  );
});

Deno.test("metricNames() puts the output's name before the key if there are several", () => {
  assertEquals(
    keys(["a", "b"], ["accuracy"]),
    ["loss", "a_loss", "b_loss", "a_accuracy", "b_accuracy"],
  );
  assertEquals(
    keys(["a", "b"], { b: ["mae", "mse"] }),
    ["loss", "a_loss", "b_loss", "b_mae", "b_mse"],
  );
});

Deno.test("metricNames() counts repeated names", () => {
  assertEquals(
    keys(["y"], ["mae", "mae", "mae"]),
    ["loss", "mae", "mae_1", "mae_2"],
  );
});

Deno.test("metricNames() knows the direction of a metric", () => {
  const found = metricNames(["a", "b"], { a: "accuracy", b: () => 0 });
  assertEquals(found.map(({ direction }) => direction), [
    "min",
    "min",
    "min",
    "max",
    undefined,
  ]);
});

Deno.test("directionOf() knows tf.js' and Keras' names in any spelling", () => {
  for (
    const name of [
      "acc",
      "binaryAccuracy",
      "sparse_categorical_accuracy",
      "precision",
      "recall",
      "AUC",
      "f1_score",
    ]
  ) assertEquals(directionOf(name), "max", name);
  for (
    const name of ["loss", "MSE", "mae", "meanSquaredError", "hinge", "kld"]
  ) {
    assertEquals(directionOf(name), "min", name);
  }
  assertEquals(directionOf("closeness"), undefined);
});
