/**
 * What a hand-written loop offers its plugins when it trains with tf.js.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Resources } from "../../steps.ts";
import { saveModel } from "../checkpoint/checkpoint.ts";
import type { CompiledModel } from "./compiled_model.ts";
import { layerMemory } from "./layer_memory.ts";
import { drawByStep } from "./layer_draws.ts";
import { forward } from "./losses.ts";
import { optimizerHandle } from "./optimizer.ts";
import { tfEngine } from "../engine.ts";
import { modelWeights, variableWeights } from "./weights.ts";

/** What a loop trains, and with what. Give what there is: plugins that use a missing part are refused. */
export interface TfResourcesOptions {
  /** The model: plugins may read it, save it, predict with it, and copy and restore its weights. It need not be compiled. */
  readonly model?: InstanceType<typeof tf["LayersModel"]> | undefined;
  /** The optimizer. Default: the model's own, if it is compiled. */
  readonly optimizer?: InstanceType<typeof tf["Optimizer"]> | undefined;
  /** The variables to copy and restore, if there is no model or only part of it matters. Default: the model's weights. */
  readonly variables?:
    | readonly InstanceType<typeof tf["Variable"]>[]
    | undefined;
}

/**
 * Learning rate, momentum, weights, model, saving and prediction, to spread
 * into `callbackList({ ... })` or into the steps of `train({ ... }, …)`. Layers
 * of the model that draw once for all steps in tf.js, those with a seed of their
 * own and the cells of `tf.layers.rnn`, draw anew at each step from then on. For a backup there is what the layers remember beside
 * their weights, as `keeps`; where the loop has something to keep too,
 * `keepAll` makes one of both.
 *
 * @example A custom fit whose learning rate a plugin may set
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { callbackList } from "@hookloop/hookloop";
 *
 * await tf.setBackend("cpu");
 * const slope = tf.variable(tf.scalar(1));
 * const optimizer = tf.train.sgd(0.1);
 * await using list = callbackList({
 *   ...tfResources({ optimizer, variables: [slope] }),
 *   plugins: [{
 *     onEpochEnd: (_epoch, _logs, run) => {
 *       run.optimizer.learningRate /= 2;
 *     },
 *   }],
 * });
 * await list.onTrainBegin();
 * await list.onEpochBegin(0);
 * await list.onEpochEnd(0, { loss: 1 });
 * await list.onTrainEnd();
 * ```
 *
 * @param options The model, the optimizer, the variables.
 * @returns The parts that can be offered.
 * @throws {InputError} If the optimizer has no learning rate.
 */
export function tfResources(options: TfResourcesOptions): Resources {
  const { model, variables, optimizer = ownOptimizer(model) } = options;
  if (model) drawByStep(model);
  return {
    ...(model ?? variables ?? optimizer) &&
      { about: { backend: tf.getBackend() } },
    tensors: () => tf.memory().numTensors,
    engine: tfEngine,
    ...optimizer && { optimizer: optimizerHandle(optimizer) },
    ...variables
      ? { weights: variableWeights(variables, optimizer) }
      : model && { weights: modelWeights(model, optimizer) },
    ...model && {
      model,
      keeps: layerMemory(model),
      save: (path, { weightsOnly }) => saveModel(model, path, { weightsOnly }),
      predict: (x) => outputsOf(model, x as readonly tf.Tensor[]),
    },
  };
}

/**
 * The outputs of `model`, with layers such as dropout inactive.
 *
 * @param model The model; it need not be compiled.
 * @param inputs One tensor per input, still owned by the caller.
 * @returns One tensor per output, which the caller frees.
 */
export function outputsOf(
  model: tf.LayersModel,
  inputs: readonly tf.Tensor[],
): tf.Tensor[] {
  const layers = model as unknown as Pick<CompiledModel, "apply">;
  return tf.tidy(() => forward(layers, [...inputs], false));
}

/** The optimizer given to `compile`; tf.js types the field as always present. */
function ownOptimizer(model?: tf.LayersModel): tf.Optimizer | undefined {
  return model?.optimizer as tf.Optimizer | undefined;
}
