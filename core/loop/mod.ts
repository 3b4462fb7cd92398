/**
 * Loops with plugins, without tf.js: your own training step, or your own
 * `for` loops.
 *
 * @example
 * ```ts
 * import { callbackList } from "@hookloop/hookloop/loop";
 * import earlyStopping from "@hookloop/hookloop/plugins/early-stopping";
 *
 * await using list = callbackList({
 *   plugins: [earlyStopping({ monitor: "loss", patience: 2 })],
 *   metrics: ["loss"],
 * });
 * for await (const epoch of list.epochs(10)) {
 *   for await (const batch of epoch.batches([0.1, 0.2, 0.3])) {
 *     await batch.end({ loss: batch.data });
 *   }
 * }
 * console.log(list.history.outcome.reason);
 * ```
 *
 * @module
 */
export {
  type Batches,
  type BatchGradients,
  type OwnFacts,
  type OwnGradientSteps,
  type OwnSteps,
  train,
  type TrainOptions,
} from "./own_step.ts";
export {
  type CallbackList,
  callbackList,
  type ListHooks,
} from "./callback_list.ts";
export type { CallbackListOptions } from "./callback_list_options.ts";
export type { ListBatch, ListEpoch } from "./epochs.ts";
export type { StepValues } from "./means.ts";
export type {
  Gradients,
  GradientTarget,
  GradientTransform,
} from "./gradients.ts";
export { trainLoop } from "./loop.ts";
export { predictLoop, testLoop } from "./evaluate_predict.ts";
export type { LoopOptions, PassOptions, ValidationLoop } from "./options.ts";
export type {
  Engine,
  KernelFacts,
  KernelWatcher,
  PredictSteps,
  Reports,
  Resources,
  SavedSnapshot,
  SavedTensor,
  Snapshot,
  Source,
  StepContext,
  Sums,
  TestSteps,
  TrainSteps,
  WeightStore,
} from "../steps.ts";
export type { Random, RandomState } from "../random.ts";
export type { History } from "../run/history.ts";
export type { EpochRecord, PassPosition, Position } from "../run/state.ts";
export type {
  GoesOn,
  HostOptions,
  ResumeOptions,
  RunControl,
  RunOptions,
  RunSoFar,
  RunWatch,
} from "../run/run_options.ts";
export type {
  Backup,
  Identity,
  Learnt,
  SavedCopy,
  SavedPlugin,
} from "../run/backup/backup.ts";
export type { FileMarks } from "../run/files/file_marks.ts";
export type { PlannedRun } from "../run/planned_run.ts";
export type { Act, Held, Request } from "../events.ts";
export type { BestBy } from "../contract/best_by.ts";
export type { HookPlan, Plan, PlannedCall } from "../contract/plan.ts";
export type { KeysOfHook, Presence } from "../contract/log_keys.ts";
export type {
  Entry,
  PluginList,
  PluginSource,
} from "../contract/plugin_list.ts";
export { type Shadow, shadow } from "../contract/shadow.ts";
export type {
  AnyHook,
  HookResult,
  HooksByName,
  TfCallback,
} from "../contract/callback.ts";
export {
  type Printer,
  type ShowPicture,
  silent,
  terminal,
} from "../terminal.ts";
