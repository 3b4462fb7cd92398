/**
 * Training callbacks for TensorFlow.js in Deno: plugins from files, a contract
 * of log keys proved before the first step, and Keras' hooks in `fit`,
 * `evaluate`, `predict` and hand-written loops.
 *
 * @example Stop when the validation loss no longer improves
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
export { fit, type FitOptions } from "./core/tf/fit.ts";
export { evaluate, type EvaluateOptions } from "./core/tf/evaluate.ts";
export { predict, type PredictOptions } from "./core/tf/predict.ts";
export {
  type Batches,
  type BatchGradients,
  type OwnFacts,
  type OwnGradientSteps,
  type OwnSteps,
  train,
  type TrainOptions,
} from "./core/loop/own_step.ts";
export {
  type CallbackList,
  callbackList,
  type ListHooks,
} from "./core/loop/callback_list.ts";
export type { CallbackListOptions } from "./core/loop/callback_list_options.ts";
export type { ListBatch, ListEpoch } from "./core/loop/epochs.ts";
export type { StepValues } from "./core/loop/means.ts";
export type { LoopOptions } from "./core/loop/options.ts";
export type { History } from "./core/run/history.ts";
export type { ResumeOptions, RunOptions } from "./core/run/run_options.ts";
export { keepAll } from "./core/run/backup/keepers.ts";
export type {
  Engine,
  KernelFacts,
  KernelWatcher,
  Resources,
  SavedSnapshot,
  SavedTensor,
  Snapshot,
  StepContext,
  WeightStore,
} from "./core/steps.ts";
export type { Random, RandomState } from "./core/random.ts";
export {
  type Printer,
  type ShowPicture,
  silent,
  terminal,
} from "./core/terminal.ts";
export type { TfCallback } from "./core/contract/callback.ts";
export type { PluginList, PluginSource } from "./core/contract/plugin_list.ts";
export { type Shadow, shadow } from "./core/contract/shadow.ts";
export { replay } from "./core/cli/replay/replay.ts";
export type {
  Replayed,
  ReplayedPlugin,
  ReplayOptions,
} from "./core/loop/replay.ts";
export type { RecordedEvent } from "./core/loop/recording.ts";
export type {
  Act,
  ActEvent,
  EventPlace,
  Held,
  LogsEvent,
  OffEvent,
  Request,
  RunEvent,
  ToldRequest,
  WarningEvent,
} from "./core/events.ts";
export type {
  MemorySample,
  Profile,
  Profiling,
  Span,
  SpanKind,
} from "./core/profile.ts";
export {
  type BackendName,
  type BackendOptions,
  type ChosenBackend,
  useBackend,
} from "./core/tf/backend.ts";
export {
  fileHandler,
  loadModel,
  loadWeights,
  saveModel,
} from "./core/tf/checkpoint/checkpoint.ts";
export { accumulate } from "./core/tf/accumulate.ts";
export {
  clipByGlobalNorm,
  clipByNorm,
  clipByValue,
} from "./core/tf/gradient_transforms.ts";
export {
  tfGradientSteps,
  type TfGradientStepsOptions,
} from "./core/tf/gradient_steps.ts";
export {
  tfResources,
  type TfResourcesOptions,
} from "./core/tf/model/resources.ts";
export { modelOf } from "./core/tf/model_of.ts";
export type {
  Gradients,
  GradientTarget,
  GradientTransform,
} from "./core/loop/gradients.ts";
export type {
  ArrayData,
  BatchData,
  BatchStream,
  ModelData,
  NestedArray,
  PredictionData,
  TensorData,
  TrainingData,
  TypedArray,
} from "./core/tf/data/forms.ts";
export type { ClassWeight } from "./core/tf/model/class_weight.ts";
export {
  DataError,
  FileError,
  InputError,
  type Place,
  PluginError,
  SetupError,
} from "./core/errors.ts";
export {
  type Direction,
  eventText,
  type FileWriter,
  type HookName,
  HOOKS,
  type Hooks,
  type Keeper,
  type LogRecord,
  type Logs,
  type Monitor,
  type Need,
  type Needs,
  type NonFinite,
  type OptimizerHandle,
  OptionError,
  type Outcome,
  type Permissions,
  type Picture,
  type Plugin,
  type PredictLogs,
  type Provides,
  type Requirement,
  type Run,
  type RunFiles,
  type RunParams,
  type Terminal,
  type TestBatch,
  type ValidationData,
  type Values,
  type WeightEntry,
  type Weights,
} from "./core/plugin.ts";
export type {
  Experiment,
  ExperimentData,
  ExperimentOptions,
  HandExperiment,
  Setup,
} from "./core/cli/experiment/experiment.ts";

export {
  type BackupAndRestoreOptions,
  default as backupAndRestore,
} from "./plugins/backup_and_restore.ts";
export {
  type BatchLrDecayOptions,
  default as batchLrDecay,
} from "./plugins/batch_lr_decay.ts";
export {
  type ConfusionMatrixOptions,
  default as confusionMatrix,
} from "./plugins/confusion_matrix.ts";
export {
  type CsvLoggerOptions,
  default as csvLogger,
} from "./plugins/csv_logger.ts";
export {
  type DashboardOptions,
  default as dashboard,
} from "./plugins/dashboard.ts";
export {
  default as earlyStopping,
  type EarlyStoppingOptions,
} from "./plugins/early_stopping.ts";
export {
  default as learningRateScheduler,
  type LearningRateSchedulerOptions,
} from "./plugins/learning_rate_scheduler.ts";
export {
  default as lrFinder,
  type LrFinderOptions,
} from "./plugins/lr_finder.ts";
export {
  default as modelCheckpoint,
  type ModelCheckpointOptions,
} from "./plugins/model_checkpoint.ts";
export {
  default as momentumSchedule,
  type MomentumScheduleOptions,
} from "./plugins/momentum_schedule.ts";
export {
  default as printLogs,
  type PrintLogsOptions,
} from "./plugins/print_logs.ts";
export { default as profile, type ProfileOptions } from "./plugins/profile.ts";
export {
  default as progress,
  type ProgressOptions,
} from "./plugins/progress.ts";
export {
  default as reduceLrOnPlateau,
  type ReduceLrOnPlateauOptions,
} from "./plugins/reduce_lr_on_plateau.ts";
export {
  default as remoteMonitor,
  type RemoteMonitorOptions,
} from "./plugins/remote_monitor.ts";
export {
  default as samplePredictions,
  type SamplePredictionsOptions,
} from "./plugins/sample_predictions.ts";
export {
  default as stopOnThreshold,
  type StopOnThresholdOptions,
} from "./plugins/stop_on_threshold.ts";
export {
  default as swapEmaWeights,
  type SwapEmaWeightsOptions,
} from "./plugins/swap_ema_weights.ts";
export {
  default as tensorboard,
  type TensorboardOptions,
} from "./plugins/tensorboard.ts";
export {
  default as terminateOnNan,
  type TerminateOnNanOptions,
} from "./plugins/terminate_on_nan.ts";
export {
  default as timeLimit,
  type TimeLimitOptions,
} from "./plugins/time_limit.ts";
