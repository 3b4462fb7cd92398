/**
 * An experiment through `fit`.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { InputError } from "../../errors.ts";
import type { History } from "../../run/history.ts";
import { fit } from "../../tf/fit.ts";
import { optimizerHandle } from "../../tf/model/optimizer.ts";
import type { Printer } from "../../terminal.ts";
import { describe } from "./check.ts";
import type { Experiment, Setup } from "./experiment.ts";
import { experimentData } from "./data.ts";

/**
 * Make model and data, and train.
 *
 * @param setup What the command line gives.
 * @param printer Where it prints.
 */
export async function runExperiment(
  experiment: Experiment,
  setup: Setup,
  printer: Printer,
): Promise<History> {
  const { learningRate, ...options } = {
    ...experiment.options,
    ...setup.options,
  };
  const model = await modelOf(experiment, setup);
  if (learningRate !== undefined) {
    optimizerHandle(model.optimizer).learningRate = learningRate;
  }
  const { train, validation } = await experimentData(
    experiment,
    setup,
    printer,
    model.inputs.map(({ shape }) => shape),
  );
  return await fit(model, train, {
    seed: setup.seed,
    ...options,
    validationData: validation,
    ...setup.run(experiment.plugins),
  });
}

async function modelOf(
  experiment: Experiment,
  setup: Setup,
): Promise<tf.LayersModel> {
  const model = await experiment.model(setup);
  if (
    model && typeof model === "object" && "optimizer" in model &&
    model.optimizer
  ) {
    return model;
  }
  const what = model && typeof model === "object"
    ? "a model that is not compiled"
    : describe(model);
  throw new InputError(
    `Cannot train: the experiment's 'model' returned ${what}; expected a compiled tf.LayersModel: call model.compile({ optimizer, loss, metrics })`,
  );
}
