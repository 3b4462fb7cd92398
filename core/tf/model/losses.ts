/**
 * Losses and metrics of a batch. Call all of this inside `tf.tidy`.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import type { Batch } from "../data/batch.ts";
import { weightsByClass } from "./class_weight.ts";
import type { CompiledModel } from "./compiled_model.ts";
import { layerArguments } from "./layer_arguments.ts";

/**
 * The model's outputs, one tensor each.
 *
 * @param inputs One tensor per input.
 * @param training Whether layers such as dropout behave as in training.
 */
export function forward(
  model: Pick<CompiledModel, "apply">,
  inputs: tf.Tensor[],
  training: boolean,
): tf.Tensor[] {
  const outputs = model.apply(inputs, layerArguments(training));
  return Array.isArray(outputs) ? outputs : [outputs];
}

/**
 * The mean loss of each output over the samples, each loss times the weight of
 * its sample and of its class.
 *
 * @param batch The targets and the weights of the samples.
 * @param outputs What `forward` returned.
 * @param tables Class weights by output, as `classTables` returns them; may be
 * empty.
 */
export function outputLosses(
  model: CompiledModel,
  batch: Batch,
  outputs: readonly tf.Tensor[],
  tables: readonly (Float32Array | undefined)[],
): tf.Scalar[] {
  return model.lossFunctions.map((lossOf, i) => {
    const target = batch.targets[i]!;
    const table = tables[i];
    let loss = lossOf(target, outputs[i]!);
    const sampleWeight = batch.sampleWeights[i];
    if (sampleWeight) loss = weighted(loss, sampleWeight);
    if (table) loss = weighted(loss, weightsByClass(target, table));
    return loss.mean();
  });
}

/**
 * The sum of the outputs' losses and of the regularizers' penalties.
 *
 * @param losses What `outputLosses` returned.
 */
export function totalLoss(
  model: CompiledModel,
  losses: readonly tf.Scalar[],
): tf.Scalar {
  return [...losses, ...model.calculateLosses()].reduce((sum, loss) =>
    sum.add(loss)
  );
}

/**
 * The values of the log keys in the order of `metricNames`: the loss; with
 * several outputs, the loss of each; the metrics.
 *
 * @param batch The targets.
 * @param total What `totalLoss` returned.
 * @param losses What `outputLosses` returned.
 * @param outputs What `forward` returned.
 */
export function logValues(
  model: CompiledModel,
  batch: Batch,
  total: tf.Scalar,
  losses: readonly tf.Scalar[],
  outputs: readonly tf.Tensor[],
): tf.Scalar[] {
  const separate = losses.length > 1 ? losses : [];
  const metrics = model.metricsTensors.slice(separate.length);
  return [
    total,
    ...separate,
    ...metrics.map(([metricOf, i]) =>
      metricOf(batch.targets[i]!, outputs[i]!).mean<tf.Scalar>()
    ),
  ];
}

/** `loss * weights`; a loss of rank 2 or more has a value for each time step. */
function weighted(loss: tf.Tensor, weights: tf.Tensor): tf.Tensor {
  const missing = Math.max(0, loss.rank - weights.rank);
  return loss.mul(
    weights.reshape([...weights.shape, ...Array<number>(missing).fill(1)]),
  );
}
