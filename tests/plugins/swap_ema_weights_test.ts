import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import swapEmaWeights, {
  type SwapEmaWeightsOptions,
} from "../../plugins/swap_ema_weights.ts";
import { callbackList } from "../../core/loop/mod.ts";
import { OptionError } from "../../core/plugin.ts";
import { fakeResources } from "../../core/run/fake_resources.ts";
import { fakeRun, type FakeRunOptions } from "../../core/testing.ts";
import { evaluate } from "../../core/tf/evaluate.ts";
import { fit } from "../../core/tf/fit.ts";
import { notebook } from "../core/_scripted.ts";

/** After two batches with weights 1 and 3, at momentum 0.5: the average is 2. */
async function trained(
  options: SwapEmaWeightsOptions = {},
  run: FakeRunOptions = {},
) {
  const plugin = swapEmaWeights({ momentum: 0.5, ...options });
  const kit = fakeRun(plugin, run);
  await kit.fire("onTrainBegin");
  await kit.fire("onEpochBegin", 0);
  for (const [batch, weight] of [1, 3].entries()) {
    kit.weights[0] = weight;
    await kit.fire("onTrainBatchEnd", batch);
  }
  return { plugin, ...kit };
}

Deno.test("tests and predictions see the average, training continues with the weights", async () => {
  const { plugin, fire, weights } = await trained({ keep: true });
  await fire("onTestBegin");
  assertEquals(weights, [2]);
  await fire("onTestEnd");
  assertEquals(weights, [3]);
  await fire("onTrainEnd");
  assertEquals(weights, [2]);
  const later = fakeRun(plugin, { params: { mode: "predict" }, weights: [3] });
  await later.fire("onPredictBegin");
  assertEquals(later.weights, [2]);
  await later.fire("onPredictEnd");
  assertEquals(later.weights, [3]);
});

Deno.test("a prediction in the middle of training sees the average too", async () => {
  const weights = [0];
  const list = callbackList({
    ...fakeResources({}, weights, new Set()),
    plugins: [swapEmaWeights({ momentum: 0.5 })],
    printer: notebook(),
  });
  await list.onTrainBegin();
  await list.onEpochBegin(0);
  for (const [batch, weight] of [1, 3].entries()) {
    await list.onTrainBatchBegin(batch);
    weights[0] = weight;
    await list.onTrainBatchEnd(batch, { loss: 1 });
  }
  await list.onPredictBegin();
  assertEquals(weights, [2]);
  await list.onPredictEnd();
  assertEquals(weights, [3]);
  await list.onEpochEnd(0, { loss: 1 });
  await list.onTrainEnd();
});

Deno.test("the average stays in the model at the end, as in Keras", async () => {
  const { fire, weights, snapshots } = await trained();
  await fire("onEpochEnd", 0);
  assertEquals(weights, [3]);
  await fire("onTrainEnd");
  assertEquals([weights, snapshots.size], [[2], 0]);
});

Deno.test("swapOnEpoch keeps the average in place between epochs and after the last", async () => {
  const { fire, weights } = await trained({ swapOnEpoch: true });
  await fire("onEpochEnd", 0);
  assertEquals(weights, [2]);
  await fire("onEpochBegin", 1);
  assertEquals(weights, [3]);
  await fire("onEpochEnd", 1);
  await fire("onTrainEnd");
  assertEquals(weights, [2]);
});

Deno.test("every snapshot is freed at the end, except the one to keep", async () => {
  const freed = await trained();
  await freed.fire("onTrainEnd");
  assertEquals(freed.snapshots.size, 0);
  const kept = await trained({ keep: true });
  await kept.fire("onTrainEnd");
  assertEquals(kept.snapshots.size, 1);
  const later = fakeRun(kept.plugin, { params: { mode: "predict" } });
  await later.fire("onPredictBegin");
  assertEquals(later.weights, [2]);
  await later.fire("onPredictEnd");
  assertEquals([kept.snapshots.size, later.snapshots.size], [1, 0]);
});

Deno.test("a failure puts the weights back", async () => {
  const { fire, weights, snapshots } = await trained({ swapOnEpoch: true }, {
    outcome: { status: "failed" },
  });
  await fire("onEpochEnd", 0);
  await fire("onTrainEnd");
  assertEquals(weights, [3]);
  assertEquals(snapshots.size, 0);
});

