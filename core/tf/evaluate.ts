/**
 * Evaluation of a compiled `tf.LayersModel`.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { testLoop } from "../loop/evaluate_predict.ts";
import type { RunOptions } from "../run/run_options.ts";
import type { LogRecord } from "../plugin.ts";
import { adviseBackend } from "./backend_advice.ts";
import { checkBatchSize } from "./data/array_source.ts";
import type { TrainingData } from "./data/forms.ts";
import { modelSteps } from "./model/model_steps.ts";
import { inputSpecs, targetSpecs } from "./data/tensor_spec.ts";
import { trainingSource } from "./data/batch_source.ts";

/** Options of {@linkcode evaluate}. */
export interface EvaluateOptions extends RunOptions {
  /** Batches at most. Default: all. */
  readonly steps?: number | undefined;
  /** Samples per batch, unless the data come in batches. Default 32, also for null, which tf.js takes too. */
  readonly batchSize?: number | undefined;
}

/**
 * The loss and the metrics of `model` on `data`, calling the plugins' test
 * hooks.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { evaluate } from "@hookloop/hookloop";
 *
 * await tf.setBackend("cpu");
 * const model = tf.sequential({
 *   layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: "ones" })],
 * });
 * model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
 * const { loss } = await evaluate(model, { x: [1, 2], y: [1, 2] });
 * console.log(loss);
 * ```
 *
 * @param model A compiled model.
 * @param data Anything that `fit` accepts.
 * @param options Batch size, plugins and so on.
 * @returns `loss` and the metrics, by the names given to `compile`; nothing in a dry run.
 * @throws {InputError} If the model is not compiled, or the data do not fit it.
 * @throws {SetupError} If a plugin needs something the run does not have.
 */
export async function evaluate(
  model: InstanceType<typeof tf["LayersModel"]>,
  data: TrainingData,
  options: EvaluateOptions = {},
): Promise<LogRecord> {
  const batchSize = options.batchSize ?? 32;
  checkBatchSize("batchSize", batchSize);
  using steps = modelSteps(model);
  const specs = { inputs: inputSpecs(model), targets: targetSpecs(model) };
  adviseBackend(model, options.printer);
  const source = trainingSource(data, specs, { batchSize });
  return await testLoop(steps, source, options);
}
