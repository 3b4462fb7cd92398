import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import terminateOnNan from "../../plugins/terminate_on_nan.ts";
import { PluginError } from "../../core/errors.ts";
import type { NonFinite } from "../../core/plugin.ts";
import { fakeRun } from "../../core/testing.ts";

Deno.test("NaN and infinite losses stop the run, in Keras' words", async () => {
  for (const loss of [NaN, Infinity, -Infinity]) {
    const { fire, stops, lines } = fakeRun(terminateOnNan());
    await fire("onTrainBatchEnd", 0, { loss: 1 });
    assertEquals(stops, []);
    await fire("onTrainBatchEnd", 3, { loss });
    assertEquals(stops, [`the loss is ${loss} in batch 3`]);
    assertEquals(lines, ["Batch 3: Invalid loss, terminating training"]);
  }
});

Deno.test("raiseError fails the run instead", async () => {
  const { fire, stops } = fakeRun(terminateOnNan({ raiseError: true }));
  const { cause } = await assertRejects(
    () => fire("onTrainBatchEnd", 0, { loss: NaN }),
    PluginError,
    "NaN or Inf loss encountered: the loss is NaN",
  );
  assertInstanceOf(cause, RangeError);
  assertEquals(stops, []);
});

Deno.test("it reads only the loss of batches", () => {
  assertEquals(terminateOnNan().needs, { onTrainBatchEnd: ["loss"] });
});

Deno.test("finite losses continue, raiseError or not, however large", async () => {
  for (const raiseError of [false, true]) {
    const { fire, stops, lines } = fakeRun(terminateOnNan({ raiseError }));
    for (const loss of [0, -1, 1e300, Number.MAX_VALUE]) {
      await fire("onTrainBatchEnd", 0, { loss });
    }
    assertEquals([stops, lines], [[], []]);
  }
});

Deno.test("it looks only at training", () => {
  const hooks = Object.keys(terminateOnNan()).filter((key) =>
    key.startsWith("on")
  );
  assertEquals(hooks, ["onTrainBatchEnd"]);
});

Deno.test("an infinite loss is reported as such", async () => {
  const { fire } = fakeRun(terminateOnNan({ raiseError: true }));
  const { cause } = await assertRejects(
    () => fire("onTrainBatchEnd", 2, { loss: -Infinity }),
    PluginError,
    "NaN or Inf loss encountered: the loss is -Infinity",
  );
  assertInstanceOf(cause, RangeError);
});

Deno.test("with search it says what went bad first, in a step or before it", async () => {
  const found = { value: NaN, at: [2, 5], count: 1, size: 64 } as const;
  const reasons: string[] = [];
  const step = (part: NonFinite["part"], name: string, more = {}) => ({
    ...{ ...found, part, name },
    ...more,
  });
  const finite = { largestWeight: 0.5 };
  for (
    const it of [
      step("input", "x"),
      step("target", "y"),
      step("sampleWeight", "y", { at: [2] }),
      step("weight", "kernel", { layer: "a" }),
      step("weight", "a/kernel", { layer: "a" }),
      step("output", "a", finite),
      step("loss", "y", { at: [2], ...finite }),
      step("totalLoss", "loss", { at: [], size: 1, ...finite }),
      step("gradient", "a/kernel", { layer: "a", ...finite }),
      step("output", "a", { largestWeight: 1.26e30 }),
      undefined,
    ]
  ) {
    const { fire, stops, snapshots } = fakeRun(
      terminateOnNan({ search: true }),
      { firstNonFinite: (where) => where === "step" ? it : undefined },
    );
    await fire("onTrainBatchBegin", 7);
    await fire("onTrainBatchEnd", 7, { loss: NaN });
    assertEquals(snapshots.size, 0);
    reasons.push(stops[0]!.replace("the loss is NaN in batch 7: ", ""));
  }
  const many = "NaN in 1 of 64 values, first at [2, 5]";
  const some = "NaN in 1 of 64 values, first in sample 2 of the batch";
  assertEquals(reasons, [
    `input "x" is ${some} at [5]`,
    `the target of output "y" is ${some} at [5]`,
    `the sample weight of output "y" is ${some}`,
    `weight "kernel" of layer "a" before the step is ${many}`,
    `weight "a/kernel" before the step is ${many}`,
    `what layer "a" puts out is ${some} at [5]; what it gets is finite, and so are all weights`,
    `the loss of output "y" is ${some}; the outputs and all weights are finite`,
    "the sum of the losses and penalties is NaN; each loss is finite",
    `the gradient of weight "a/kernel" is ${many}; the loss, all weights and the gradients behind it are finite`,
    `what layer "a" puts out is ${some} at [5]; the weights had grown to 1.3e+30: the learning rate may be too high`,
    "the batch by itself gives no reason",
  ]);
});

Deno.test("with search weights that are not finite stop the run, though the loss is, and raiseError fails it", async () => {
  const weight: NonFinite = {
    ...{ part: "weight", name: "a/kernel", layer: "a" },
    ...{ value: -Infinity, at: [0], count: 1, size: 2 },
  };
  const found = { firstNonFinite: () => weight };
  const { fire, stops, run, weights } = fakeRun(
    terminateOnNan({ search: true }),
    { ...found, weights: [1] },
  );
  await fire("onTrainBatchBegin", 0);
  weights[0] = 2;
  await fire("onTrainBatchEnd", 0, { loss: 0.5 });
  assertEquals(stops, [
    'the weights are -Infinity after a loss of 0.5 in batch 0: weight "a/kernel" before the step is -Infinity in 1 of 2 values, first at [0]',
  ]);
  assertEquals(weights, [2], "the weights are as the step left them");
  assertEquals(run.weights.has("before"), false);
  const failing = fakeRun(
    terminateOnNan({ search: true, raiseError: true }),
    found,
  );
  await failing.fire("onTrainBatchBegin", 0);
  await assertRejects(
    () => failing.fire("onTrainBatchEnd", 0, { loss: NaN }),
    PluginError,
    'NaN or Inf loss encountered: the loss is NaN: weight "a/kernel" before the step is -Infinity',
  );
});
