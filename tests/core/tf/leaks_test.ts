import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { Plugin } from "../../../core/plugin.ts";
import { fit } from "../../../core/tf/fit.ts";
import * as hookloop from "../../../mod.ts";
import { notebook } from "../_scripted.ts";
import { classifier } from "./_models.ts";

const data = {
  x: [[0, 1], [1, 0], [1, 1], [0, 0], [2, 1], [1, 2]],
  y: [0, 1, 2, 0, 1, 2],
};

Deno.test("fit names a plugin that leaves tensors behind, and no built-in beside it", async () => {
  const dir = await Deno.makeTempDir();
  const kept: tf.Tensor[] = [];
  const hoards: Plugin = {
    name: "hoards",
    onTrainBatchEnd: () => void kept.push(tf.scalar(1)),
  };
  const printer = notebook();
  const { earlyStopping, modelCheckpoint, swapEmaWeights } = hookloop;
  await fit(classifier(), data, {
    ...{ dir, printer, epochs: 8, batchSize: 2, validationSplit: 0.34 },
    plugins: [
      hoards,
      earlyStopping({ patience: 20, restoreBestWeights: true }),
      modelCheckpoint({ filepath: "best" }),
      swapEmaWeights(),
      hookloop.learningRateScheduler({ schedule: "cosine", every: "batch" }),
      hookloop.reduceLrOnPlateau({ patience: 0 }),
      hookloop.batchLrDecay(),
      hookloop.csvLogger(),
      hookloop.samplePredictions(),
      hookloop.confusionMatrix(),
      hookloop.terminateOnNan(),
    ],
  });
  tf.dispose(kept);
  await Deno.remove(dir, { recursive: true });
  assertEquals(
    printer.lines.filter((line) => line.startsWith("Warning")),
    [
      'Warning: plugin "hoards" left 2 tensors behind in onTrainBatchEnd during epoch 3, as in the epoch before; free them, with tf.dispose or tf.tidy',
    ],
  );
});
