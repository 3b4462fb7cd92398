import { assertEquals } from "@std/assert";
import { batches, scripted, training } from "../_scripted.ts";

/** Trains batches that take so many milliseconds each and set a timer; what happened in order. */
async function trace(...took: number[]) {
  let clock = 0;
  const seen: string[] = [];
  const steps = scripted({
    train(ms) {
      clock += ms;
      seen.push(`step ${ms}`);
      setTimeout(() => seen.push("timer"));
    },
  });
  await training(steps, batches(...took), undefined, { now: () => clock });
  const during = [...seen];
  await new Promise((resolve) => setTimeout(resolve));
  return during;
}

Deno.test("timers have their turn when more than 100 ms have gone by", async () => {
  assertEquals(await trace(101, 1), ["step 101", "timer", "step 1"]);
  assertEquals(await trace(100, 0), ["step 100", "step 0"]);
});

Deno.test("the time is counted from the last turn", async () => {
  assertEquals(
    await trace(150, 60, 30, 60),
    [
      "step 150",
      "timer",
      "step 60",
      "step 30",
      "step 60",
      "timer",
      "timer",
      "timer",
    ],
  );
});

Deno.test("a clock that is set back keeps nobody waiting", async () => {
  assertEquals(
    await trace(150, -5000, 10),
    ["step 150", "timer", "step -5000", "timer", "step 10"],
  );
});
