/**
 * The files of a new project.
 *
 * @module
 */
import { OWN_EXPERIMENT } from "../experiment/load.ts";
import type { NewFile } from "./write_new.ts";

/** Its test. */
export const EXPERIMENT_TEST = "tests/experiment_test.ts";

/** What `init` writes besides the config; a path that ends in a slash is a folder. */
export function projectFiles(): NewFile[] {
  return [
    { path: OWN_EXPERIMENT, text: experimentText() },
    { path: EXPERIMENT_TEST, text: testText() },
    { path: "plugins/", text: "" },
    { path: ".gitignore", text: "/data/\n/runs/\n" },
  ];
}

function experimentText(): string {
  return `/**
 * The experiment that \`deno task train\` runs: put your own data and model in
 * place of these.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Experiment, ExperimentData } from "@hookloop/hookloop";

/** Points in the plane: class 0 is a disc, class 1 a ring around it. */
export function points(): ExperimentData {
  const all = Array.from({ length: 500 }, (_, i) => {
    const label = i % 2;
    const radius = label + (0.618 * i) % 0.8;
    const angle = 2.4 * i;
    return { at: [radius * Math.cos(angle), radius * Math.sin(angle)], label };
  });
  const samples = (some: typeof all) => ({
    x: some.map(({ at }) => at),
    y: some.map(({ label }) => label),
  });
  return {
    train: samples(all.slice(0, 400)),
    validation: samples(all.slice(400)),
  };
}

/** A small network. The seed makes two runs alike. */
export function network(seed: number): tf.LayersModel {
  const kernel = (add: number) =>
    tf.initializers.glorotUniform({ seed: seed + add });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 16,
        activation: "relu",
        inputShape: [2],
        kernelInitializer: kernel(0),
      }),
      tf.layers.dense({
        units: 1,
        activation: "sigmoid",
        kernelInitializer: kernel(1),
      }),
    ],
  });
  model.compile({
    optimizer: tf.train.adam(0.01),
    loss: "binaryCrossentropy",
    metrics: ["accuracy"],
  });
  return model;
}

const experiment: Experiment = {
  data: points,
  model: ({ seed }) => network(seed),
  options: { epochs: 20, batchSize: 32 },
  // Plugins of the package, by name; those in plugins/ come by themselves.
  use: [["early-stopping", { patience: 5 }]],
};
export default experiment;
`;
}

function testText(): string {
  return `import { assert } from "@std/assert";
import { evaluate, fit, useBackend } from "@hookloop/hookloop";
import { network, points } from "../experiment.ts";

Deno.test("the network learns to tell the ring from the disc", async () => {
  await useBackend("cpu"); // The one that needs no permission.
  const { train, validation = train } = points();
  const model = network(1);
  await fit(model, train, { epochs: 20, seed: 1 });
  const { accuracy = 0 } = await evaluate(model, validation);
  assert(accuracy > 0.9, \`accuracy \${accuracy}\`);
});
`;
}
