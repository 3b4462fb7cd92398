/**
 * The parts of a compiled `tf.LayersModel` that the steps need and tf.js leaves
 * out of its typings. This is the only place that knows about them (tf.js
 * 4.22.0, `tfjs-layers/src/engine/training.ts`).
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { InputError } from "../../errors.ts";
import type { LayerArguments } from "./layer_arguments.ts";
import { checkCompiled } from "./compile_arguments.ts";
import type { MetricsGiven } from "./metric_names.ts";

/** Loss or metric of one output: one value per sample, or already a mean. */
export type OutputFunction = (
  target: tf.Tensor,
  output: tf.Tensor,
) => tf.Tensor;

/** A model after `compile`. */
export interface CompiledModel {
  /** Its layers. */
  readonly layers: readonly tf.layers.Layer[];
  /** The optimizer, created by tf.js if only its name was given. */
  readonly optimizer: tf.Optimizer;
  /** One loss per output. */
  readonly lossFunctions: readonly OutputFunction[];
  /** Losses as the user gave them. */
  readonly loss: unknown;
  /** Metrics as the user gave them. */
  readonly metrics: MetricsGiven;
  /** Each metric with the index of its output; with several outputs, their losses come first. */
  readonly metricsTensors: readonly (readonly [OutputFunction, number])[];
  /** The weights that were trainable when the model was compiled. */
  readonly collectedTrainableWeights: readonly { read(): tf.Variable }[];
  /** Names of the outputs. */
  readonly outputNames: readonly string[];
  /** Whether a `fit` is running, tf.js' own or ours. */
  isTraining: boolean;
  /** Run the layers. */
  apply(
    inputs: tf.Tensor[],
    options: LayerArguments,
  ): tf.Tensor | tf.Tensor[];
  /** The penalties of the regularizers. */
  calculateLosses(): tf.Scalar[];
}

/**
 * `model` as the steps see it.
 *
 * @throws {InputError} If it was not compiled, or with what tf.js would ignore.
 */
export function compiledModel(model: tf.LayersModel): CompiledModel {
  // A sequential model keeps what was compiled in an inner model.
  const { model: within } = model as { model?: tf.LayersModel };
  const compiled = (within ?? model) as unknown as CompiledModel;
  checkCompiled(compiled, model.name);
  if (compiled.optimizer && compiled.lossFunctions?.every(Boolean)) {
    return compiled;
  }
  throw new InputError(
    `Cannot train or evaluate model "${model.name}": it was not compiled with an optimizer and a loss for each output; call model.compile({ optimizer: "adam", loss: …, metrics: ["accuracy"] }) first`,
  );
}

/**
 * Mark `model` as in training, until what is returned is disposed of: while it
 * is, a `fit` of tf.js refuses it too.
 *
 * @throws {InputError} If it is in training already.
 */
export function markTraining(model: tf.LayersModel): Disposable {
  const compiled = compiledModel(model);
  if (compiled.isTraining) {
    throw new InputError(
      `Cannot start training because another fit() call is ongoing on model "${model.name}": await that one first`,
    );
  }
  compiled.isTraining = true;
  return { [Symbol.dispose]: () => void (compiled.isTraining = false) };
}
