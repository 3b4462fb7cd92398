/**
 * How a past run stands: running, finished, stopped, interrupted, failed or
 * killed, and whether it can go on.
 *
 * @module
 */
import { backupNumbers } from "../../run/backup_folder.ts";
import { folderOf } from "../../files.ts";
import type { PastRun } from "./past_run.ts";
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
export function stateOf({ dir, outcome }: PastRun): RunState {
  if (!outcome) {
    const lock = lockOf(dir);
    const word = lock?.running ? "running" : "killed";
    const resumable = word === "killed" && hasBackup(dir);
    return { word, resumable, holder: lock?.holder };
  }
  const word = wordFor(outcome.status);
  const over = ["finished", "stopped"].includes(word) && !outcome.resumable;
  return { word, resumable: !over && hasBackup(dir), holder: undefined };
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

function hasBackup(dir: string): boolean {
  return backupNumbers(dir).length > 0;
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
