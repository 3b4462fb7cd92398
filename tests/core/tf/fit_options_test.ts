import { assert, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../../core/errors.ts";
import { callbackList, train } from "../../../core/loop/mod.ts";
import { evaluate } from "../../../core/tf/evaluate.ts";
import { fit, type FitOptions } from "../../../core/tf/fit.ts";
import { predict } from "../../../core/tf/predict.ts";
import { silent } from "../../../core/terminal.ts";
import { named, ODD_VALUES } from "../_odd_values.ts";

await tf.setBackend("cpu");

const DATA = { x: [[1], [2], [3]], y: [1, 2, 3] };

function model(): tf.LayersModel {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
  });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  return model;
}

/** Each way to start a run, with options of any kind. */
const RUNS: Readonly<Record<string, (options: object) => Promise<unknown>>> = {
  fit: (options) =>
    fit(model(), DATA, {
      ..."validationData" in options ? {} : { validationSplit: 0.4 },
      ...options,
    }),
  evaluate: (options) => evaluate(model(), DATA, options),
  predict: (options) => predict(model(), DATA.x, options),
  train: (options) =>
    train(
      {
        metrics: ["loss"],
        trainStep: () => ({ loss: 1 }),
        testStep: () => ({ loss: 1 }),
      },
      [1, 2],
      { validation: [1], ...options },
    ),
  callbackList: async (options) => {
    const list = callbackList({
      metrics: ["loss"],
      validation: true,
      ...options,
    });
    await list.fail(new Error("enough"));
  },
};

const OPTIONS = [
  "batchSize",
  "callbacks",
  "classWeight",
  "dir",
  "epochs",
  "gradients",
  "initialEpoch",
  "plugins",
  "printer",
  "seed",
  "shuffle",
  "signal",
  "steps",
  "stepsPerEpoch",
  "validation",
  "validationBatchSize",
  "validationData",
  "validationFreq",
  "validationSplit",
  "validationSteps",
];

for (const [name, run] of Object.entries(RUNS)) {
  Deno.test(`${name}() takes an option or refuses it in a sentence, whatever its kind`, async () => {
    for (const option of OPTIONS) {
      for (const value of ODD_VALUES) {
        try {
          await run({ printer: silent(), [option]: value });
        } catch (error) {
          assert(
            error instanceof InputError,
            `${option}: ${named(value)}: ${error}`,
          );
        }
      }
    }
  });
}

Deno.test("options of a wrong kind are told with what was expected", async () => {
  const refusal = async (options: object) => {
    const given = options as FitOptions;
    return (await assertRejects(() => fit(model(), DATA, given), InputError))
      .message;
  };
  assertEquals(
    await refusal({ classWeight: 5 }),
    "Cannot start as 'classWeight' must be weights by class such as { 0: 1, 1: 2 }, or a list of such tables, one per output: current value is 5",
  );
  assertEquals(
    await refusal({ gradients: {} }),
    "Cannot start as 'gradients' must be a list of transforms such as [clipByGlobalNorm(1)]: current value is {}",
  );
  assertEquals(
    await refusal({ shuffle: "no" }),
    "Cannot start as 'shuffle' must be true or false: current value is \"no\"",
  );
  assertEquals(
    await refusal({ plugins: { name: "p", onEpochEnd() {} } }),
    "Cannot use the plugins: 'plugins' is an object; expected a list such as [earlyStopping({ patience: 3 })]",
  );
  for (const start of Object.values(RUNS)) {
    const error = await assertRejects(
      () => start({ printer: silent(), callbacks: [] }),
      InputError,
    );
    assertEquals(
      error.message,
      "Cannot start as there is no option 'callbacks': list them under 'plugins', tf.js callbacks too",
    );
  }
});

Deno.test("a function that makes no batches is told so", async () => {
  const refusal = async (data: unknown) => {
    const given = data as () => Iterable<never>;
    return (await assertRejects(
      () => fit(model(), given, { printer: silent() }),
      InputError,
    )).message;
  };
  const head =
    "Cannot use the data: the function that makes the batches of an epoch returned ";
  assertEquals(
    await refusal(() => undefined),
    `${head}undefined; expected an iterable of batches`,
  );
  assertEquals(
    await refusal(async () => await Promise.resolve([])),
    `${head}a promise; write it as async function*`,
  );
});