Deno.test("without an average there is nothing to swap", async () => {
  const { fire, weights } = fakeRun(swapEmaWeights(), { weights: [7] });
  await fire("onTestBegin");
  assertEquals(weights, [7]);
  await fire("onTestEnd");
});

Deno.test("momentum 1 would never move, and is rejected", () => {
  assertThrows(
    () => swapEmaWeights({ momentum: 1 }),
    OptionError,
    "Cannot create swap-ema-weights as 'momentum' must be >= 0 and < 1: current value is 1",
  );
});

Deno.test("the average starts with the weights of the first batch", async () => {
  const { fire, weights, snapshots } = await trained({ momentum: 0.75 });
  assertEquals(snapshots.size, 1);
  await fire("onTestBegin");
  assertEquals(weights, [0.75 * 1 + 0.25 * 3]);
  assertEquals(snapshots.size, 2);
  await fire("onTestEnd");
  assertEquals(snapshots.size, 1);
});

Deno.test("momentum 0 keeps the last weights", async () => {
  const { fire, weights } = await trained({ momentum: 0 });
  weights[0] = 9; // As if something else had changed them since.
  await fire("onTestBegin");
  assertEquals(weights, [3]);
  await fire("onTestEnd");
  assertEquals(weights, [9]);
});

Deno.test("a test leaves the average as it is, however often it runs", async () => {
  const { fire, weights } = await trained();
  for (let time = 0; time < 3; time++) {
    await fire("onTestBegin");
    assertEquals(weights, [2]);
    await fire("onTestEnd");
    assertEquals(weights, [3]);
  }
});

Deno.test("without swapOnEpoch the weights are in place between epochs", async () => {
  const { fire, weights } = await trained();
  await fire("onEpochEnd", 0);
  assertEquals(weights, [3]);
  await fire("onEpochBegin", 1);
  assertEquals(weights, [3]);
});

Deno.test("emaOverwriteFrequency goes on from the average every so many batches of the run", async () => {
  const { fire, weights } = fakeRun(
    swapEmaWeights({ momentum: 0.5, emaOverwriteFrequency: 2 }),
  );
  const after: number[] = [];
  for (let batch = 0; batch < 5; batch++) {
    weights[0]! += 1;
    await fire("onTrainBatchEnd", batch);
    after.push(weights[0]!);
  }
  // The averages: 1, 1.5, 2, 2.75, 3.25.
  assertEquals(after, [1, 1.5, 2.5, 2.75, 3.75]);
});

Deno.test("it acts before the plugins listed before it: they see what it puts in the model", async () => {
  const weights = [0];
  const seen: number[] = [];
  const look = () => void seen.push(weights[0]!);
  const list = callbackList({
    ...fakeResources({}, weights, new Set()),
    plugins: [
      { name: "look", needs: {}, onTrainBatchEnd: look, onTrainEnd: look },
      swapEmaWeights({ momentum: 0.5, emaOverwriteFrequency: 2 }),
    ],
    metrics: ["loss"],
    printer: notebook(),
  });
  await list.onTrainBegin();
  await list.onEpochBegin(0);
  for (let batch = 0; batch < 3; batch++) {
    await list.onTrainBatchBegin(batch);
    weights[0]! += 1;
    await list.onTrainBatchEnd(batch, { loss: 1 });
  }
  await list.onEpochEnd(0, { loss: 1 });
  await list.onTrainEnd();
  assertEquals(seen, [1, 1.5, 2.5, 2]);
});

Deno.test("swapOnEpoch after validation has the average in place, and the next epoch the weights", async () => {
  const { fire, weights, snapshots } = await trained({ swapOnEpoch: true });
  await fire("onTestBegin");
  await fire("onTestEnd");
  await fire("onEpochEnd", 0);
  assertEquals(weights, [2]);
  await fire("onEpochBegin", 1);
  weights[0] = 4;
  await fire("onTrainBatchEnd", 0);
  await fire("onEpochEnd", 1);
  assertEquals(weights, [3]); // Half of 2 and half of 4.
  await fire("onTrainEnd");
  assertEquals([weights, snapshots.size], [[3], 0]);
});

Deno.test("a stopped or aborted run ends as a complete one does", async () => {
  for (const status of ["stopped", "aborted"] as const) {
    const { fire, weights, snapshots } = await trained({ swapOnEpoch: true }, {
      outcome: { status },
    });
    await fire("onEpochEnd", 0);
    await fire("onTrainEnd");
    assertEquals([weights, snapshots.size], [[2], 0]);
  }
});

