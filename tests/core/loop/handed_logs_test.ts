import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../core/errors.ts";
import { type Declared, handedLogs } from "../../../core/loop/handed_logs.ts";
import type { HookName, LogRecord } from "../../../core/plugin.ts";

/** What is handed on where somebody reads; undefined for no logs. */
function handing(declared: Declared, reads = true) {
  const handed = handedLogs(declared, () => reads);
  return (hook: HookName, logs?: Record<string, unknown>) =>
    handed(hook, logs as LogRecord | undefined);
}

Deno.test("where nobody reads nothing need be handed in; the end of training gets the last epoch's", () => {
  const hand = handing({ metrics: ["loss"] }, false);
  assertEquals(hand("onTrainEnd"), {});
  assertEquals(hand("onTestEnd", { loss: 9 }), { loss: 9 });
  assertEquals(hand("onEpochEnd", { loss: 1 }), { loss: 1 });
  assertEquals(hand("onTestEnd", { loss: 9 }), { loss: 9 });
  assertEquals(hand("onTrainBatchEnd"), {});
  assertEquals(hand("onTrainEnd"), { loss: 1 });
});

Deno.test("a hook that gets no logs may be handed empty ones", () => {
  const hand = handing({ metrics: ["loss"] });
  assertEquals(hand("onTrainBegin", {}), {});
  assertEquals(hand("onTrainBegin"), {});
});

Deno.test("outputs are handed on as they are", () => {
  const outputs = [[1], [2]];
  const hand = handing({ metrics: ["loss"] });
  const handed = hand("onPredictBatchEnd", { outputs });
  assertEquals(handed as unknown, { outputs });
  assertEquals(Object.isFrozen(handed), true);
});

Deno.test("val_ keys belong to epochs, with each one or, with validationFreq, with some", () => {
  const both = { loss: 1, val_loss: 2 };
  for (const validationFreq of [1, 2]) {
    const hand = handing({
      metrics: ["loss"],
      validation: true,
      validationFreq,
    });
    assertEquals(hand("onEpochEnd", both), both);
    assertThrows(() => hand("onTrainBatchEnd", both), InputError, '"val_loss"');
  }
});

Deno.test("without metrics any keys will do, validation or not", () => {
  const hand = handing({ validation: true });
  assertEquals(hand("onEpochEnd", { mae: 1, val_x: 2 }), { mae: 1, val_x: 2 });
});

Deno.test("values that are no numbers are refused", () => {
  const hand = handing({});
  const message = (loss: unknown) =>
    assertThrows(() => hand("onEpochEnd", { loss }), InputError).message;
  const head = 'Cannot use the logs of onEpochEnd: "loss" is';
  assertEquals(message(null), `${head} null: expected a number`);
  assertEquals(message(undefined), `${head} undefined: expected a number`);
  assertEquals(message({}), `${head} an object: expected a number`);
  assertEquals(message("1"), `${head} a string: expected a number`);
});
