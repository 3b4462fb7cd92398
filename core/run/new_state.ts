/**
 * What a run knows before its first hook.
 *
 * @module
 */
import { hookOf, WHOLE } from "../contract/phases.ts";
import type { Entry } from "../contract/plugin_list.ts";
import { messageOf } from "../errors.ts";
import { terminal } from "../terminal.ts";
import { FAILING } from "./files/file_faults.ts";
import { runFiles } from "./files/run_files.ts";
import { followers, warn } from "./follow.ts";
import { swaps } from "./measuring/swaps.ts";
import type { PlannedRun } from "./planned_run.ts";
import type { RunWatch, SessionOptions } from "./run_options.ts";
import { newSaving } from "./saving.ts";
import { snapshotStore } from "./snapshots.ts";
import { type RunState, startPosition } from "./state.ts";
import { flagged } from "./stopping.ts";

/**
 * The state of a run.
 *
 * @param options What it is given.
 * @param watch Who follows it from outside.
 * @param planned Its plan.
 * @param entries Its plugins, as they are now.
 */
export function newState(
  options: SessionOptions,
  watch: RunWatch,
  { params, plan: { best } }: PlannedRun,
  entries: () => readonly Entry[],
): RunState {
  const { dir = options.resume ?? watch.dir ?? "." } = options;
  const { signal = new AbortController().signal } = options;
  const { now = () => performance.now(), time = () => Date.now() } = options;
  const state: RunState = {
    position: options.position ?? startPosition(params.initialEpoch),
    hook: hookOf(WHOLE[params.mode], "begin"),
    index: 0,
    muting: false,
    swaps: swaps(),
    profilings: new Set(),
    awaited: undefined,
    failing: false,
    stop: undefined,
    backupAsked: undefined,
    rejoining: false,
    flagged: params.mode === "fit" ? flagged(options.steps.model) : undefined,
    outcome: undefined,
    params,
    entries,
    resources: options.steps,
    saving: newSaving(FAILING),
    unwritten: [],
    samples: options.samples,
    data: options.data,
    validation: options.validationData,
    printer: options.printer ?? terminal(),
    pictures: new Map(),
    dir,
    files: options.files ?? Object.freeze(runFiles(dir)),
    signal: options.dryRun ? AbortSignal.abort(new Error("a dry run")) : signal,
    snapshots: snapshotStore(entries),
    best,
    watch,
    followers: followers(watch.event, (by, error) =>
      warn(
        state,
        `Plugin "${by}" failed in what it gave to run.follow, and is not told any more: ${
          messageOf(error)
        }`,
      )),
    onAct: options.onAct,
    now,
    time,
    turned: now(),
  };
  return state;
}
