/**
 * Training callbacks for TensorFlow.js in Deno: plugins from files, a contract
 * of log keys proved before the first step, Keras' hooks in `fit`, `evaluate`,
 * `predict` and hand-written loops.
 *
 * @example Stop when validation no longer gets better
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { earlyStopping, fit } from "@hookloop/hookloop";
 *
 * await tf.setBackend("cpu");
 * const model = tf.sequential({
 *   layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
 * });
 * model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
 * const { history } = await fit(model, { x: [1, 2, 3, 4], y: [2, 4, 6, 8] }, {
 *   epochs: 3,
 *   validationSplit: 0.25,
 *   plugins: [earlyStopping({ patience: 2 })],
 * });
 * console.log(history.val_loss);
 * ```
 *
 * @module
 */
export { HOOK_NAMES } from "./core/plugin.ts";
export type {
  Capability,
  Direction,
  HookArguments,
  HookName,
  HookResult,
  Hooks,
  IndexedHook,
  KeyTable,
  Logs,
  OptimizerHandle,
  Outcome,
  Plugin,
  PredictLogs,
  Run,
  RunParams,
  Snapshot,
  Terminal,
  Weights,
} from "./core/plugin.ts";
export type {
  FilePlugin,
  PluginLike,
  PluginList,
} from "./core/contract/plugin_list.ts";
export type { TfCallback } from "./core/contract/callback.ts";
export {
  InputError,
  type Place,
  PluginError,
  SetupError,
} from "./core/errors.ts";
export type { BestEpoch, History } from "./core/run/history.ts";
export type { PlannedRun, RunOptions } from "./core/run/session.ts";
export type {
  CheckedHook,
  Facts,
  HookPlan,
  Plan,
  Turn,
} from "./core/contract/plan.ts";
export type {
  KeysOfHook,
  Presence,
  Validation,
} from "./core/contract/log_keys.ts";
export type { Entry } from "./core/contract/plugin_list.ts";
export type { LoopOptions, PassOptions } from "./core/loop/options.ts";
export { type Printer, silent, terminal } from "./core/terminal.ts";
export type { Resources, Source, Steps } from "./core/steps.ts";
export { predictLoop, testLoop, trainLoop } from "./core/loop/loop.ts";
export {
  type Batches,
  type OwnSteps,
  train,
  type TrainOptions,
} from "./core/loop/own_step.ts";
export type { StepValue, StepValues } from "./core/loop/means.ts";
export {
  type HandHooks,
  type HandLoop,
  handLoop,
  type HandLoopOptions,
} from "./core/loop/callback_list.ts";
export {
  type Broken,
  discover,
  type Discovery,
  type DiscoveryHost,
  type Found,
} from "./core/contract/discover.ts";
export type { Defaults, OptionValues } from "./core/contract/options.ts";
export { fit, type FitOptions } from "./core/tf/fit.ts";
export { evaluate, type EvaluateOptions } from "./core/tf/evaluate.ts";
export { predict, type PredictOptions } from "./core/tf/predict.ts";
export {
  type BackendName,
  type BackendOptions,
  BACKENDS,
  type ChosenBackend,
  useBackend,
} from "./core/tf/backend.ts";
export type {
  ArrayData,
  BatchData,
  BatchStream,
  NestedArray,
  PredictionData,
  TrainingData,
  TypedArray,
  Values,
  ValuesOf,
} from "./core/tf/data/forms.ts";
export type {
  ClassWeight,
  ClassWeights,
} from "./core/tf/model/class_weight.ts";
export {
  fileHandler,
  loadModel,
  loadWeights,
  saveModel,
  type SaveOptions,
} from "./core/tf/checkpoint/checkpoint.ts";
export { optimizerHandle } from "./core/tf/model/optimizer.ts";
export {
  tfResources,
  type TfResourcesOptions,
} from "./core/tf/model/resources.ts";
export type {
  Experiment,
  ExperimentData,
  ExperimentOptions,
  HandExperiment,
  Setup,
  Use,
} from "./core/cli/experiment/experiment.ts";
export type { Dataset, Samples } from "./core/data/dataset.ts";
export { digits, type DigitsOptions } from "./core/data/digits.ts";
export { type ExoticOptions, exoticParticles } from "./core/data/exotic.ts";
export { type IdxArray, idxFolder, readIdx } from "./core/data/idx.ts";
export {
  type CsvBatch,
  csvBatches,
  csvDataset,
  type CsvOptions,
} from "./core/data/csv.ts";
export { loadDataset, type LoadOptions } from "./core/data/sets.ts";

export { default as batchLrDecay } from "./plugins/batch_lr_decay.ts";
export { default as csvLogger } from "./plugins/csv_logger.ts";
export { default as earlyStopping } from "./plugins/early_stopping.ts";
export { default as learningRateScheduler } from "./plugins/learning_rate_scheduler.ts";
export { default as modelCheckpoint } from "./plugins/model_checkpoint.ts";
export { default as momentumSchedule } from "./plugins/momentum_schedule.ts";
export { default as printLogs } from "./plugins/print_logs.ts";
export { default as progress } from "./plugins/progress.ts";
export { default as reduceLrOnPlateau } from "./plugins/reduce_lr_on_plateau.ts";
export { default as remoteMonitor } from "./plugins/remote_monitor.ts";
export { default as stopOnThreshold } from "./plugins/stop_on_threshold.ts";
export { default as swapEmaWeights } from "./plugins/swap_ema_weights.ts";
export { default as terminateOnNan } from "./plugins/terminate_on_nan.ts";

export type {
  BatchDataset,
  IOHandler,
  LayersModel,
  Optimizer,
  Tensor,
  Variable,
} from "./core/tf/types.ts";
