/**
 * Plugins against a run that is over, from its folder or from its events.
 *
 * @module
 */
import { readPluginList } from "../../contract/plugin_list.ts";
import { InputError } from "../../errors.ts";
import type { RecordedEvent } from "../../loop/recording.ts";
import {
  type Replayed,
  type ReplayOptions,
  replayRecording,
} from "../../loop/replay.ts";
import type { HookName } from "../../plugin.ts";
import { RECORD_FILE } from "../report/run_folder.ts";
import { type PastRun, readRun } from "../report/past_run.ts";
import { recordingOf } from "./recording_of.ts";

/**
 * What plugins would have done in a run that is over: its hooks are called
 * again, with the logs, the learning rate and the clock that were recorded. No
 * model is needed, and nothing is written.
 *
 * Each plugin is on trial for itself (see `shadow`): it reads back the learning
 * rate that it set, is not called any more once it would have stopped the run,
 * save for the run's end, and sees nothing of what the others would do. What a
 * recording does not hold, such as predictions or the weights' values, it cannot
 * require.
 *
 * @example When would training have stopped?
 * ```ts
 * import { earlyStopping, replay } from "@hookloop/hookloop";
 *
 * const losses = [0.5, 0.3, 0.4, 0.2];
 * const { plugins } = await replay(
 *   losses.map((val_loss, epoch) => ({
 *     kind: "logs",
 *     hook: "onEpochEnd",
 *     epoch,
 *     logs: { val_loss },
 *   })),
 *   { plugins: [earlyStopping({ patience: 1 })] },
 * );
 * console.log(plugins[0]?.stop?.epoch); // 2
 * ```
 *
 * @param run The folder of a run, or what happened in one.
 * @param options The plugins.
 * @returns What they would have done.
 * @throws {InputError} If the folder holds no run, or not one epoch was
 * recorded.
 * @throws {SetupError} With every problem, if a plugin needs what the recording
 * does not hold.
 */
export async function replay(
  run: string | readonly RecordedEvent[],
  options: ReplayOptions,
): Promise<Replayed> {
  if (typeof run !== "string") {
    return await replayRecording({ events: run }, options);
  }
  const past = readRun(run.replace(/(?<=.)\/+$/, ""));
  if (past) return await replayRun(past, options);
  throw new InputError(
    `Cannot replay ${run}: ${
      past === null
        ? `its ${RECORD_FILE} is not the record of a run`
        : `there is no run, whose folder has a ${RECORD_FILE}`
    }`,
  );
}

/** The same for a run whose record has been read. */
export function replayRun(
  run: PastRun,
  options: ReplayOptions,
): Promise<Replayed> {
  const { entries } = readPluginList(options.plugins);
  const hooks = entries.flatMap(({ hooks }) =>
    Object.keys(hooks) as HookName[]
  );
  return replayRecording(recordingOf(run, hooks), { dir: run.dir, ...options });
}
