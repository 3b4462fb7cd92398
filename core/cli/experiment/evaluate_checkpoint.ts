/**
 * A saved model on data: those of an experiment, or any that are named.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import type { FilePlugin } from "../../contract/plugin_list.ts";
import { InputError } from "../../errors.ts";
import { isWritable } from "../../files.ts";
import type { LogRecord } from "../../plugin.ts";
import { classNames } from "../../tf/checkpoint/class_names.ts";
import { evaluate } from "../../tf/evaluate.ts";
import type { TrainingData } from "../../tf/data/forms.ts";
import { findBuiltin } from "./builtins.ts";
import { type Context, setupOf } from "./context.ts";
import { experimentData } from "./data.ts";
import type { Experiment, HandExperiment, Setup } from "./experiment.ts";
import { freeModel, modelFrom } from "./model.ts";

/**
 * Evaluate a checkpoint: its own model or, if it has no optimizer or holds only
 * weights, the experiment's model with its weights. The plugins' test hooks
 * run; a model that tells classes apart gets a confusion matrix.
 *
 * @param dir Folder of the checkpoint.
 * @param whole Whether to take all samples, not only those for validation.
 * @returns The loss and the metrics.
 * @throws {InputError} If there is no checkpoint, or nothing to evaluate it on.
 */
export async function evaluateCheckpoint(
  dir: string,
  experiment: Experiment | HandExperiment,
  context: Context,
  whole = false,
): Promise<LogRecord> {
  if (typeof experiment === "function") {
    throw new InputError(
      "Cannot evaluate on an experiment that runs its own loop; give one that is an object with model and data, or name data with --data",
    );
  }
  const setup = setupOf(
    whole
      ? { ...context, options: { ...context.options, validationSplit: 0 } }
      : context,
  );
  const { model } = await modelFrom(dir, experiment, setup);
  const { batchSize } = experiment.options ?? {};
  try {
    const data = await samples(experiment, setup, context, model, whole);
    const matrix = await confusionMatrix(model, context.dir);
    return await evaluate(model, data, {
      batchSize,
      ...setup.run([experiment.plugins, matrix]),
    });
  } finally {
    freeModel(model);
  }
}

async function samples(
  experiment: Experiment,
  setup: Setup,
  { printer }: Context,
  model: InstanceType<typeof tf["LayersModel"]>,
  whole: boolean,
): Promise<TrainingData> {
  const { train, validation } = await experimentData(
    experiment,
    setup,
    printer,
    model,
  );
  if (whole) {
    setup.print(`evaluated on all samples of ${setup.data}`);
    return train;
  }
  if (validation !== undefined) return validation;
  throw new InputError(
    "Cannot evaluate: the experiment has no validation data; let its 'data' return { train, validation }, or name a data set with --data",
  );
}

/** Where the matrix goes, below the folder of the run. */
const FOLDER = "evaluation";

/** The plugin that counts which classes are mistaken for which, if the model tells classes apart. */
async function confusionMatrix(
  model: InstanceType<typeof tf["LayersModel"]>,
  dir: string,
): Promise<FilePlugin | undefined> {
  if (!isClassifier(model)) return undefined;
  const { file, create } = (await findBuiltin("confusion-matrix"))!;
  const files = isWritable(`${dir}/${FOLDER}`);
  const plugin = create({
    labels: classNames(model) ?? [],
    filename: files ? `${FOLDER}/confusion-matrix.csv` : "",
    svg: files ? `${FOLDER}/confusion-matrix.svg` : "",
  });
  return { plugin, file, ifPossible: true };
}

/**
 * Whether what a model learned were classes: its loss says so or, if it is not
 * compiled, the last activation.
 *
 * @param index Index of the output.
 */
export function isClassifier(
  model: InstanceType<typeof tf["LayersModel"]>,
  index = 0,
): boolean {
  const { loss } = model as { loss?: unknown };
  const own = Array.isArray(loss) || typeof loss !== "object"
    ? [loss].flat()[index] ?? [loss].flat()[0]
    : (loss as Record<string, unknown> | null)?.[model.outputNames[index]!];
  if (typeof own === "string") return /crossentropy$/i.test(own);
  if (own !== undefined) return false;
  const { activation } = model.outputs[index]!.sourceLayer
    .getConfig() as { activation?: unknown };
  return activation === "softmax" || activation === "sigmoid";
}
