import { assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../../../core/errors.ts";
import type { TrainingData } from "../../../../core/tf/data/forms.ts";
import { fit } from "../../../../core/tf/fit.ts";
import { classifier } from "../_models.ts";

// To the data, whatever is neither cpu nor wasm is a GPU.
tf.copyRegisteredKernels("cpu", "like-a-gpu");
tf.registerBackend("like-a-gpu", tf.findBackendFactory("cpu"));

async function onDevice(work: () => Promise<void>): Promise<void> {
  await tf.setBackend("like-a-gpu");
  const before = tf.memory().numTensors;
  try {
    await work();
    assertEquals(tf.memory().numTensors, before);
  } finally {
    await tf.setBackend("cpu");
  }
}

const xs = () => tf.ones([2, 2]);
const ys = (...labels: number[]) => tf.tensor1d(labels, "int32");

async function refusal(data: TrainingData, epochs = 1): Promise<string> {
  const model = classifier();
  const { message } = await assertRejects(
    () => fit(model, data, { epochs }),
    InputError,
  );
  model.optimizer.dispose();
  model.dispose();
  return message.replace(/.*; /, "");
}

Deno.test("labels on a GPU are checked while the training goes on", async () => {
  await onDevice(async () => {
    const [x, good, bad] = [xs(), ys(0, 2), ys(1, 3)];
    assertEquals(await refusal({ x, y: bad }), "y[1] is 3");
    assertEquals(
      await refusal([{ x, y: good }, { x, y: bad }, { x, y: good }]),
      "y[1] is 3 (in batch 1 of the data)",
    );
    // In the last batch, and in a later epoch.
    const data = (epoch: number) => [{ x, y: epoch === 1 ? bad : good }];
    assertEquals(await refusal(data, 2), "y[1] is 3 (in batch 0 of the data)");
    tf.dispose([x, good, bad]);
  });
});

Deno.test("batches of a data set are freed though their labels are still being read", async () => {
  await onDevice(async () => {
    const rows = (wrong: number) =>
      tf.data.array(
        Array.from({ length: 8 }, (_, i) => ({ xs: [i, 1], ys: i % 3 })),
      ).map((row) => {
        const { xs, ys } = row as { xs: number[]; ys: number };
        return { xs, ys: xs[0] === wrong ? 5 : ys };
      }).batch(2);
    assertEquals(await refusal(rows(6)), "y[0] is 5 (in batch 3 of the data)");
    const model = classifier();
    const { history } = await fit(model, rows(-1), { epochs: 2 });
    assertEquals(history.loss!.length, 2);
    model.optimizer.dispose();
    model.dispose();
  });
});
