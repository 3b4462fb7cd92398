import { assertEquals, assertThrows } from "@std/assert";
import { nesting } from "../../../core/loop/nesting.ts";

Deno.test("what is open is inside, until it is ended or forgotten", () => {
  const nested = nesting();
  assertEquals(nested.inside, false);
  nested.enter("onTestBegin", 0);
  assertEquals(nested.inside, true);
  nested.enter("onTestEnd", 0);
  assertEquals(nested.inside, false);
  nested.enter("onTestBegin", 0);
  nested.clear();
  assertEquals(nested.inside, false);
});

Deno.test("open() has the end hooks of what may be a whole run, innermost first", () => {
  const nested = nesting();
  nested.enter("onTrainBegin", 0);
  nested.enter("onEpochBegin", 3);
  nested.enter("onTestBegin", 0);
  nested.enter("onTestBatchBegin", 0);
  assertEquals(nested.open(), ["onTestEnd", "onTrainEnd"]);
});

Deno.test("a part at a wrong place is told where it belongs", () => {
  const nested = nesting();
  nested.enter("onTrainBegin", 0);
  nested.enter("onEpochBegin", 0);
  nested.enter("onTrainBatchBegin", 0);
  assertEquals(
    assertThrows(() => nested.enter("onTestBegin", 0), Error).message,
    "onTestBegin was called inside of onTrainBatchBegin and onTrainBatchEnd: expected inside of onEpochBegin or onTrainBegin",
  );
});
