import { assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../../core/errors.ts";
import { callbackList } from "../../../core/loop/mod.ts";
import type { HostOptions } from "../../../core/run/run_options.ts";
import { fit, type FitOptions } from "../../../core/tf/fit.ts";
import { tfResources } from "../../../core/tf/model/resources.ts";
import { notebook } from "../_scripted.ts";
import { linear } from "./_models.ts";

const data = { x: [1, 2, 3, 4, 5], y: [1, 2, 3, 4, 5] };

/** The same model as a functional one; `linear()` is sequential. */
function functional(): tf.LayersModel {
  const input = tf.input({ shape: [1] });
  const outputs = tf.layers.dense({ units: 1 }).apply(input);
  const model = tf.model({
    inputs: input,
    outputs: outputs as tf.SymbolicTensor,
  });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  return model;
}

function train(model: tf.LayersModel, ...plugins: object[]) {
  const options: FitOptions = { epochs: 3, batchSize: 2, plugins };
  return fit(model, data, options);
}

for (const [kind, make] of Object.entries({ linear, functional })) {
  Deno.test(`model.stopTraining set by a plain object is heard after the batch (${kind})`, async () => {
    const model = make();
    const batches: number[] = [];
    const { epoch, outcome } = await train(model, {
      onBatchEnd(batch: number) {
        batches.push(batch);
        model.stopTraining = true;
      },
    });
    assertEquals([batches, epoch, outcome.status], [[0], [0], "stopped"]);
    assertEquals(outcome.reason, "model.stopTraining was set");
    assertEquals([outcome.hook, outcome.batch], ["onTrainBatchEnd", 0]);
  });

  Deno.test(`model.stopTraining set by a plain object is heard after the epoch (${kind})`, async () => {
    const model = make();
    const { epoch, outcome } = await train(model, {
      onEpochEnd(epoch: number) {
        if (epoch === 1) model.stopTraining = true;
      },
    });
    assertEquals([epoch, outcome.hook], [[0, 1], "onEpochEnd"]);
  });
}

Deno.test("a flag left from an earlier run stops nothing", async () => {
  const model = linear();
  model.stopTraining = true;
  const { epoch } = await train(model);
  assertEquals(epoch.length, 3);
});

Deno.test("model.stopTraining stops a hand-written loop too", async () => {
  const model = linear();
  await using list = callbackList({
    ...tfResources({ model }),
    metrics: ["loss"],
    printer: notebook(),
    plugins: [{ onEpochEnd: () => void (model.stopTraining = true) }],
  });
  for await (const epoch of list.epochs(3)) {
    for await (const batch of epoch.batches([1])) await batch.end({ loss: 1 });
  }
  assertEquals(list.history.epoch, [0]);
});

Deno.test("a tf.js Callback gets the model, and may stop it", async () => {
  class Stopper extends tf.Callback {
    override onEpochEnd(): Promise<void> {
      (this as unknown as { model: tf.LayersModel }).model.stopTraining = true;
      return Promise.resolve();
    }
  }
  const { epoch } = await train(linear(), new Stopper());
  assertEquals(epoch, [0]);
});

Deno.test("tf.callbacks.earlyStopping() works as in tf.js", async () => {
  const { epoch } = await train(
    linear(),
    tf.callbacks.earlyStopping({ monitor: "loss", minDelta: 1e9 }),
  );
  assertEquals(epoch, [0, 1]);
});

Deno.test("a model is in one fit at a time, whether ours or tf.js'", async () => {
  const ongoing = /another fit\(\) call is ongoing/;
  const model = linear();
  const [x, y] = [tf.tensor1d(data.x), tf.tensor1d(data.y)];
  const refused: unknown[] = [];
  const inside = (fit: () => Promise<unknown>) => ({
    async onEpochBegin() {
      await fit().catch((error) => void refused.push(error.message));
    },
  });
  await train(model, inside(() => train(model)));
  await train(model, inside(() => model.fit(x, y)));
  await model.fit(x, y, { callbacks: inside(() => train(model)) });
  assertEquals(refused.map((message) => ongoing.test(`${message}`)), [
    ...[true, true, true], // Once an epoch.
    ...[true, true, true],
    true,
  ]);
  tf.dispose([x, y]);
});

Deno.test("however a fit ends, the next may begin", async () => {
  const model = linear();
  const boom = () => {
    throw new Error("boom");
  };
  await assertRejects(() => train(model, { onTrainBegin: boom }));
  await assertRejects(() => train(model, { onBatchEnd: boom }));
  await assertRejects(() => train(model, { onTrainEnd: boom }));
  await assertRejects(() => fit(model, { x: [1], y: [1, 2] }), InputError);
  await assertRejects(() => fit(model, data, { epochs: -1 }), InputError);
  const { outcome } = await fit(model, data, {
    signal: AbortSignal.abort(),
  });
  assertEquals(outcome.status, "aborted");
  await train(model);
});

Deno.test("onBatchEnd gets the batch and its size in the logs, as in tf.js; a plugin does not", async () => {
  const seen: unknown[] = [];
  const plugins: unknown[] = [];
  await train(linear(), {
    onBatchEnd(_batch: number, { batch, size, loss }: Record<string, number>) {
      seen.push([batch, size, typeof loss]);
    },
  }, {
    name: "plugin",
    onTrainBatchEnd: (_batch: number, logs: object) =>
      void plugins.push(Object.keys(logs)),
  });
  const epoch = [[0, 2, "number"], [1, 2, "number"], [2, 1, "number"]];
  assertEquals(seen, [...epoch, ...epoch, ...epoch]);
  assertEquals(plugins[0], ["loss"]);
});

Deno.test("the size of a batch is known for data that come in batches too", async () => {
  const sizes: unknown[] = [];
  const batches = [{ x: [1, 2, 3], y: [1, 2, 3] }, { x: [1], y: [1] }];
  await fit(linear(), batches, {
    plugins: [{
      onBatchEnd: (_batch: number, logs: unknown) =>
        sizes.push((logs as { size: number }).size),
    }],
  });
  assertEquals(sizes, [3, 1]);
});

Deno.test("setParams gets what tf.js gives: samples and doValidation too", async () => {
  const given: unknown[] = [];
  const callback = {
    setParams: (
      { samples, doValidation, batchSize }: Record<string, unknown>,
    ) => given.push([samples, doValidation, batchSize]),
    onEpochEnd() {},
  };
  const options = { batchSize: 2, plugins: [callback as object] };
  await fit(linear(), data, options);
  await fit(linear(), data, { ...options, validationSplit: 0.4 });
  await fit(linear(), [{ x: [1], y: [1] }], options);
  assertEquals(given, [[5, false, 2], [3, true, 2], [
    undefined,
    false,
    undefined,
  ]]);
});

Deno.test("onYield is called after a batch, at most every 125 ms", async () => {
  const yielded: unknown[] = [];
  let clock = 0;
  const options: FitOptions & HostOptions = {
    ...{ epochs: 2, batchSize: 1 },
    now: () => clock,
    plugins: [{
      onBatchEnd: () => void (clock += 50),
      onYield(epoch: number, batch: number, logs: unknown) {
        yielded.push([epoch, batch, Object.keys(logs as object)]);
      },
    }],
  };
  await fit(linear(), data, options);
  // The clock starts with the first batch, at 50; then 200, 350 and 500.
  assertEquals(yielded, [[0, 3, ["loss"]], [1, 1, ["loss"]], [1, 4, ["loss"]]]);
});
