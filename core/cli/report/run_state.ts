/**
 * How a past run stands: running, finished, stopped, interrupted, failed or
 * killed, and whether it can go on.
 *
 * @module
 */
import { folderOf } from "../../files.ts";
import { isBackedUp } from "../../run/backup/backup_folder.ts";
import { type PastRun, readRun } from "./past_run.ts";
import { trainingsBelow } from "./run_folder.ts";
import { type Holder, lookAtLock } from "./run_lock.ts";

/** How a run stands. */
export interface RunState {
  /** In a word. */
  readonly word:
    | "running"
    | "finished"
    | "stopped"
    | "interrupted"
    | "failed"
    | "killed";
  /** Whether `--resume` can go on with it. */
  readonly resumable: boolean;
  /** The process that runs it, or that was killed in it, where that is known. */
  readonly holder: Holder | undefined;
}

/** How a run stands now. A record that has no outcome is one of a run that goes on, or of one whose process is gone. */
export function stateOf(run: PastRun): RunState {
  const { dir, outcome } = run;
  if (!outcome) {
    const lock = lockOf(dir);
    const word = lock?.running ? "running" : "killed";
    const resumable = word === "killed" && canGoOn(run);
    return { word, resumable, holder: lock?.holder };
  }
  const resumable = !isOver(run) && canGoOn(run);
  return { word: wordFor(outcome.status), resumable, holder: undefined };
}

/** Whether nothing is left to do for a run, nor for the experiment after it. */
function isOver({ dir, outcome, error }: PastRun): boolean {
  if (!outcome || error !== undefined || outcome.resumable) return false;
  if (lookAtLock(dir)) return false; // What followed it was killed, or runs.
  return ["completed", "stopped"].includes(outcome.status);
}

/** Whether there is something to go on from: backups, or for a run that was killed before those began, its beginning. */
function canGoOn({ dir, outcome, facts: { plugins } }: PastRun): boolean {
  const named = (plugin: unknown) =>
    Object(plugin).name === "backup-and-restore";
  return isBackedUp(dir) ||
    (!outcome && Array.isArray(plugins) && plugins.some(named));
}

/** How an experiment stands, which may have trained several times. */
export interface ExperimentState {
  /** Whether it runs. */
  readonly running: boolean;
  /** Who runs it, or was killed in it. */
  readonly holder: Holder | undefined;
  /** Whether nothing is left to do. */
  readonly over: boolean;
  /** Whether there is a backup of any of its trainings. */
  readonly backup: boolean;
}

/**
 * How an experiment stands.
 *
 * @param first The run in its folder; the others lie below.
 */
export function experimentState(first: PastRun): ExperimentState {
  const lock = lookAtLock(first.dir);
  const runs = [first, ...trainingsBelow(first.dir).map(readRun)]
    .filter((run) => run != null);
  return {
    running: lock?.running ?? false,
    holder: lock?.holder,
    over: !lock && runs.every(isOver),
    backup: runs.some(canGoOn),
  };
}

function wordFor(status: string): RunState["word"] {
  switch (status) {
    case "completed":
      return "finished";
    case "aborted":
      return "interrupted";
    case "stopped":
      return "stopped";
    default:
      return "failed";
  }
}

/** That of its folder; the further runs of an experiment lie below the first, whose lock is theirs. */
function lockOf(dir: string): ReturnType<typeof lookAtLock> {
  const own = lookAtLock(dir);
  if (own) return own;
  return /\/\d+$/.test(dir) ? lookAtLock(folderOf(dir)) : undefined;
}

/** The same in words, with by whom and why: `stopped by early-stopping: enough`. */
export function stateText(run: PastRun): string {
  const { word, resumable } = stateOf(run);
  const { outcome, error } = run;
  const by = word === "stopped" && outcome?.by !== undefined
    ? ` by ${outcome.by}`
    : "";
  const on = resumable ? ", resumable" : "";
  const then = error === undefined ? "" : ", then failed";
  const reason = error ?? (word === "finished" ? undefined : outcome?.reason);
  return `${word}${by}${on}${then}${reason ? `: ${reason}` : ""}`
    .replaceAll(/\s+/g, " ");
}
