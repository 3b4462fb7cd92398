import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { checkExperiment } from "../../../../core/cli/experiment/check.ts";
import {
  type Context,
  setupOf,
} from "../../../../core/cli/experiment/context.ts";
import {
  catalogue,
  choosePlugins,
} from "../../../../core/cli/experiment/choose_plugins.ts";
import type { Experiment } from "../../../../core/cli/experiment/experiment.ts";
import { ExperimentError } from "../../../../core/cli/experiment/own_code.ts";
import { runExperiment } from "../../../../core/cli/experiment/run_experiment.ts";
import { InputError } from "../../../../core/errors.ts";
import { silent } from "../../../../core/terminal.ts";
import { named, ODD_VALUES } from "../../_odd_values.ts";
import { folder } from "../_command.ts";

await tf.setBackend("cpu");

const EXPERIMENT: Experiment = {
  name: "tiny",
  options: { epochs: 1 },
  data: () => ({
    train: { x: [[1], [2]], y: [0, 1] },
    validation: { x: [[1]], y: [0] },
  }),
  model: () => compiled({}),
  plugins: [],
  use: [],
};

/** A model compiled with something unusual. */
function compiled(options: object): tf.LayersModel {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
  });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError", ...options });
  return model;
}

/** Check an experiment and run it, as `train` does, writing nothing. */
async function run(given: unknown): Promise<void> {
  const experiment = checkExperiment(given, "tiny.ts");
  const plugins = await choosePlugins(await catalogue(await folder()), {
    named: experiment.use,
  });
  const context: Context = {
    seed: 1,
    options: {},
    dir: "nowhere",
    plugins,
    printer: silent(),
    about: {},
  };
  await runExperiment(experiment, setupOf(context), context);
}

async function refusal(part: object): Promise<string> {
  const error = await run({ ...EXPERIMENT, ...part }).catch((error) => error);
  assert(error instanceof InputError, String(error));
  return error.message;
}

Deno.test("every part of an experiment is taken or refused in a sentence, whatever its kind", async () => {
  for (const part of Object.keys(EXPERIMENT)) {
    for (const value of ODD_VALUES) {
      try {
        await run({ ...EXPERIMENT, [part]: value });
      } catch (error) {
        assert(
          error instanceof InputError,
          `${part}: ${named(value)}: ${error}`,
        );
      }
    }
  }
});

Deno.test("so is what its functions return", async () => {
  for (const part of ["model", "data"]) {
    for (const value of [...ODD_VALUES, undefined, { train: 5 }]) {
      const error = await run({ ...EXPERIMENT, [part]: () => value })
        .catch((error) => error);
      assert(error instanceof InputError, `${part}: ${named(value)}: ${error}`);
    }
  }
});

const OPTIONS = [
  "batchSize",
  "callbacks",
  "classWeight",
  "epochs",
  "gradients",
  "hookTimeout",
  "initialEpoch",
  "learningRate",
  "onFileError",
  "plugins",
  "shuffle",
  "stepsPerEpoch",
  "validationBatchSize",
  "validationFreq",
  "validationSplit",
  "validationSteps",
];

Deno.test("so is each of its options", async () => {
  for (const option of OPTIONS) {
    for (const value of ODD_VALUES) {
      try {
        await run({ ...EXPERIMENT, options: { epochs: 1, [option]: value } });
      } catch (error) {
        assert(
          error instanceof InputError,
          `${option}: ${named(value)}: ${error}`,
        );
      }
    }
  }
});

Deno.test("a wrong option is told with its name and what was expected", () => {
  const message = (options: object) =>
    assertThrows(
      () => checkExperiment({ ...EXPERIMENT, options }, "tiny.ts"),
      InputError,
    ).message.replace("Cannot run the experiment tiny.ts: ", "");
  assertEquals(
    message({ classWeight: 5 }),
    "its option 'classWeight' must be weights by class such as { 0: 1, 1: 2 }: current value is 5",
  );
  assertEquals(
    message({ onFileError: false }),
    'its option \'onFileError\' must be "go on" or "fail": current value is false',
  );
  assertEquals(
    message({ callbacks: [] }),
    "its 'options' has \"callbacks\"; that stands beside 'options', as 'plugins'",
  );
  assertEquals(
    message({ plugins: [] }),
    "its 'options' has \"plugins\"; that stands beside 'options'",
  );
  assertEquals(
    assertThrows(
      () => checkExperiment({ ...EXPERIMENT, callbacks: [] }, "tiny.ts"),
      InputError,
    ).message,
    "Cannot run the experiment tiny.ts: it has \"callbacks\": call them 'plugins'",
  );
});

Deno.test("a name that would leave the folder of the runs is refused", () => {
  for (const name of ["../x", "/x", "a/b", "", ".", "x".repeat(300), {}, 5]) {
    assertThrows(
      () => checkExperiment({ ...EXPERIMENT, name }, "tiny.ts"),
      InputError,
      "its 'name' must be text for the name of a folder",
    );
  }
  for (const name of ["a", "résumé 2.0", "my-run_3"]) {
    assertEquals(checkExperiment({ ...EXPERIMENT, name }, "x").name, name);
  }
});

Deno.test("what tf.js refuses in the model's function is a mistake in the experiment, with its place", async () => {
  for (
    const [options, why] of [
      [{ loss: "meanSqaredError" }, "meanSqaredError"],
      [{ metrics: ["acuracy"] }, "acuracy"],
      [{ optimizer: "adma" }, "adma"],
    ] as const
  ) {
    const message = await refusal({ model: () => compiled(options) });
    assert(message.startsWith("Cannot run the experiment: its 'model' failed"));
    assert(message.includes(why), message);
    assertEquals(/\n\s+at /.test(message), false);
  }
});

Deno.test("a model without an optimizer is not compiled", async () => {
  const model = () =>
    tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  assertEquals(
    await refusal({ model }),
    "Cannot run the experiment: its 'model' returned a model that is not compiled; expected a compiled tf.LayersModel: call model.compile({ optimizer, loss, metrics })",
  );
});

Deno.test("what a loop of one's own throws is its failure; what it returns is its business", async () => {
  const context = { printer: silent() } as Context;
  const setup = {} as ReturnType<typeof setupOf>;
  const error = await runExperiment(
    () => {
      throw new TypeError("no");
    },
    setup,
    context,
  ).catch((error) => error);
  assert(error instanceof ExperimentError);
  assert(/^The experiment's loop failed at .*: no$/.test(error.message));
  for (const value of ODD_VALUES) {
    const loop = () => value as undefined;
    assertEquals(await runExperiment(loop, setup, context), undefined);
  }
});
