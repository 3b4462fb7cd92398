import {
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { Experiment } from "../../../../core/cli/experiment/experiment.ts";
import { runExperiment } from "../../../../core/cli/experiment/run_experiment.ts";
import {
  type Context,
  setupOf,
} from "../../../../core/cli/experiment/context.ts";
import { InputError } from "../../../../core/errors.ts";
import { silent } from "../../../../core/terminal.ts";
import { clipByValue } from "../../../../core/tf/gradient_transforms.ts";
import { saveModel } from "../../../../core/tf/checkpoint/checkpoint.ts";

await tf.setBackend("cpu");

/** y = 2 x, starting from a weight of 0. */
const experiment: Experiment = {
  options: { epochs: 1, learningRate: 0.5 },
  data: () => ({ train: { x: [[1]], y: [2] } }),
  model: () => compiled(slopeOf(0), 0.1),
};

function slopeOf(value: number): InstanceType<typeof tf["LayersModel"]> {
  return tf.sequential({
    layers: [tf.layers.dense({
      units: 1,
      inputShape: [1],
      useBias: false,
      name: "slope",
      kernelInitializer: tf.initializers.constant({ value }),
    })],
  });
}

function compiled(
  model: InstanceType<typeof tf["LayersModel"]>,
  learningRate: number,
): InstanceType<typeof tf["LayersModel"]> {
  model.compile({
    optimizer: tf.train.sgd(learningRate),
    loss: "meanSquaredError",
  });
  return model;
}

/** The initial loss and the learning rate of a run of the experiment. */
async function run(
  given: Partial<Context> = {},
): Promise<{ loss: number; learningRate: number; lines: string[] }> {
  const lines: string[] = [];
  let learningRate = NaN;
  const context: Context = {
    seed: 1,
    options: {},
    dir: ".",
    plugins: () => [{
      onEpochBegin(_epoch, _logs, run) {
        learningRate = run.optimizer.learningRate;
      },
    }],
    printer: { ...silent(), print: (line) => void lines.push(line) },
    about: {},
    ...given,
  };
  const history = await runExperiment(experiment, setupOf(context), context);
  return { loss: history!.history.loss![0]!, learningRate, lines };
}

async function saved(
  model: InstanceType<typeof tf["LayersModel"]>,
  options: { weightsOnly?: boolean } = {},
): Promise<string> {
  const dir = await Deno.makeTempDir();
  await saveModel(model, dir, options);
  if (model.optimizer) model.optimizer.dispose();
  model.dispose();
  return dir;
}

Deno.test("the experiment's options apply, unless a flag says otherwise", async () => {
  const { loss, learningRate } = await run();
  assertEquals([loss, learningRate], [4, 0.5]);
  const flag = await run({ options: { learningRate: 0.25 } });
  assertEquals(flag.learningRate, 0.25);
});

Deno.test("an experiment may transform its gradients", async () => {
  let slope = NaN;
  await run({
    options: { gradients: [clipByValue(0.5)] }, // 0 - 0.5 * -0.5
    plugins: () => [{
      name: "looker",
      requires: ["weights"],
      async onTrainEnd(_logs, run) {
        [slope = NaN] = Array.from(await run.weights.entries()[0]!.values());
      },
    }],
  });
  assertAlmostEquals(slope, 0.25);
});

Deno.test("a checkpoint of a compiled model continues with its learning rate, unless a flag says otherwise", async () => {
  const from = await saved(compiled(slopeOf(1), 0.125));
  const before = tf.memory().numTensors;
  const { loss, learningRate, lines } = await run({ from });
  assertAlmostEquals(loss, 1);
  assertAlmostEquals(learningRate, 0.125);
  assertEquals(lines, [`from ${from}: the model with its optimizer`]);
  const flag = await run({ from, options: { learningRate: 0.25 } });
  assertAlmostEquals(flag.learningRate, 0.25);
  assertEquals(tf.memory().numTensors, before);
});

for (
  const [what, make] of [
    [
      "only weights",
      () => saved(compiled(slopeOf(1), 0.125), { weightsOnly: true }),
    ],
    ["a model without an optimizer", () => saved(slopeOf(1))],
  ] as const
) {
  Deno.test(`a checkpoint of ${what} gives its weights to the experiment's model`, async () => {
    const from = await make();
    const before = tf.memory().numTensors;
    const { loss, learningRate, lines } = await run({ from });
    assertAlmostEquals(loss, 1);
    assertEquals(learningRate, 0.5);
    assertEquals(lines, [
      `from ${from}: the weights, in the experiment's model`,
    ]);
    assertEquals(tf.memory().numTensors, before);
  });
}

Deno.test("a checkpoint of another model is rejected, and nothing leaks", async () => {
  const layers = [
    tf.layers.dense({ units: 3, inputShape: [2], name: "other" }),
  ];
  const from = await saved(compiled(tf.sequential({ layers }), 0.1), {
    weightsOnly: true,
  });
  const before = tf.memory().numTensors;
  await assertRejects(() => run({ from }), InputError);
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("a class is no loop of one's own", async () => {
  const error = await assertRejects(
    () =>
      runExperiment(
        class {} as never,
        setupOf({ dir: "." } as Context),
        { printer: silent() } as Context,
      ),
    InputError,
  );
  assertStringIncludes(error.message, "its default export is a class");
});
