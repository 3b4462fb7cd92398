/**
 * Prediction with a `tf.LayersModel`.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { predictLoop } from "../loop/evaluate_predict.ts";
import type { RunOptions } from "../run/run_options.ts";
import { adviseBackend } from "./backend_advice.ts";
import { checkBatchSize } from "./data/array_source.ts";
import type { PredictionData } from "./data/forms.ts";
import { predictSteps } from "./model/model_steps.ts";
import { inputSpecs } from "./data/tensor_spec.ts";
import { predictionSource } from "./data/batch_source.ts";

/** Options of {@linkcode predict}. */
export interface PredictOptions extends RunOptions {
  /** Batches at most. Default: all. */
  readonly steps?: number | undefined;
  /** Samples per batch, unless the inputs come in batches. Default 32, also for null, which tf.js takes too. */
  readonly batchSize?: number | undefined;
}

/**
 * The outputs of `model` for `x`, calling the plugins' predict hooks.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { predict } from "@hookloop/hookloop";
 *
 * await tf.setBackend("cpu");
 * const model = tf.sequential({
 *   layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: "ones" })],
 * });
 * const outputs = await predict(model, [1, 2, 3]) as tf.Tensor;
 * console.log(outputs.shape);
 * outputs.dispose();
 * ```
 *
 * @param model The model; it need not be compiled.
 * @param x Inputs: tensors, typed or nested arrays, a `tf.data.Dataset` of
 * batches (of its elements `{ xs, ys }`, only `xs` is used), or an iterable of
 * batches that is not an array.
 * @param options Batch size, plugins and so on.
 * @returns The outputs of all batches in one tensor, or a list of such tensors
 * for a model with several outputs. The caller frees them. A dry run returns
 * tensors of no samples.
 * @throws {InputError} If the inputs do not fit the model.
 */
export async function predict(
  model: InstanceType<typeof tf["LayersModel"]>,
  x: PredictionData,
  options: PredictOptions = {},
): Promise<
  InstanceType<typeof tf["Tensor"]> | InstanceType<typeof tf["Tensor"]>[]
> {
  const batchSize = options.batchSize ?? 32;
  checkBatchSize("batchSize", batchSize);
  const specs = { inputs: inputSpecs(model), targets: [] };
  adviseBackend(model, options.printer);
  const source = predictionSource(x, specs, { batchSize });
  const parts: tf.Tensor[][] = model.outputs.map(() => []);
  const collect = (outputs: unknown) =>
    [outputs as tf.Tensor | tf.Tensor[]].flat().forEach((output, i) =>
      parts[i]!.push(output)
    );
  try {
    await predictLoop(predictSteps(model), source, collect, options);
    const joined = parts.map((list, i) =>
      list.length > 0 ? tf.concat(list) : noOutputs(model, i)
    );
    return joined.length === 1 ? joined[0]! : joined;
  } finally {
    tf.dispose(parts);
  }
}

function noOutputs(
  model: InstanceType<typeof tf["LayersModel"]>,
  i: number,
): InstanceType<typeof tf["Tensor"]> {
  const { shape, dtype } = model.outputs[i]!;
  return tf.zeros([0, ...shape.slice(1).map((n) => n ?? 0)], dtype);
}
