import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../../../core/errors.ts";
import { callbackList } from "../../../../core/loop/callback_list.ts";
import type { Plugin } from "../../../../core/plugin.ts";
import { optimizerHandle } from "../../../../core/tf/model/optimizer.ts";
import { tfResources } from "../../../../core/tf/model/resources.ts";
import { train } from "../../../../core/loop/own_step.ts";
import { silent } from "../../../../core/terminal.ts";
import { grown, linear } from "../_models.ts";

function offered(resources: object): string[] {
  return Object.keys(resources).sort();
}

Deno.test("tfResources() offers what there is and nothing else", () => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
  });
  const variables = [tf.variable(tf.scalar(1))];
  const optimizer = tf.train.sgd(0.1);
  assertEquals(offered(tfResources({})), ["engine", "tensors"]);
  assertEquals(offered(tfResources({ optimizer })), [
    "about",
    "engine",
    "optimizer",
    "tensors",
  ]);
  assertEquals(offered(tfResources({ variables })), [
    "about",
    "engine",
    "tensors",
    "weights",
  ]);
  assertEquals(offered(tfResources({ model })), [
    "about",
    "engine",
    "keeps",
    "model",
    "predict",
    "save",
    "tensors",
    "weights",
  ]);
  assertEquals(offered(tfResources({ model, optimizer })), [
    "about",
    "engine",
    "keeps",
    "model",
    "optimizer",
    "predict",
    "save",
    "tensors",
    "weights",
  ]);
});

Deno.test("tfResources() takes the optimizer of a compiled model", () => {
  const model = linear({ optimizer: tf.train.momentum(0.25, 0.5) });
  assertEquals({ ...tfResources({ model }).optimizer }, {
    learningRate: 0.25,
    momentum: 0.5,
  });
});

Deno.test("tfResources() prefers the optimizer and the variables it is given", () => {
  const model = linear();
  const optimizer = tf.train.adam(0.5);
  const slope = tf.variable(tf.scalar(1));
  const resources = tfResources({ model, optimizer, variables: [slope] });
  assertEquals(resources.optimizer?.learningRate, 0.5);
  const snapshot = resources.weights!.snapshot({ optimizer: false });
  slope.assign(tf.scalar(7));
  resources.weights!.restore(snapshot);
  assertEquals(slope.dataSync()[0], 1);
});

Deno.test("tfResources() rejects an optimizer without a learning rate", () => {
  const optimizer = {
    getClassName: () => "Odd",
  } as unknown as tf.Optimizer;
  assertThrows(
    () => tfResources({ optimizer }),
    InputError,
    'optimizer "Odd"',
  );
});

Deno.test("tfResources() predicts one entry per output, which the caller frees", async () => {
  const { predict } = tfResources({ model: linear({ weight: 3 }) });
  const x = tf.tensor2d([[2]]);
  const leaked = await grown(async () => {
    const [y] = await predict!([x]);
    assertEquals(Array.from(await y!.data()), [6]);
    y!.dispose();
  });
  assertEquals(leaked, 0);
});

Deno.test("tfResources() knows the optimizer's state for a model and for variables", () => {
  const optimizer = tf.train.adam(0.1);
  const variables = [tf.variable(tf.scalar(1))];
  const states = [
    tfResources({ model: linear() }),
    tfResources({ variables, optimizer }),
    tfResources({ variables }),
  ].map(({ weights }) => weights!.optimizerState);
  assertEquals(states, [true, true, false]);
});

Deno.test("tfResources() saves the model into a folder", async () => {
  const dir = await Deno.makeTempDir();
  try {
    await tfResources({ model: linear() }).save!(`${dir}/a`, {
      weightsOnly: false,
    });
    assertEquals(
      [...Deno.readDirSync(`${dir}/a`)].map(({ name }) => name).sort(),
      ["model.json", "weights.bin"],
    );
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

/** Halves the learning rate at the end of an epoch, and goes back to the start at the end of the run. */
function undo(): Plugin {
  return {
    name: "undo",
    requires: ["weights", "learningRate"],
    onTrainBegin(_logs, run) {
      run.weights.snapshot("start");
    },
    onEpochEnd(_epoch, _logs, run) {
      run.optimizer.learningRate /= 2;
    },
    onTrainEnd(_logs, run) {
      run.weights.restore("start");
    },
  };
}

Deno.test("tfResources() gives plugins access to a hand-written loop's weights and optimizer", async () => {
  const slope = tf.variable(tf.scalar(1));
  const optimizer = tf.train.sgd(0.5);
  const leaked = await grown(async () => {
    await using list = callbackList({
      ...tfResources({ optimizer, variables: [slope] }),
      plugins: [undo()],
      metrics: ["loss"],
      printer: silent(),
    });
    for await (const epoch of list.epochs(1)) {
      for await (const batch of epoch.batches([1])) {
        optimizer.minimize(() => slope.square(), false, [slope]);
        assertEquals(slope.dataSync()[0], 0);
        await batch.end({ loss: 0 });
      }
    }
  });
  assertEquals(slope.dataSync()[0], 1);
  assertEquals(optimizerHandle(optimizer).learningRate, 0.25);
  // The optimizer's scalar of the learning rate is renewed, not added.
  assertEquals(leaked, 0);
});

Deno.test("tfResources() works with train() as well", async () => {
  const slope = tf.variable(tf.scalar(1));
  const optimizer = tf.train.sgd(0.5);
  await train(
    {
      ...tfResources({ optimizer, variables: [slope] }),
      metrics: ["loss"],
      trainStep: () => ({
        loss: tf.tidy(() =>
          optimizer.minimize(() => slope.square(), true, [slope])!
        ),
      }),
    },
    [1],
    { plugins: [undo()], printer: silent() },
  );
  assertEquals(slope.dataSync()[0], 1);
  assertEquals(optimizerHandle(optimizer).learningRate, 0.25);
});
