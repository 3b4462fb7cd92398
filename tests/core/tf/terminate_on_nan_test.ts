import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { PluginError } from "../../../core/errors.ts";
import type { Plugin } from "../../../core/plugin.ts";
import { fit, type FitOptions } from "../../../core/tf/fit.ts";
import terminateOnNan from "../../../plugins/terminate_on_nan.ts";
import { silent } from "../../../core/terminal.ts";
import "./_models.ts";

/** A hidden layer between two others, and whatever stands behind it. */
function model(
  { middle, optimizer = tf.train.sgd(0.01), loss = "meanSquaredError" }: {
    middle?: tf.layers.Layer;
    optimizer?: tf.Optimizer;
    loss?: string | ((y: tf.Tensor, p: tf.Tensor) => tf.Tensor);
  } = {},
): tf.LayersModel {
  const dense = (units: number, name: string, seed: number) => ({
    ...{ units, name },
    kernelInitializer: tf.initializers.glorotUniform({ seed }),
  });
  const made = tf.sequential({
    layers: [
      tf.layers.dense({ ...dense(4, "first", 1), inputShape: [3] }),
      ...middle ? [middle] : [],
      tf.layers.dense(dense(1, "last", 2)),
    ],
  });
  made.compile({ optimizer, loss: loss as string });
  return made;
}

/** A layer that does this to each number. */
function elementwise(
  name: string,
  does: (x: tf.Tensor) => tf.Tensor,
): tf.layers.Layer {
  class Elementwise extends tf.layers.Layer {
    static className = name;
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return tf.tidy(() => does([inputs].flat()[0]!));
    }
  }
  return new Elementwise({ name } as never);
}

const samples = 8;
const good = (count: number) =>
  Array.from({ length: count }, (_, i) => (i * 7 % 5) / 5 - 0.4);

/** Why the search says that a run stopped, with nothing left behind and nothing changed by it. */
async function why(
  made: tf.LayersModel,
  { x = good(samples * 3), y = good(samples), ...options }: FitOptions & {
    x?: number[];
    y?: number[];
  } = {},
): Promise<string> {
  const data = {
    x: tf.tensor2d(x, [samples, 3]),
    y: tf.tensor2d(y, [samples, 1]),
  };
  const { outcome } = await fit(made, data, {
    plugins: [terminateOnNan({ search: true })],
    ...{ printer: silent(), batchSize: 4, shuffle: false, epochs: 50 },
    ...options,
  });
  tf.dispose(data);
  assertEquals(outcome.status, "stopped");
  return outcome.reason!;
}

function changed(numbers: number[], at: number, value: number): number[] {
  return numbers.with(at, value);
}

Deno.test("an input that is NaN is named with its sample and its column", async () => {
  assertEquals(
    await why(model(), { x: changed(good(24), 5 * 3 + 2, NaN) }),
    'the loss is NaN in batch 1: input "first_input" is NaN in 1 of 12 values, first in sample 1 of the batch at [2]',
  );
});

Deno.test("so is a label that is infinite", async () => {
  assertMatch(
    await why(model(), { y: changed(good(8), 6, Infinity) }),
    /^the loss is Infinity in batch 1: the target of output "last" is Infinity in 1 of 4 values, first in sample 2 of the batch at \[0\]$/,
  );
});

Deno.test("of a learning rate that explodes, how far the weights had grown", async () => {
  assertMatch(
    await why(model({ optimizer: tf.train.sgd(1e6) })),
    /^the loss is (Infinity|NaN) in batch \d+: (what layer "(first|last)" puts out|the loss of output "last"|the sum of the losses and penalties) is -?(Infinity|NaN).*; the weights had grown to \d\.\de\+\d+: the learning rate may be too high$/,
  );
});

Deno.test("a layer whose outputs are not finite is named, the one in which they first are", async () => {
  const middle = elementwise("logs", (x) => x.relu().log());
  assertMatch(
    await why(model({ middle })),
    /^the loss is (NaN|Infinity) in batch 0: what layer "logs" puts out is -Infinity in \d+ of 16 values, first in sample \d of the batch at \[\d\]; what it gets is finite, and so are all weights$/,
  );
});

