import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import momentumSchedule from "../../plugins/momentum_schedule.ts";
import { SetupError } from "../../core/errors.ts";
import { OptionError } from "../../core/plugin.ts";
import { fakeRun } from "../../core/testing.ts";

async function momentumAfter(epoch: number): Promise<number> {
  const { run, fire } = fakeRun(momentumSchedule());
  await fire("onEpochEnd", epoch);
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
  await fresh.fire("onTrainBegin");
  assertEquals(fresh.run.optimizer.momentum, 0.9);
  const resumed = fakeRun(momentumSchedule(), {
    params: { initialEpoch: 100 },
  });
  await resumed.fire("onTrainBegin");
  assertAlmostEquals(resumed.run.optimizer.momentum, 0.945);
});

Deno.test("options out of range are rejected", () => {
  assertThrows(
    () => momentumSchedule({ to: 1 }),
    OptionError,
    "Cannot create momentum-schedule as 'to' must be >= 0 and < 1: current value is 1",
  );
  assertThrows(
    () => momentumSchedule({ epochs: 0 }),
    OptionError,
    "'epochs' must be an integer >= 1: current value is 0",
  );
});

Deno.test("it may also fall, and over one epoch it jumps", async () => {
  const { run, fire } = fakeRun(
    momentumSchedule({ from: 0.5, to: 0, epochs: 1 }),
  );
  await fire("onTrainBegin");
  assertEquals(run.optimizer.momentum, 0.5);
  await fire("onEpochEnd", 0);
  assertEquals(run.optimizer.momentum, 0);
});

Deno.test("a resumed run continues like an uninterrupted one", async () => {
  const schedule = { from: 0.5, to: 0.9, epochs: 4 };
  const whole = fakeRun(momentumSchedule(schedule));
  await whole.fire("onTrainBegin");
  for (let epoch = 0; epoch < 4; epoch++) {
    const resumed = fakeRun(momentumSchedule(schedule), {
      params: { initialEpoch: epoch },
    });
    await resumed.fire("onTrainBegin");
    assertEquals(resumed.run.optimizer.momentum, whole.run.optimizer.momentum);
    await whole.fire("onEpochEnd", epoch);
  }
  assertEquals(whole.run.optimizer.momentum, 0.9);
});

Deno.test("it reads no logs, and requires a momentum", () => {
  const { needs, requires } = momentumSchedule();
  assertEquals(needs, {});
  assertEquals(requires, ["momentum"]);
  assertThrows(
    () => fakeRun(momentumSchedule(), { momentum: null }),
    SetupError,
    "which this optimizer does not have",
  );
  assertThrows(
    () => momentumSchedule({ from: -0.1 }),
    OptionError,
    "Cannot create momentum-schedule as 'from' must be >= 0 and < 1: current value is -0.1",
  );
});
