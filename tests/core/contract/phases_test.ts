import { assertEquals } from "@std/assert";
import {
  hookOf,
  isOuter,
  type Mode,
  PHASES,
  runsIn,
  WHOLE,
} from "../../../core/contract/phases.ts";
import { HOOK_NAMES, HOOKS } from "../../../core/plugin.ts";

/** The hooks of a kind of run, without `on`. */
function hooksIn(mode: Mode): string[] {
  return HOOK_NAMES.filter((hook) => runsIn(mode, hook))
    .map((hook) => hook.slice(2)).sort();
}

Deno.test("each kind of run has its hooks", () => {
  const test = ["TestBatchBegin", "TestBatchEnd", "TestBegin", "TestEnd"];
  assertEquals(hooksIn("evaluate"), test);
  assertEquals(hooksIn("fit"), [
    "EpochBegin",
    "EpochEnd",
    ...test,
    "TrainBatchBegin",
    "TrainBatchEnd",
    "TrainBegin",
    "TrainEnd",
  ]);
  assertEquals(hooksIn("predict"), [
    "PredictBatchBegin",
    "PredictBatchEnd",
    "PredictBegin",
    "PredictEnd",
  ]);
});

Deno.test("a part stands where Keras has it; evaluation and prediction also inside of training", () => {
  const places = Object.entries(PHASES).map(([phase, { within }]) =>
    `${phase}: ${within.join(", ")}`
  );
  assertEquals(places, [
    "train: run",
    "epoch: train",
    "trainBatch: epoch",
    "test: run, epoch, train",
    "testBatch: test",
    "predict: run, epoch, train",
    "predictBatch: predict",
  ]);
});

Deno.test("hookOf() finds the hook of a part, isOuter() those around a whole run", () => {
  for (const hook of HOOK_NAMES) {
    assertEquals(hookOf(HOOKS[hook].phase, HOOKS[hook].side), hook);
  }
  assertEquals(HOOK_NAMES.filter(isOuter), [
    ...["onTrainBegin", "onTestBegin", "onTestEnd", "onTrainEnd"] as const,
    ...["onPredictBegin", "onPredictEnd"] as const,
  ]);
  assertEquals(WHOLE, { fit: "train", evaluate: "test", predict: "predict" });
});
