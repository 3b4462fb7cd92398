import { assertEquals } from "@std/assert";
import { fakeRun, type FakeRunOptions } from "../../../core/testing.ts";
import { optimizerSteps } from "../../../plugins/_tensorboard/optimizer_steps.ts";

async function stepsOf(options: FakeRunOptions): Promise<number> {
  const { run, fire } = fakeRun(
    { name: "nothing", onTrainBatchEnd() {} },
    options,
  );
  if (run.params.mode === "fit") {
    await fire("onTrainBegin");
    await fire("onTrainBatchEnd", 0);
  }
  return optimizerSteps(run, 7);
}

Deno.test("an optimizer counts its steps, whatever the run", async () => {
  const model = { optimizer: { iterations: 12 } };
  assertEquals(await stepsOf({ model }), 12);
});

Deno.test("without one, batches are counted, or were", async () => {
  assertEquals(await stepsOf({}), 1);
  assertEquals(await stepsOf({ model: { optimizer: {} } }), 1);
  assertEquals(await stepsOf({ params: { mode: "evaluate" } }), 7);
});
