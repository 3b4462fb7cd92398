/**
 * A checkpoint on an experiment's validation data.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import type { LogRecord } from "../../plugin.ts";
import { evaluate } from "../../tf/evaluate.ts";
import { type Context, setupOf } from "./context.ts";
import { experimentData } from "./data.ts";
import type { Experiment, HandExperiment } from "./experiment.ts";
import { modelFrom } from "./model.ts";

/**
 * Evaluate a checkpoint: its own model, or where it has no optimizer or holds
 * weights alone the experiment's with its weights. The test hooks of the
 * plugins run.
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
      "Cannot evaluate on an experiment that runs a loop of its own; give one that is an object with model and data",
    );
  }
  const setup = setupOf(context);
  const { model } = await modelFrom(dir, experiment, setup);
  const { printer } = context;
  const { validation } = await experimentData(
    experiment,
    setup,
    printer,
    model,
  );
  if (validation === undefined) {
    throw new InputError(
      "Cannot evaluate: the experiment has no validation data; let its 'data' return { train, validation }, or name a data set with --data",
    );
  }
  const { batchSize } = experiment.options ?? {};
  return await evaluate(model, validation, {
    ...batchSize === undefined ? {} : { batchSize },
    ...setup.run(experiment.plugins),
  });
}
