import { assertMatch, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { InputError, PluginError } from "../../../core/errors.ts";
import { HOOK_NAMES } from "../../../core/plugin.ts";
import { silent } from "../../../core/terminal.ts";
import { fit } from "../../../core/tf/fit.ts";

await tf.setBackend("cpu");

Deno.test("weights that a plugin frees are told by name, wherever the run notices", async () => {
  const ways: readonly ((model: tf.LayersModel) => void)[] = [
    (model) => void model.dispose(),
    (model) => (model.weights[0]!.read() as tf.Variable).dispose(),
    () => tf.disposeVariables(),
  ];
  const hooks = HOOK_NAMES.filter((hook) =>
    !/Predict|onTrainEnd|onTestEnd|onEpochEnd/.test(hook)
  );
  for (const free of ways) {
    for (const hook of hooks) {
      const model = tf.sequential({
        layers: [tf.layers.dense({ name: "line", units: 1, inputShape: [1] })],
      });
      model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
      const { message } = await assertRejects(
        () =>
          fit(model, { x: [1, 2], y: [1, 2] }, {
            epochs: 2,
            validationData: { x: [3], y: [3] },
            printer: silent(),
            plugins: [{ name: "vandal", [hook]: () => free(model) }],
          }),
        InputError,
      );
      assertMatch(
        message,
        /^Cannot go on after on\w+ at epoch [01](, batch 0)?: weight "line\/kernel\w*" was disposed during the run; a plugin may copy weights and set them, but not free them$/,
      );
    }
  }
});

Deno.test("so they are where another plugin stumbles over it", async () => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ name: "row", units: 1, inputShape: [1] })],
  });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  await assertRejects(
    () =>
      fit(model, { x: [1, 2], y: [1, 2] }, {
        printer: silent(),
        plugins: [
          { name: "vandal", onEpochEnd: () => void model.dispose() },
          {
            name: "victim",
            onEpochEnd: (_epoch, _logs, run) => run.weights.snapshot("mine"),
          },
        ],
      }),
    PluginError,
    '(weight "row/kernel" was disposed during the run)',
  );
});
