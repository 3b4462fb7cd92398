import { assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { Experiment } from "../../../../core/cli/experiment/experiment.ts";
import { runOnce } from "../../../../core/cli/experiment/run_once.ts";
import { modelOf } from "../../../../core/tf/model_of.ts";
import { context, recordIn } from "./_context.ts";

await tf.setBackend("cpu");

/** A weight that should become 2. */
const experiment: Experiment = {
  options: { epochs: 2 },
  data: () => ({ train: { x: [[1], [2]], y: [2, 4] } }),
  model() {
    const layers = [tf.layers.dense({
      units: 1,
      inputShape: [1],
      kernelInitializer: "zeros",
    })];
    const model = tf.sequential({ layers });
    model.compile({ optimizer: tf.train.sgd(0.01), loss: "meanSquaredError" });
    return model;
  },
};

Deno.test("runOnce() can run many times, as in a sweep: options differ, nothing leaks", async () => {
  const before = tf.memory().numTensors;
  const losses: number[] = [];
  for (const learningRate of [0.001, 0.01, 0.1]) {
    const given = await context({ options: { learningRate, epochs: 3 } });
    const { history, aborted } = await runOnce(experiment, given);
    assertEquals([history!.epoch, aborted], [[0, 1, 2], false]);
    assertEquals(recordIn(given.dir).history, history!.history);
    losses.push(history!.history.loss!.at(-1)!);
  }
  assertEquals(losses, losses.toSorted((a, b) => b - a));
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("runOnce() ends cleanly when the signal is aborted", async () => {
  const controller = new AbortController();
  const given = await context({
    signal: controller.signal,
    plugins: () => [{
      onEpochEnd: () => controller.abort(new Error("enough")),
    }],
  });
  const { history, aborted } = await runOnce(experiment, given);
  assertEquals([aborted, history!.epoch], [true, [0]]);
  const { outcome } = recordIn(given.dir) as { outcome: { status: string } };
  assertEquals(outcome.status, "aborted");
});

Deno.test("runOnce() records a failure and throws it; nothing leaks", async () => {
  const before = tf.memory().numTensors;
  const given = await context({
    plugins: () => [{
      onEpochEnd() {
        throw new Error("disk full");
      },
    }],
  });
  await assertRejects(() => runOnce(experiment, given), Error, "disk full");
  const { outcome, error, epoch } = recordIn(given.dir);
  assertEquals(outcome, {
    status: "failed",
    epoch: 0,
    by: "callback-1",
    hook: "onEpochEnd",
    reason: 'Plugin "callback-1" failed in onEpochEnd at epoch 0: disk full',
  });
  assertEquals([error, epoch], [undefined, []]);
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("runOnce() throws what failed, though the model cannot be freed as a whole", async () => {
  const before = tf.memory().numTensors;
  const given = await context({
    plugins: () => [{
      name: "breaks",
      onEpochEnd(_epoch, _logs, run) {
        modelOf(run).weights[0]!.dispose();
        throw new Error("gone");
      },
    }],
  });
  await assertRejects(
    () => runOnce(experiment, given),
    Error,
    'Plugin "breaks" failed in onEpochEnd at epoch 0: gone',
  );
  assertEquals(recordIn(given.dir).error, undefined);
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("runOnce() of a loop that throws the signal's reason is an interrupted run", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const ended = await runOnce(() => {
    controller.abort(new Error("interrupted"));
    signal.throwIfAborted();
  }, await context({ signal }));
  assertEquals([ended.history, ended.aborted], [undefined, true]);
});
