import type { HostOptions } from "../../../core/loop/mod.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../../core/errors.ts";
import type { Plugin } from "../../../core/plugin.ts";
import type { PredictionData } from "../../../core/tf/data/forms.ts";
import { predict } from "../../../core/tf/predict.ts";
import { grown, linear, twoByTwo } from "./_models.ts";

const forms: Record<string, PredictionData> = {
  nested: [1, 2, 3],
  typed: Float32Array.of(1, 2, 3),
  tensor: tf.tensor1d([1, 2, 3]),
  dataset: tf.data.array([1, 2, 3]).batch(2),
  pairs: tf.data.array([1, 2, 3]).map((x) => ({ xs: x, ys: 0 })).batch(2),
  batches: () => [[1], [2, 3]],
  async: async function* () {
    yield await Promise.resolve([1, 2]);
    yield [3];
  },
};

for (const [name, x] of Object.entries(forms)) {
  Deno.test(`predict() joins the outputs of all batches (${name})`, async () => {
    const model = linear({ weight: 2 });
    const leaked = await grown(async () => {
      const outputs = await predict(model, x, { batchSize: 2 });
      assertEquals((outputs as tf.Tensor).arraySync(), [[2], [4], [6]]);
      tf.dispose(outputs);
    });
    assertEquals(leaked, 0);
  });
}

Deno.test("predict() returns a list for several outputs", async () => {
  const model = twoByTwo();
  const leaked = await grown(async () => {
    const outputs = await predict(model, {
      a: [[1, 2], [3, 4]],
      b: [[0, 0], [0, 0]],
    }, { batchSize: 1 }) as tf.Tensor[];
    assertEquals(outputs.map(({ shape }) => shape), [[2, 1], [2, 2]]);
    tf.dispose(outputs);
  });
  assertEquals(leaked, 0);
});

Deno.test("predict() needs no compiled model", async () => {
  const model = tf.sequential({
    layers: [tf.layers.flatten({ inputShape: [2, 2] })],
  });
  const outputs = await predict(model, [[[1, 2], [3, 4]]]) as tf.Tensor;
  assertEquals(outputs.arraySync(), [[1, 2, 3, 4]]);
});

Deno.test("predict() shows the outputs to the hooks, and frees all when one throws", async () => {
  const shapes: unknown[] = [];
  const spy: Plugin = {
    name: "spy",
    onPredictBatchEnd(batch, { outputs }) {
      shapes.push((outputs as tf.Tensor).shape);
      if (batch === 1) throw new Error("enough");
    },
  };
  const model = linear();
  const leaked = await grown(() =>
    assertRejects(
      () => predict(model, [1, 2, 3], { batchSize: 1, plugins: [spy] }),
      Error,
      "enough",
    )
  );
  assertEquals(shapes, [[1, 1], [1, 1]]);
  assertEquals(leaked, 0);
});

Deno.test("predict() returns tensors of no samples in a dry run", async () => {
  const x = { a: [[1, 2]], b: [[0, 0]] };
  const model = twoByTwo();
  let planned = 0;
  const leaked = await grown(async () => {
    const host: HostOptions = { dryRun: true, onPlan: () => void planned++ };
    const outputs = await predict(model, x, host) as tf.Tensor[];
    assertEquals(outputs.map(({ shape }) => shape), [[0, 1], [0, 2]]);
    tf.dispose(outputs);
  });
  assertEquals([leaked, planned], [0, 1]);
});

Deno.test("predict() rejects what does not fit", async () => {
  const error = await assertRejects(
    () => predict(linear({ inputs: 3 }), [[1, 2]]),
    InputError,
    "expects shape [null,3], got [1,2]",
  );
  assert(error instanceof InputError);
  await assertRejects(
    () => predict(tf.sequential({ name: "hollow" }), [1]),
    InputError,
    `Cannot use model "hollow": it has no layers, or its first layer has no inputShape`,
  );
});
