import { assertEquals } from "@std/assert";
import {
  allDirections,
  keysOfHook,
  validates,
  validationOf,
} from "../../../core/contract/log_keys.ts";

const always = { presence: "always", why: "" } as const;

Deno.test("keysOfHook() is the table of Keras' keys", () => {
  const keys = (
    hook: Parameters<typeof keysOfHook>[0],
  ) => [...keysOfHook(hook, ["loss", "mae"], always)!.keys()];
  assertEquals(keys("onTrainBatchEnd"), ["loss", "mae"]);
  assertEquals(keys("onTestEnd"), ["loss", "mae"]);
  assertEquals(keys("onEpochEnd"), ["loss", "mae", "val_loss", "val_mae"]);
  assertEquals(keys("onTrainEnd"), ["loss", "mae", "val_loss", "val_mae"]);
  assertEquals(keys("onPredictBatchEnd"), ["outputs"]);
  for (
    const hook of ["onTrainBegin", "onEpochBegin", "onPredictEnd"] as const
  ) assertEquals(keys(hook), []);
});

Deno.test("validates() takes a number or a list of epochs counted from 1", () => {
  assertEquals([0, 1, 2, 3].filter((epoch) => validates(epoch, 2)), [1, 3]);
  assertEquals([0, 1, 2, 3].filter((epoch) => validates(epoch, [1, 4])), [
    0,
    3,
  ]);
});

Deno.test("validationOf() says how often, from the first epoch to the last", () => {
  assertEquals(validationOf(true, 1, 0, 3).presence, "always");
  assertEquals(validationOf(true, 2, 0, 3).presence, "sometimes");
  assertEquals(validationOf(true, 2, 1, 2).presence, "always"); // Only epoch 2 runs.
  assertEquals(validationOf(true, 5, 0, 3).presence, "never");
  assertEquals(validationOf(false, 1, 0, 3).presence, "never");
});

Deno.test("allDirections() knows loss and accuracy, and takes the metrics' own", () => {
  const directions = allDirections({ f1: "max", mae: "min" });
  assertEquals([directions.loss, directions.val_loss, directions.accuracy], [
    "min",
    "min",
    "max",
  ]);
  assertEquals([directions.val_f1, directions.mae, directions.other], [
    "max",
    "min",
    undefined,
  ]);
});
