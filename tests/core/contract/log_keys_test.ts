import { assertEquals } from "@std/assert";
import {
  allDirections,
  keyProblem,
  keysOfHook,
  keysThatCame,
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
  assertEquals([0, 1, 2, 3, 4, 5].filter((epoch) => validates(epoch, 3)), [
    2,
    5,
  ]);
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

Deno.test("validationOf() counts none before the first epoch of a run that goes on", () => {
  assertEquals(validationOf(true, 1, 2, 5).presence, "always");
  assertEquals(validationOf(true, 3, 4, 5).presence, "never");
  assertEquals(validationOf(true, [1, 2], 2, 4).presence, "never");
  assertEquals(validationOf(true, [2, 3], 2, 4).presence, "sometimes");
  assertEquals(validationOf(true, [2, 3, 4], 2, 4).presence, "always");
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

Deno.test("keysOfHook() says which keys are there in some epochs only", () => {
  const some = { presence: "sometimes", why: "every 2 epochs" } as const;
  assertEquals([...keysOfHook("onEpochEnd", ["loss"], some)!], [
    ["loss", "always"],
    ["val_loss", "sometimes"],
  ]);
  assertEquals([...keysOfHook("onTestBatchEnd", ["loss"], some)!], [
    ["loss", "always"],
  ]);
  assertEquals([...keysOfHook("onPredictBatchEnd", ["loss"], some)!], [
    ["outputs", "always"],
  ]);
});

Deno.test("keysOfHook() knows nothing where the steps do not say what they report", () => {
  assertEquals(keysOfHook("onEpochEnd", undefined, always), undefined);
  assertEquals(keysOfHook("onEpochBegin", undefined, always), new Map());
});

Deno.test("keyProblem() refuses what no log can hold under that name", () => {
  assertEquals(keyProblem("loss"), undefined);
  for (const key of ["", 3, undefined]) {
    assertEquals(
      keyProblem(key),
      'is no log key: expected a name such as "loss"',
    );
  }
  assertEquals(
    keyProblem("toString"),
    "cannot be a log key: every object has something of that name",
  );
});

Deno.test("validationOf() says why there is none, or none in some epochs", () => {
  assertEquals(
    validationOf(true, 2, 0, 3).why,
    "validation runs every 2 epochs",
  );
  assertEquals(
    validationOf(true, [2, 5], 0, 3).why,
    "validation runs after epochs 2, 5",
  );
  assertEquals(
    validationOf(true, 5, 0, 3).why,
    "validation runs every 5 epochs and so never in this run, whose last epoch is 3",
  );
});

Deno.test("validationOf() a run of no epochs misses none", () => {
  assertEquals(validationOf(true, 2, 3, 3).presence, "always");
  assertEquals(validationOf(true, 2, 5, 3).presence, "always");
});

Deno.test("allDirections() leaves a direction of a val_ key of its own alone", () => {
  const directions = allDirections({ val_f1: "min", f1: "max" });
  assertEquals([directions.f1, directions.val_f1], ["max", "min"]);
  assertEquals([directions.acc, directions.val_acc], ["max", "max"]);
});

Deno.test("keysThatCame() adds what a validation that runs now and then may add later, and nothing else", () => {
  const often = (
    presence: "always" | "sometimes" | "never",
  ) => [...keysThatCame("onEpochEnd", ["loss"], { presence, why: "" })];
  assertEquals(often("sometimes"), [["loss", "always"], [
    "val_loss",
    "sometimes",
  ]]);
  assertEquals(often("always"), [["loss", "always"]]);
  assertEquals(often("never"), [["loss", "always"]]);
  assertEquals(
    [
      ...keysThatCame("onEpochEnd", ["loss", "val_loss"], {
        presence: "sometimes",
        why: "",
      }),
    ],
    [["loss", "always"], ["val_loss", "sometimes"]],
  );
  const now = { presence: "sometimes", why: "" } as const;
  assertEquals(
    [...keysThatCame("onTrainBatchEnd", ["loss"], now)],
    [["loss", "always"]],
  );
});

Deno.test("validationOf() does not count the epochs of a run without end", () => {
  const { presence } = validationOf(true, 2, 0, Number.MAX_SAFE_INTEGER);
  assertEquals(presence, "sometimes");
  assertEquals(validationOf(true, [3, 3, 9], 2, 3).presence, "always");
});
