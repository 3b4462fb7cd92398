import { assertEquals } from "@std/assert";
import { begins, ends } from "../../../core/loop/list_position.ts";
import { startOfPass, startPosition } from "../../../core/run/state.ts";

Deno.test("the hooks that a loop calls tell how far it is", () => {
  const position = startPosition(0);
  const pass = (batch: number, begun = true) => ({
    ...startOfPass(),
    ...{ begun, batch, taken: batch },
  });
  for (const epoch of [0, 1]) {
    assertEquals(begins(position, "onEpochBegin", epoch), false);
    assertEquals([position.epoch, position.training], [epoch, pass(0)]);
    for (const batch of [0, 1, 2]) {
      assertEquals(begins(position, "onTrainBatchBegin", batch), false);
      assertEquals(begins(position, "onTrainBatchEnd", batch), false);
      ends(position, "onTrainBatchEnd");
      assertEquals(position.training, pass(batch + 1));
      assertEquals(position.step, 3 * epoch + batch + 1);
    }
    assertEquals(position.testing, startOfPass());
    assertEquals(begins(position, "onTestBegin", 0), false);
    assertEquals(position.testing, pass(0));
    assertEquals(begins(position, "onTestBatchEnd", 4), false);
    assertEquals(position.testing, pass(5));
    assertEquals(position.training, pass(3));
    ends(position, "onTestEnd");
    assertEquals(position.testing, startOfPass());
    assertEquals(position.training, pass(3));
    ends(position, "onEpochEnd");
    assertEquals(position.training, startOfPass());
  }
});

Deno.test("what had begun when the loop was broken off has begun; another epoch has not", () => {
  const broken = startPosition(0);
  begins(broken, "onEpochBegin", 2);
  begins(broken, "onTestBegin", 0);
  const again = () => structuredClone(broken);
  assertEquals(begins(again(), "onEpochBegin", 2), true);
  assertEquals(begins(again(), "onTestBegin", 0), true);
  const next = again();
  assertEquals(begins(next, "onEpochBegin", 3), false);
  assertEquals(next.epoch, 3);
});
