/**
 * What a loop written by hand offers its plugins when it trains with tf.js.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import type { Resources } from "../../steps.ts";
import { saveModel } from "../checkpoint/checkpoint.ts";
import { optimizerHandle } from "./optimizer.ts";
import { modelWeights, variableWeights } from "./weights.ts";
import type { LayersModel, Optimizer, Variable } from "../types.ts";

/** What a loop trains, and what with. Give what there is: plugins that use a part that is not there are refused. */
export interface TfResourcesOptions {
  /** The model: plugins may read it, save it, copy and restore its weights. It need not be compiled. */
  readonly model?: LayersModel | undefined;
  /** The optimizer. Default: the model's own, if it is compiled. */
  readonly optimizer?: Optimizer | undefined;
  /** The variables to copy and restore, where there is no model or not all of it counts. Default: the model's weights. */
  readonly variables?: readonly Variable[] | undefined;
}

/**
 * Learning rate, momentum, weights, model and saving, to be spread into
 * `handLoop({ ... })` or into the steps of `train({ ... }, …)`.
 *
 * @example A fit of one's own, whose learning rate a plugin may set
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { handLoop } from "@hookloop/hookloop";
 *
 * await tf.setBackend("cpu");
 * const slope = tf.variable(tf.scalar(1));
 * const optimizer = tf.train.sgd(0.1);
 * await using loop = handLoop({
 *   ...tfResources({ optimizer, variables: [slope] }),
 *   plugins: [{
 *     onEpochEnd: (_epoch, _logs, run) => {
 *       run.optimizer.learningRate /= 2;
 *     },
 *   }],
 * });
 * await loop.onTrainBegin();
 * await loop.onEpochBegin(0);
 * await loop.onEpochEnd(0, { loss: 1 });
 * await loop.onTrainEnd();
 * ```
 *
 * @param options The model, the optimizer, the variables.
 * @returns The parts that can be offered.
 * @throws {InputError} If the optimizer has no learning rate.
 */
export function tfResources(options: TfResourcesOptions): Resources {
  const { model, variables, optimizer = ownOptimizer(model) } = options;
  return {
    ...optimizer && { optimizer: optimizerHandle(optimizer) },
    ...variables
      ? { weights: variableWeights(variables) }
      : model && { weights: modelWeights(model) },
    ...model && {
      model,
      save: (path, { weightsOnly }) => saveModel(model, path, { weightsOnly }),
    },
  };
}

/** The optimizer given to `compile`; tf.js calls the field always there. */
function ownOptimizer(model?: tf.LayersModel): tf.Optimizer | undefined {
  return model?.optimizer as tf.Optimizer | undefined;
}
