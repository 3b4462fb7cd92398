import { assertEquals, assertThrows } from "@std/assert";
import swapEmaWeights, {
  type SwapEmaWeightsOptions,
} from "../../plugins/swap_ema_weights.ts";
import { fakeRun, type FakeRunOptions } from "../../core/testing.ts";

/** After two batches with weights 1 and 3, at momentum 0.5: the average is 2. */
async function trained(
  options: SwapEmaWeightsOptions = {},
  run: FakeRunOptions = {},
) {
  const kit = fakeRun(swapEmaWeights({ momentum: 0.5, ...options }), run);
  await kit.fire("onTrainBegin", {});
  await kit.fire("onEpochBegin", 0, {});
  for (const [batch, weight] of [1, 3].entries()) {
    kit.weights[0] = weight;
    await kit.fire("onTrainBatchEnd", batch, {});
  }
  return kit;
}

Deno.test("tests and predictions see the average, training goes on with the weights", async () => {
  const { fire, weights } = await trained();
  for (const phase of ["Test", "Predict"] as const) {
    await fire(`on${phase}Begin`, {});
    assertEquals(weights, [2]);
    await fire(`on${phase}End`, {});
    assertEquals(weights, [3]);
  }
});

Deno.test("swapOnEpoch keeps the average in place between epochs and after the last", async () => {
  const { fire, weights } = await trained({ swapOnEpoch: true });
  await fire("onEpochEnd", 0, {});
  assertEquals(weights, [2]);
  await fire("onEpochBegin", 1, {});
  assertEquals(weights, [3]);
  await fire("onEpochEnd", 1, {});
  await fire("onTrainEnd", {});
  assertEquals(weights, [2]);
});

Deno.test("every snapshot is freed at the end, but for the one to keep", async () => {
  const freed = await trained();
  await freed.fire("onTrainEnd", {});
  assertEquals(freed.snapshots.size, 0);
  const kept = await trained({ keep: true });
  await kept.fire("onTrainEnd", {});
  assertEquals(kept.snapshots.size, 1);
  await kept.fire("onPredictBegin", {});
  assertEquals(kept.weights, [2]);
  await kept.fire("onPredictEnd", {});
  await kept.fire("onTrainBegin", {});
  assertEquals(kept.snapshots.size, 0);
});

Deno.test("a failure puts the weights back", async () => {
  const { fire, weights, snapshots } = await trained({ swapOnEpoch: true }, {
    outcome: { status: "failed" },
  });
  await fire("onEpochEnd", 0, {});
  await fire("onTrainEnd", {});
  assertEquals(weights, [3]);
  assertEquals(snapshots.size, 0);
});

Deno.test("without an average there is nothing to swap", async () => {
  const { fire, weights } = fakeRun(swapEmaWeights(), { weights: [7] });
  await fire("onTestBegin", {});
  assertEquals(weights, [7]);
  await fire("onTestEnd", {});
});

Deno.test("momentum 1 would never move, and is refused", () => {
  assertThrows(
    () => swapEmaWeights({ momentum: 1 }),
    RangeError,
    "Cannot create swap-ema-weights as 'momentum' must be >= 0 and < 1: current value is 1",
  );
});
