import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import momentumSchedule from "../../plugins/momentum_schedule.ts";
import { fakeRun } from "../../core/testing.ts";

async function momentumAfter(epoch: number): Promise<number> {
  const { run, fire } = fakeRun(momentumSchedule());
  await fire("onEpochEnd", epoch, {});
  return run.optimizer.momentum;
}

Deno.test("0.9 to 0.99 over 200 epochs, then constant", async () => {
  assertAlmostEquals(await momentumAfter(0), 0.90045);
  assertAlmostEquals(await momentumAfter(99), 0.945);
  assertEquals(await momentumAfter(199), 0.99);
  assertEquals(await momentumAfter(500), 0.99);
});

Deno.test("training begins with the momentum of its first epoch", async () => {
  const fresh = fakeRun(momentumSchedule(), { momentum: 0.5 });
  await fresh.fire("onTrainBegin", {});
  assertEquals(fresh.run.optimizer.momentum, 0.9);
  const resumed = fakeRun(momentumSchedule(), {
    params: { initialEpoch: 100 },
  });
  await resumed.fire("onTrainBegin", {});
  assertAlmostEquals(resumed.run.optimizer.momentum, 0.945);
});

Deno.test("options out of range are refused", () => {
  assertThrows(
    () => momentumSchedule({ to: 1 }),
    RangeError,
    "Cannot create momentum-schedule as 'to' must be >= 0 and < 1: current value is 1",
  );
  assertThrows(
    () => momentumSchedule({ epochs: 0 }),
    RangeError,
    "'epochs' must be an integer >= 1: current value is 0",
  );
});
