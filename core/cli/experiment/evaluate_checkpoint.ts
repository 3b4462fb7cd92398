/**
 * A checkpoint on an experiment's validation data.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import type { LogRecord } from "../../plugin.ts";
import { evaluate } from "../../tf/evaluate.ts";
import type { TrainingData } from "../../tf/data/forms.ts";
import { type Context, setupOf } from "./context.ts";
import { experimentData } from "./data.ts";
import type { Experiment, HandExperiment } from "./experiment.ts";
import { freeModel, modelFrom } from "./model.ts";

/**
 * Evaluate a checkpoint: its own model or, if it has no optimizer or holds only
 * weights, the experiment's model with its weights. The plugins' test hooks
 * run.
 *
 * @param dir Folder of the checkpoint.
 * @returns The loss and the metrics.
 * @throws {InputError} If there is no checkpoint, or nothing to evaluate it on.
 */
export async function evaluateCheckpoint(
  dir: string,
  experiment: Experiment | HandExperiment,
  context: Context,
): Promise<LogRecord> {
  if (typeof experiment === "function") {
    throw new InputError(
      "Cannot evaluate on an experiment that runs its own loop; give one that is an object with model and data",
    );
  }
  const setup = setupOf(context);
  const { model } = await modelFrom(dir, experiment, setup);
  const { batchSize } = experiment.options ?? {};
  try {
    return await evaluate(
      model,
      await validationData(experiment, setup, context.printer, model),
      { batchSize, ...setup.run(experiment.plugins) },
    );
  } finally {
    freeModel(model);
  }
}

async function validationData(
  ...about: Parameters<typeof experimentData>
): Promise<TrainingData> {
  const { validation } = await experimentData(...about);
  if (validation !== undefined) return validation;
  throw new InputError(
    "Cannot evaluate: the experiment has no validation data; let its 'data' return { train, validation }, or name a data set with --data",
  );
}