Deno.test("a loss function that divides by zero is named", async () => {
  const loss = (y: tf.Tensor, p: tf.Tensor) =>
    p.sub(y).square().div(y.sub(y)).mean(-1);
  assertMatch(
    await why(model({ loss })),
    /^the loss is (NaN|Infinity) in batch 0: the loss of output "last" is (NaN|Infinity) in 4 of 4 values, first in sample 0 of the batch; the outputs and all weights are finite$/,
  );
});

Deno.test("a gradient that is not finite stops the run at the step that made it, though the loss is finite", async () => {
  const middle = elementwise("roots", (x) => x.relu().sqrt());
  const made = model({ middle });
  const said = await why(made);
  assertMatch(
    said,
    /^the weights are NaN after a loss of \d[\d.]* in batch 0: the gradient of weight "first\/bias" is NaN in \d of 4 values, first at \[\d\]; the loss, all weights and the gradients behind it are finite$/,
  );
});

Deno.test("weights that were bad before the run are", async () => {
  const made = model();
  made.layers[1]!.setWeights([
    tf.tensor2d([1, NaN, 3, 4], [4, 1]),
    tf.tensor1d([0]),
  ]);
  assertEquals(
    await why(made),
    'the loss is NaN in batch 0: weight "last/kernel" before the step is NaN in 1 of 4 values, first at [1, 0]',
  );
});

Deno.test("the search changes nothing and leaves nothing: weights and moving statistics are those without it", async () => {
  const seeds = {
    middle: () => tf.layers.batchNormalization({ name: "norm" }),
  };
  const x = changed(good(24), 5 * 3, NaN);
  const weightsAfter = async (search: boolean) => {
    const made = model({ middle: seeds.middle() });
    const data = { x: tf.tensor2d(x, [8, 3]), y: tf.tensor2d(good(8), [8, 1]) };
    const before = tf.memory().numTensors;
    await fit(made, data, {
      ...{
        printer: silent(),
        batchSize: 4,
        shuffle: false,
        epochs: 3,
        seed: 1,
      },
      plugins: [terminateOnNan({ search })],
    });
    const left = tf.memory().numTensors - before;
    const weights = made.getWeights().map((it) => Array.from(it.dataSync()));
    tf.dispose(data);
    return { weights, left };
  };
  assertEquals(await weightsAfter(true), await weightsAfter(false));
});

Deno.test("the step is gone through with the numbers that it drew: a dropout's mask is the same", async () => {
  const drawn: number[][] = [];
  const watch = elementwise("watch", (x) => {
    drawn.push(Array.from(x.dataSync()));
    return x.log();
  });
  const made = tf.sequential({
    layers: [
      tf.layers.dropout({ rate: 0.5, inputShape: [3] }),
      watch,
      tf.layers.dense({ units: 1 }),
    ],
  });
  made.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  await why(made, { x: good(24).map((it) => it + 1), seed: 3, batchSize: 8 });
  const [first, again] = drawn;
  assertEquals(drawn.length, 2);
  assertEquals(again, first);
});

Deno.test("where all is finite it says nothing", async () => {
  const { outcome } = await fit(model(), {
    x: tf.ones([8, 3]),
    y: tf.zeros([8, 1]),
  }, {
    plugins: [terminateOnNan({ search: true })],
    ...{ printer: silent(), epochs: 3 },
  });
  assertEquals(outcome.status, "completed");
});

Deno.test("a search elsewhere than in the weights or the step is refused", async () => {
  const odd: Plugin = {
    name: "odd",
    onTrainBatchEnd: async (_batch, _logs, run) =>
      void await run.firstNonFinite("bias" as "step"),
  };
  const data = { x: tf.ones([8, 3]), y: tf.zeros([8, 1]) };
  await assertRejects(
    () => fit(model(), data, { plugins: [odd], printer: silent() }),
    PluginError,
    'Cannot search in "bias": it must be "weights" or "step"',
  );
});

Deno.test("outside of onTrainBatchEnd the batch is gone, which it says", async () => {
  const late: Plugin = {
    name: "late",
    requires: ["firstNonFinite"],
    async onEpochEnd(_epoch, _logs, run) {
      assertEquals(await run.firstNonFinite("weights"), undefined);
      await run.firstNonFinite("step");
    },
  };
  const data = { x: tf.ones([8, 3]), y: tf.zeros([8, 1]) };
  await assertRejects(
    () => fit(model(), data, { plugins: [late], printer: silent() }),
    PluginError,
    "the last batch is not there any more: search in onTrainBatchEnd",
  );
});
