/**
 * Plugins against a recorded run: its hooks are called again, with the logs and
 * the learning rate that were recorded, and what the plugins ask for is told and
 * not carried out.
 *
 * @module
 */
import type { PluginList } from "../contract/plugin_list.ts";
import type { Outcome } from "../plugin.ts";
import type { Act } from "../events.ts";
import { isPromise } from "../run/dispatch.ts";
import { endEpoch, type History, historyOf } from "../run/history.ts";
import type { Session } from "../run/session.ts";
import { type Printer, silent } from "../terminal.ts";
import { hooksOf } from "./recorded_hooks.ts";
import { type Moment, momentsOf, type Recording } from "./recording.ts";
import { replaySession } from "./replay_session.ts";

/** What is replayed, and how. */
export interface ReplayOptions {
  /** The plugins, each for itself: none sees what another does. */
  readonly plugins: PluginList;
  /** Where a line for each act is printed. Default: nowhere. */
  readonly printer?: Printer | undefined;
  /** Folder of the run, as plugins see it: they read its files. Default `"."`. */
  readonly dir?: string | undefined;
}

/** What a plugin would have done in a recorded run. */
export interface ReplayedPlugin {
  /** Its name. */
  readonly name: string;
  /** All of it, in words. */
  readonly summary: string;
  /** Its request to stop: from then on it was not called any more, save at the end. */
  readonly stop: Act | undefined;
  /** Whether it failed and was switched off. */
  readonly failed: boolean;
  /** The files that it would have written, by path in the run's folder. */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
}

/** What plugins would have done in a recorded run. */
export interface Replayed {
  /** What they asked for, in order. */
  readonly acts: readonly Act[];
  /** Each plugin. */
  readonly plugins: readonly ReplayedPlugin[];
  /** The recorded run. */
  readonly history: History;
}

/**
 * Run plugins against a recorded run, without a model.
 *
 * Every hook is called that the recording tells of, in the order of a run:
 * epochs with their logs, tests, and batches with the logs that some plugin of
 * that run read. Where it tells of no batches, the hooks of `params.steps`
 * batches are called without logs.
 *
 * @param recording The run.
 * @param options The plugins.
 * @throws {SetupError} With every problem, if a plugin needs what the recording
 * does not hold.
 */
export async function replayRecording(
  recording: Recording,
  { plugins, printer = silent(), dir = "." }: ReplayOptions,
): Promise<Replayed> {
  const moments = momentsOf(recording.events);
  const acts: Act[] = [];
  const { began } = recording;
  const clock = { now: 0 };
  const session = replaySession(recording, moments, {
    ...{ plugins, printer, dir },
    onAct: (act) => void acts.push(act),
    now: () => clock.now,
    ...began !== undefined && { time: () => began + clock.now },
  });
  await play(session, recording, moments, clock);
  await session.settle();
  session.close();
  return {
    acts,
    history: historyOf(session.state),
    plugins: session.hooks.listeners.map(({ entry, shadow, muted }) => ({
      name: entry.name,
      summary: shadow!.summary(),
      stop: shadow!.state.stop,
      failed: muted === "all",
      files: shadow!.files(),
    })),
  };
}

/** Call the hooks of a recorded run. */
async function play(
  { state, hooks: { fire } }: Session,
  { params = {}, outcome = BROKEN_OFF }: Recording,
  moments: readonly Moment[],
  clock: { now: number },
): Promise<void> {
  const { position, printer, resources: { optimizer }, params: { epochs } } =
    state;
  const began = performance.now();
  let shown = began + PATIENCE;
  const recorded = hooksOf(moments, params, (hook) => fire[hook] !== undefined);
  for (const { hook, index, epoch, step, logs, at, set } of recorded) {
    position.epoch = epoch;
    position.step = step;
    if (hook === "onTrainEnd") state.outcome = outcome;
    clock.now = at ?? clock.now;
    const fired = fire[hook]?.(index, logs);
    if (isPromise(fired)) await fired;
    for (const [setting, value] of set) {
      Object.assign(optimizer!, { [setting]: value });
    }
    if (hook !== "onEpochEnd") continue;
    endEpoch(state, epoch, logs);
    if (performance.now() < shown) continue;
    shown = performance.now() + 100;
    printer.status(`Replaying epoch ${epoch + 1} of ${epochs}`);
  }
}

/** How a recording ends that does not say how its run ended. */
const BROKEN_OFF: Outcome = {
  status: "aborted",
  reason: "the recording ends here",
};

/** Only what takes longer than this, in milliseconds, shows how far it is. */
const PATIENCE = 1000;
