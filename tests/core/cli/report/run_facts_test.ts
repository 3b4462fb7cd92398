import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { modelFacts } from "../../../../core/cli/report/model_facts.ts";
import { factsAtStart } from "../../../../core/cli/report/run_facts.ts";
import type { PlannedRun } from "../../../../core/run/planned_run.ts";
import { earlyStopping, fit, shadow, silent } from "../../../../mod.ts";

Deno.test("a record has the layers of the model, with their parameters and what of them is trained", () => {
  const frozen = tf.layers.dense({ units: 3, inputShape: [2], name: "first" });
  frozen.trainable = false;
  const inner = tf.sequential({
    name: "inner",
    layers: [tf.layers.dense({ units: 4, inputShape: [3] })],
  });
  const model = tf.sequential({ layers: [frozen, inner] });
  assertEquals(modelFacts(model).model, {
    layers: [
      {
        ...{ name: "first", type: "Dense", output: [null, 3], params: 9 },
        trained: 0,
      },
      { name: "inner", type: "Sequential", output: [null, 4], params: 16 },
    ],
  });
  model.dispose();
});

Deno.test("models of somebody's own, and none, are no reason to fail", () => {
  assertEquals(modelFacts(undefined), {});
  assertEquals(modelFacts({ layers: [{}] }), {});
  assertEquals(modelFacts({ layers: "many", loss: "mine" }), { loss: "mine" });
});

Deno.test("a record has the plan: who runs in which hook, and what each reads and adds", async () => {
  await tf.setBackend("cpu");
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
  });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const gap = {
    name: "gap",
    needs: { onEpochEnd: ["loss"] },
    provides: { onEpochEnd: ["gap"] },
    onEpochEnd: () => ({ gap: 1 }),
  };
  let plan: unknown;
  const host = {
    dryRun: true,
    onPlan(planned: PlannedRun) {
      plan = factsAtStart(planned).plan;
    },
  };
  await fit(model, { x: [1, 2], y: [1, 2] }, {
    ...host,
    epochs: 1,
    printer: silent(),
    plugins: [gap, shadow(earlyStopping({ monitor: "loss" }))],
  });
  assertEquals(plan, {
    what: "Training: 1 epoch of 1 batch, 32 samples per batch",
    hooks: [
      {
        hook: "onEpochEnd",
        keys: ["loss", "gap"],
        calls: [
          { plugin: "gap", reads: "loss", adds: ["gap"] },
          {
            plugin: "shadow:early-stopping",
            reads: "loss (direction)",
            shadow: true,
          },
        ],
      },
      {
        hook: "onTrainEnd",
        keys: ["loss"],
        calls: [{ plugin: "shadow:early-stopping", shadow: true }],
      },
    ],
    leftOut: [],
    warnings: [],
  });
  model.optimizer.dispose();
  model.dispose();
});
