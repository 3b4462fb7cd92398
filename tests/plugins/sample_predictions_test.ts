import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { OptionError, type TestBatch, type Values } from "../../core/plugin.ts";
import { fakeRun, type FakeRunOptions } from "../../core/testing.ts";
import samplePredictions, {
  type SamplePredictionsOptions,
} from "../../plugins/sample_predictions.ts";
import { batch, values } from "./_values.ts";

async function shown(
  validation: readonly TestBatch[],
  options: SamplePredictionsOptions = {},
  fake: FakeRunOptions = {},
): Promise<readonly string[]> {
  const plugin = samplePredictions(options);
  const { fire, lines } = fakeRun(plugin, { validation, ...fake });
  await fire("onEpochEnd", 0);
  return lines;
}

const THREE = values([3, 2], [0.9, 0.1, 0.25, 0.75, 0.6, 0.4]);

Deno.test("class and probability beside the true class; wrong ones are marked", async () => {
  const lines = await shown([batch(THREE, values([3], [0, 1, 1]))], {
    labels: ["cat", "dog"],
  });
  assertEquals(lines, [
    "Predictions after epoch 1",
    "  sample  actual  predicted  probability",
    "  0       cat     cat             0.9000",
    "  1       dog     dog             0.7500",
    "  2       dog     cat             0.6000  ✗ wrong",
  ]);
});

Deno.test("only the first samples, from as many batches as it takes", async () => {
  const two = [
    batch(THREE, values([3], [0, 1, 1])),
    batch(THREE, values([3], [0, 1, 1])),
  ];
  assertEquals((await shown(two, { count: 2 })).length, 4);
  assertEquals((await shown(two)).length, 7);
  assertEquals((await shown(two, { count: 9 })).length, 8);
  assertEquals(await shown([]), []);
});

Deno.test("one-hot labels; logits are shown as their softmax", async () => {
  const logits = values([1, 2], [0, Math.log(3)]);
  const lines = await shown([batch(logits, values([1, 2], [0, 1]))]);
  assertEquals(lines.at(-1), "  0       1       1               0.7500");
});

Deno.test("a single output between 0 and 1 beside labels of 0 and 1 means two classes", async () => {
  const outputs = values([2, 1], [0.2, 0.75]);
  const lines = await shown([batch(outputs, values([2, 1], [1, 1]))]);
  assertEquals(lines.slice(2), [
    "  0       1       0               0.8000  ✗ wrong",
    "  1       1       1               0.7500",
  ]);
});

Deno.test("for other outputs the values are shown", async () => {
  const outputs = values([2, 1], [1.5, NaN]);
  assertEquals(await shown([batch(outputs, values([2], [1.25, -20]))]), [
    "Predictions after epoch 1",
    "  sample    actual  predicted",
    "  0         1.2500     1.5000",
    "  1       -20.0000        nan",
  ]);
  const wide = values([1, 5], [1, 2, 3, 4, 5]);
  assertStringIncludes(
    (await shown([batch(wide, wide)])).at(-1)!,
    "1.0000 2.0000 3.0000 4.0000 …",
  );
});

Deno.test("pictures are drawn side by side, halved if they are wide", async () => {
  const dot = [1, 0, 0, 0, 1, 1, 0, 0, 0];
  const inputs = values([2, 3, 3], [...dot, ...dot.toReversed()]);
  const fake = { predict: () => [values([2, 2], [1, 0, 1, 0])] };
  const labels = values([2], [0, 0]);
  const lines = await shown([batch(inputs, labels)], { draw: true }, fake);
  assertEquals(lines.slice(1, 3), ["  ▀▄▄  ▄▄", "         ▀"]);
  const wide = values([1, 28, 28, 1], Array(784).fill(0).with(0, 1));
  const one = { predict: () => [values([1, 2], [1, 0])] };
  const halved = await shown(
    [batch(wide, values([1], [0]))],
    { draw: true },
    one,
  );
  assertEquals(halved[1], "  ▀");
});

Deno.test("inputs that are not pictures are reported, and switch it off", async () => {
  const lines = await shown([batch(THREE, values([3], [0, 1, 1]))], {
    draw: true,
  });
  assertStringIncludes(
    lines.at(-1)!,
    "cannot draw inputs of shape [3, 2]: expected [n, height, width] or [n, height, width, 1]; leave 'draw' out",
  );
});

Deno.test("predictions are freed", async () => {
  const alive = new Set<Values>();
  await shown([batch(THREE, values([3], [0, 1, 1]))], {}, {
    predict: () => [values([3, 2], [1, 0, 1, 0, 1, 0], alive)],
  });
  assertEquals(alive.size, 0);
});

Deno.test("every few epochs, and after an evaluation", async () => {
  const validation = [batch(THREE, values([3], [0, 1, 1]))];
  const fit = fakeRun(samplePredictions({ every: 3 }), { validation });
  for (let epoch = 0; epoch < 6; epoch++) await fit.fire("onEpochEnd", epoch);
  assertEquals(fit.lines.filter((line) => line.startsWith("Pred")), [
    "Predictions after epoch 3",
    "Predictions after epoch 6",
  ]);
  const evaluation = fakeRun(samplePredictions(), {
    validation,
    params: { mode: "evaluate" },
  });
  await evaluation.fire("onTestEnd");
  assertEquals(evaluation.lines[0], "Predictions of the evaluation");
});

Deno.test("options out of range are rejected with their value", () => {
  const cases: [SamplePredictionsOptions, string][] = [
    [{ count: 0 }, "'count' must be an integer >= 1: current value is 0"],
    [{ every: 0.5 }, "'every' must be an integer >= 1: current value is 0.5"],
    [{ output: -1 }, "'output' must be an integer >= 0: current value is -1"],
  ];
  for (const [options, message] of cases) {
    assertThrows(
      () => samplePredictions(options),
      OptionError,
      `Cannot create sample-predictions as ${message}`,
    );
  }
});