Deno.test("with keep, the next training goes on with the average", async () => {
  const before = await trained({ keep: true });
  await before.fire("onTrainEnd");
  const { fire, weights } = fakeRun(before.plugin, { weights: [2] });
  await fire("onTrainBegin");
  weights[0] = 3;
  await fire("onTrainBatchEnd", 0);
  await fire("onTrainEnd");
  assertEquals(weights, [0.5 * 2 + 0.5 * 3]);
});

Deno.test("without keep, the next training starts a new average", async () => {
  const before = await trained();
  await before.fire("onTrainEnd");
  const { fire, weights, snapshots } = fakeRun(before.plugin);
  await fire("onTrainBegin");
  weights[0] = 10;
  await fire("onTestBegin"); // No batch yet, so nothing to swap.
  assertEquals(weights, [10]);
  await fire("onTestEnd");
  await fire("onTrainBatchEnd", 0);
  await fire("onTestBegin");
  assertEquals(weights, [10]);
  await fire("onTestEnd");
  assertEquals([before.snapshots.size, snapshots.size], [0, 1]);
});

Deno.test("only the average is taken to outlive the run, and only with keep", async () => {
  for (const keep of [false, true]) {
    const { fire, acts } = fakeRun(swapEmaWeights({ keep }));
    await fire("onTrainBatchEnd", 0);
    await fire("onTestBegin");
    const kept = acts.flatMap(({ what }) =>
      what.kind === "snapshot" ? [what.keep] : []
    );
    assertEquals(kept, [keep, false]);
  }
});

Deno.test("it reads no logs", () => {
  assertEquals(swapEmaWeights().needs, {});
});

Deno.test("a momentum out of range is rejected with its value", () => {
  for (
    const [momentum, range] of [[-0.1, ">= 0 and < 1"], [
      NaN,
      "a finite number",
    ]] as const
  ) {
    assertThrows(
      () => swapEmaWeights({ momentum }),
      OptionError,
      `Cannot create swap-ema-weights as 'momentum' must be ${range}: current value is ${momentum}`,
    );
  }
});

Deno.test("an average that is already in place is not mistaken for the weights", async () => {
  const { fire, weights, snapshots } = await trained({ swapOnEpoch: true });
  await fire("onEpochEnd", 0);
  await fire("onTestBegin"); // Of an evaluation between two epochs.
  assertEquals([weights, snapshots.size], [[2], 2]);
  await fire("onTestEnd");
  await fire("onEpochBegin", 1);
  assertEquals([weights, snapshots.size], [[3], 1]);
});

/** Two dense layers around a batch normalization, in training with the plugin. */
async function withNormalization(options: SwapEmaWeightsOptions) {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 4,
        inputShape: [2],
        kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
      }),
      tf.layers.batchNormalization({ momentum: 0.5 }),
      tf.layers.dense({
        units: 1,
        kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }),
      }),
    ],
  });
  model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
  const data = {
    x: tf.tensor2d([[0, 0], [0, 1], [1, 0], [1, 1]]),
    y: tf.tensor2d([[0], [1], [1], [0]]),
  };
  const means: number[][] = [];
  const { history } = await fit(model, data, {
    ...{ epochs: 3, batchSize: 2, shuffle: false, validationData: data },
    plugins: [swapEmaWeights(options), {
      name: "statistics",
      onTrainEnd: () => void means.push(statistics(model)),
      onTestBegin: () => void means.push(statistics(model)),
      onTrainBatchEnd: () => void (means.length = 0),
    }],
  });
  const evaluated = await evaluate(model, data, { batchSize: 2 });
  tf.dispose([data.x, data.y]);
  model.dispose();
  return { history, evaluated, means };
}

/** The moving mean of the batch normalization. */
function statistics(model: tf.LayersModel): number[] {
  const mean = model.layers[1]!.getWeights().at(-2)!;
  return [...mean.dataSync()];
}

Deno.test("after fit a model evaluates as its last validation did, and the statistics of a batch normalization are never averaged", async () => {
  await tf.setBackend("cpu");
  for (const swapOnEpoch of [false, true]) {
    const { history, evaluated, means } = await withNormalization({
      ...{ momentum: 0.9, swapOnEpoch },
    });
    assertEquals(history.val_loss!.at(-1), evaluated.loss);
    const plain = await withNormalization({ momentum: 0 });
    assertNotEquals(plain.history.val_loss, history.val_loss);
    // In the validation and at the end they are those of training.
    assertEquals(means, plain.means);
  }
});
