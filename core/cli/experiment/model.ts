/**
 * The model of an experiment: from its function, or from a checkpoint.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { InputError } from "../../errors.ts";
import { loadModel, loadWeights } from "../../tf/checkpoint/checkpoint.ts";
import { nameClasses, namesIn } from "../../tf/checkpoint/class_names.ts";
import { readModelJson } from "../../tf/checkpoint/checkpoint_files.ts";
import { describe } from "./check.ts";
import type { Experiment, Setup } from "./experiment.ts";
import { modelError } from "./own_code.ts";

/** A model from a checkpoint. */
export interface ModelFrom {
  /** The model, compiled. */
  readonly model: InstanceType<typeof tf["LayersModel"]>;
  /** Whether it is the checkpoint's own model, with its optimizer, rather than the experiment's with the checkpoint's weights. */
  readonly resumed: boolean;
}

/**
 * The model that the experiment creates.
 *
 * @throws {InputError} If it is not a compiled model.
 */
export async function compiledModel(
  experiment: Experiment,
  setup: Setup,
): Promise<InstanceType<typeof tf["LayersModel"]>> {
  const model = await made(experiment, setup);
  const { optimizer, getWeights } = Object(model) as Partial<
    InstanceType<typeof tf["LayersModel"]>
  >;
  if (optimizer && getWeights) {
    return model as InstanceType<typeof tf["LayersModel"]>;
  }
  const what = getWeights ? "a model that is not compiled" : describe(model);
  throw new InputError(
    `Cannot run the experiment: its 'model' returned ${what}; expected a compiled tf.LayersModel: call model.compile({ optimizer, loss, metrics })`,
  );
}

async function made(experiment: Experiment, setup: Setup): Promise<unknown> {
  try {
    return await experiment.model(setup);
  } catch (error) {
    throw modelError(error);
  }
}

/**
 * A checkpoint's model with its optimizer; if it has no optimizer or holds only
 * weights, the experiment's model with those weights.
 *
 * @param dir Folder of the checkpoint.
 * @throws {InputError} If it is not a checkpoint, or belongs to another model.
 */
export async function modelFrom(
  dir: string,
  experiment: Experiment,
  setup: Setup,
): Promise<ModelFrom> {
  const { modelTopology, trainingConfig, userDefinedMetadata } =
    await readModelJson(dir);
  if (modelTopology && trainingConfig) {
    setup.print(`from ${dir}: the model with its optimizer`);
    return { model: await loadModel(dir), resumed: true };
  }
  const model = await compiledModel(experiment, setup);
  try {
    await loadWeights(model, dir);
    const classes = namesIn(userDefinedMetadata);
    if (classes) nameClasses(model, classes);
  } catch (error) {
    freeModel(model);
    throw error;
  }
  setup.print(`from ${dir}: the weights, in the experiment's model`);
  return { model, resumed: false };
}

/**
 * Whether a checkpoint holds a compiled model, which needs nothing of an
 * experiment.
 *
 * @param dir Folder of the checkpoint.
 */
export async function isComplete(dir: string): Promise<boolean> {
  const { modelTopology, trainingConfig } = await readModelJson(dir);
  return modelTopology !== undefined && trainingConfig !== undefined;
}

/** Free the model with its optimizer. */
export function freeModel(model: InstanceType<typeof tf["LayersModel"]>): void {
  model.optimizer.dispose();
  try {
    model.dispose();
  } catch {
    // It stops at a weight that is gone; why the run ended is told elsewhere.
    model.weights.forEach(freeWeight);
  }
}

function freeWeight(weight: { dispose(): void }): void {
  try {
    weight.dispose();
  } catch {
    // It is the one that is gone.
  }
}
