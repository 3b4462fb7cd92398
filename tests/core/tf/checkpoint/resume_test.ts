import { assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { Plugin } from "../../../../core/plugin.ts";
import { useBackend } from "../../../../core/tf/backend.ts";
import {
  loadModel,
  saveModel,
} from "../../../../core/tf/checkpoint/checkpoint.ts";
import { fit } from "../../../../core/tf/fit.ts";
import { OPTIMIZERS } from "../../wasm/optimizers/_optimizers.ts";
import { classifier, numbers } from "../_models.ts";

const data = {
  x: Array.from({ length: 8 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]),
  y: [0, 1, 2, 1, 0, 2, 2, 1],
};

/** 40 steps of two samples, in order. */
const STEPS = { epochs: 10, shuffle: false, batchSize: 2 };

function compiled(optimizer: tf.Optimizer): tf.LayersModel {
  const model = classifier();
  const loss = "sparseCategoricalCrossentropy";
  model.compile({ optimizer, loss });
  return model;
}

async function inFolder(work: (dir: string) => Promise<unknown>) {
  const dir = await Deno.makeTempDir();
  try {
    await work(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

for (const backend of ["cpu", "wasm"] as const) {
  for (const [name, make] of Object.entries(OPTIMIZERS)) {
    Deno.test(`a checkpoint goes on bit for bit with ${name} on ${backend}`, () =>
      inFolder(async (dir) => {
        await useBackend(backend, { threads: 1 });
        const model = compiled(make());
        await fit(model, data, STEPS);
        await saveModel(model, dir);
        await fit(model, data, STEPS);
        const loaded = await loadModel(dir);
        await fit(loaded, data, STEPS);
        assertEquals(numbers(loaded), numbers(model));
      }));

    Deno.test(`a snapshot goes on bit for bit with ${name} on ${backend}`, async () => {
      await useBackend(backend, { threads: 1 });
      const model = compiled(make());
      const middle: Plugin = {
        name: "middle",
        requires: ["optimizerState"],
        onTrainBegin(_logs, { weights }) {
          if (weights.has("middle")) weights.restore("middle");
        },
        onEpochBegin(epoch, _logs, { weights }) {
          if (epoch !== 5) return;
          weights.snapshot("middle", { optimizer: true, keep: true });
        },
      };
      await fit(model, data, { ...STEPS, plugins: [middle] });
      const expected = numbers(model);
      await fit(model, data, { ...STEPS, epochs: 5, plugins: [middle] });
      assertEquals(numbers(model), expected);
    });
  }
}

Deno.test("a checkpoint of Adam from before its accumulators were saved goes on nearly so", () =>
  inFolder(async (dir) => {
    await useBackend("cpu");
    const model = compiled(tf.train.adam(0.02));
    await fit(model, data, STEPS);
    await saveModel(model, dir);
    const { adam, ...before } = JSON.parse(
      await Deno.readTextFile(`${dir}/model.json`),
    );
    assertEquals(Object.keys(adam), ["accBeta1", "accBeta2"]);
    await Deno.writeTextFile(`${dir}/model.json`, JSON.stringify(before));
    const loaded = await loadModel(dir);
    await fit(model, data, STEPS);
    await fit(loaded, data, STEPS);
    assertNotEquals(numbers(loaded), numbers(model));
    numbers(loaded).forEach((weight, i) =>
      assertAlmostEquals(weight, numbers(model)[i]!, 1e-3)
    );
  }));
