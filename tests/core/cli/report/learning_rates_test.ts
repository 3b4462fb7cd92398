import { assertEquals } from "@std/assert";
import { learningRates } from "../../../../core/cli/report/learning_rates.ts";

import { FACTS, logOf, reportOf } from "./page/_report.ts";

/** A plugin sets the learning rate. */
const set = (
  epoch: number,
  hook: string,
  value: unknown,
  more: object = {},
) => ({
  ...{ at: 1, kind: "act", by: "live", hook, epoch, ...more },
  what: { kind: "set", setting: "learningRate", value },
});

/** The rates of the three epochs of a run. */
async function ratesOf(...events: object[]) {
  return (await reportOf(FACTS, logOf(events))).rates;
}

Deno.test("a learning rate that is set in an epoch is that epoch's, at its end the next one's", async () => {
  const was = { was: 0.1 };
  assertEquals(
    await ratesOf(set(1, "onTrainBatchEnd", 0.2, was)),
    [0.1, 0.2, 0.2],
  );
  assertEquals(
    await ratesOf(
      set(0, "onEpochBegin", 0.5, was),
      set(0, "onEpochEnd", 0.2),
      set(1, "onTrainBatchEnd", 0.3),
      set(1, "onTrainBatchEnd", 0.4),
    ),
    [0.5, 0.4, 0.4],
  );
});

Deno.test("where it never changed, or is in the logs, there is none to tell", async () => {
  assertEquals(await ratesOf(), undefined);
  assertEquals(await ratesOf(set(0, "onTrainBegin", 0.2)), undefined);
  assertEquals(await ratesOf(set(2, "onEpochEnd", 0.2, { was: 1 })), undefined);
  const shadow = { shadow: true, was: 1 };
  assertEquals(await ratesOf(set(1, "onEpochBegin", 0.2, shadow)), undefined);
  assertEquals(await ratesOf(set(1, "onEpochBegin", "x")), undefined);
  const history = { ...FACTS.history, learning_rate: [1, 1, 1] };
  const log = logOf([set(1, "onEpochBegin", 0.2, { was: 1 })]);
  assertEquals((await reportOf({ ...FACTS, history }, log)).rates, undefined);
});

Deno.test("epochs of a damaged record cost nothing", () => {
  assertEquals(learningRates().of([1e15]), undefined);
});
