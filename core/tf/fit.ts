/**
 * Training of a compiled `tf.LayersModel`.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { isPlainObject } from "../contract/show.ts";
import { InputError } from "../errors.ts";
import type { History } from "../run/history.ts";
import type { GradientTransform } from "../loop/gradients.ts";
import { trainLoop } from "../loop/loop.ts";
import {
  checkSeed,
  checkTransforms,
  type LoopOptions,
} from "../loop/options.ts";
import { checkOption, checkRunOptions } from "../run/check_options.ts";
import { keepAll } from "../run/backup/keepers.ts";
import type { HostOptions } from "../run/run_options.ts";
import type { Source } from "../steps.ts";
import { adviseBackend } from "./backend_advice.ts";
import { arraySource, checkBatchSize } from "./data/array_source.ts";
import type { Batch } from "./data/batch.ts";
import type { ClassWeight } from "./model/class_weight.ts";
import { markTraining } from "./model/compiled_model.ts";
import { columnsOf, type ModelSpecs } from "./data/columns.ts";
import type { TrainingData } from "./data/forms.ts";
import { modelSteps } from "./model/model_steps.ts";
import { inputSpecs, targetSpecs } from "./data/tensor_spec.ts";
import { isArrayData, trainingSource } from "./data/batch_source.ts";
import { validationSource } from "./data/validation_source.ts";

/** Options of {@linkcode fit}. */
export interface FitOptions extends LoopOptions {
  /** Samples per batch, unless the data come in batches. Default 32, also for null, which tf.js takes too. */
  readonly batchSize?: number | undefined;
  /** Validation data, in any form that `data` may take. Default: none. */
  readonly validationData?: TrainingData | undefined;
  /**
   * Fraction of the samples, taken from the end before any shuffling, that is
   * kept for validation: between 0 and 1. Only for `{ x, y }`; ignored if
   * `validationData` are given. Default: none.
   */
  readonly validationSplit?: number | undefined;
  /** Samples per batch in validation. Default: `batchSize`. */
  readonly validationBatchSize?: number | undefined;
  /** Whether samples in memory are reshuffled each epoch. Default true. */
  readonly shuffle?: boolean | undefined;
  /** How much each class counts in the loss. Default: all count 1. */
  readonly classWeight?: ClassWeight | undefined;
  /**
   * Transforms of a step's gradients before the optimizer applies them, in this
   * order, such as `[accumulate(4), clipByGlobalNorm(1)]`. Default: none.
   */
  readonly gradients?:
    | readonly GradientTransform<InstanceType<typeof tf["Tensor"]>>[]
    | undefined;
}

/**
 * Train `model` on `data`, calling the plugins' hooks.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { fit } from "@hookloop/hookloop";
 *
 * await tf.setBackend("cpu");
 * const model = tf.sequential({
 *   layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
 * });
 * model.compile({ optimizer: "sgd", loss: "meanSquaredError", metrics: ["mae"] });
 * const { history } = await fit(model, { x: [1, 2, 3, 4], y: [2, 4, 6, 8] }, {
 *   epochs: 2,
 *   validationSplit: 0.25,
 *   seed: 1,
 * });
 * console.log(history.val_mae);
 * ```
 *
 * @param model A compiled model.
 * @param data Samples in memory, a `tf.data.Dataset` of batches, an iterable of
 * batches, or a function that returns one for an epoch.
 * @param options Epochs, batch size, validation, plugins and so on.
 * @returns The history: the logs of each epoch, the best epoch, and how the run ended.
 * @throws {InputError} Before the first step, if the model is not compiled or
 * in another `fit`, the data do not fit it, or an option is out of range.
 * @throws {SetupError} Before the first step, if a plugin needs something the
 * run does not have.
 * @throws {PluginError} When a plugin throws.
 */
export async function fit(
  model: InstanceType<typeof tf["LayersModel"]>,
  data: TrainingData,
  options: FitOptions = {},
): Promise<History> {
  const { classWeight, gradients } = options;
  const { position }: HostOptions = options;
  checkRunOptions(options);
  checkTransforms(gradients);
  checkOption(
    "classWeight",
    classWeight,
    (it) => isPlainObject(it) || Array.isArray(it),
    "weights by class such as { 0: 1, 1: 2 }, or a list of such tables, one per output",
  );
  checkOption(
    "shuffle",
    options.shuffle,
    (it) => typeof it === "boolean",
    "true or false",
  );
  using _training = markTraining(model);
  using steps = modelSteps(model, {
    classWeight,
    gradients,
    step: position?.step,
  });
  if (model.trainableWeights.length === 0) throw frozen(model);
  const specs = { inputs: inputSpecs(model), targets: targetSpecs(model) };
  adviseBackend(model, options.printer);
  const { training, validation } = await sourcesOf(data, specs, options);
  using testSteps = validation && modelSteps(model);
  const keeps = keepAll({
    training: steps.keeps,
    validation: testSteps?.keeps,
  });
  return await trainLoop(
    { ...steps, keeps },
    training,
    validation && testSteps && { steps: testSteps, data: validation },
    options,
  );
}

interface Sources {
  readonly training: Source<Batch>;
  readonly validation: Source<Batch> | undefined;
}

async function sourcesOf(
  data: TrainingData,
  specs: ModelSpecs,
  options: FitOptions & HostOptions,
): Promise<Sources> {
  const { shuffle = true, validationData, validationSplit } = options;
  const batchSize = options.batchSize ?? 32;
  const validationBatchSize = options.validationBatchSize ?? batchSize;
  checkBatchSize("batchSize", batchSize);
  checkBatchSize("validationBatchSize", validationBatchSize);
  checkSeed(options.seed);

  if (given(validationSplit) && !given(validationData)) {
    if (!isArrayData(data)) throw noSplit();
    const columns = columnsOf(data, specs);
    const to = splitAt(columns.count, validationSplit);
    return {
      training: arraySource(columns, { batchSize, to, shuffle }),
      validation: arraySource(columns, {
        batchSize: validationBatchSize,
        from: to,
      }),
    };
  }
  const training = trainingSource(data, specs, { batchSize, shuffle });
  if (!given(validationData)) return { training, validation: undefined };
  const validation = await validationSource(validationData, specs, {
    ...options,
    batchSize: validationBatchSize,
  });
  return { training, validation };
}

/** tf.js takes null for what is left out. */
function given<T>(value: T | undefined): value is T {
  return (value ?? undefined) !== undefined;
}

/** Index of the first sample for validation, as Keras rounds it. */
function splitAt(count: number, part: number): number {
  checkOption(
    "validationSplit",
    part,
    (it) => typeof it === "number" && it > 0 && it < 1,
    "between 0 and 1",
  );
  const at = Math.floor(count * (1 - part));
  if (at > 0 && at < count) return at;
  throw new InputError(
    `Cannot start as 'validationSplit' leaves no samples on one side: current value is ${part} of ${count} samples`,
  );
}

function frozen(model: InstanceType<typeof tf["LayersModel"]>): InputError {
  return new InputError(
    `Cannot train model "${model.name}": all its weights are frozen; set 'trainable' to true on some layers and compile it again`,
  );
}

function noSplit(): InputError {
  return new InputError(
    "Cannot start as 'validationSplit' needs data of the form { x, y }: give 'validationData' for data that come in batches",
  );
}
