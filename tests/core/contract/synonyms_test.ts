import { assertEquals } from "@std/assert";
import { synonymOf } from "../../../core/contract/synonyms.ts";

/** What a metric is called in Keras, in tf.js, and for short. */
const WORDS = {
  accuracy: [
    "acc",
    "ACC",
    "binary_accuracy",
    "binaryAccuracy",
    "categorical_accuracy",
    "categoricalAccuracy",
    "sparse_categorical_accuracy",
    "sparseCategoricalAccuracy",
  ],
  mse: ["MSE", "mean_squared_error", "meanSquaredError"],
  mae: ["MAE", "mean_absolute_error", "meanAbsoluteError"],
  mape: ["mean_absolute_percentage_error", "meanAbsolutePercentageError"],
  msle: ["mean_squared_logarithmic_error", "meanSquaredLogarithmicError"],
  cosine: ["cosine_proximity", "cosineProximity", "cosine_similarity"],
  learning_rate: ["lr", "learningRate"],
};

Deno.test("a metric is known by its other words, and its validation too", () => {
  const known = ["loss", ...Object.keys(WORDS)];
  const withVal = [...known, ...known.map((key) => `val_${key}`)];
  for (const [key, others] of Object.entries(WORDS)) {
    for (const other of others) {
      assertEquals(synonymOf(other, known), key);
      assertEquals(synonymOf(key, ["loss", other]), other);
      assertEquals(synonymOf(`val_${other}`, withVal), `val_${key}`);
      assertEquals(synonymOf(`val_${other}`, known), undefined);
    }
  }
});

Deno.test("a word that nothing is known of means nothing else", () => {
  assertEquals(synonymOf("f1", ["loss", "f2"]), undefined);
  assertEquals(synonymOf("acc", ["loss", "f2"]), undefined);
});
