/**
 * What the record of a run says once the run goes on: what it said, brought up
 * to date, and that it went on.
 *
 * @module
 */
import type { GoesOn } from "../../run/run_options.ts";
import { readRun } from "./past_run.ts";
import type { Facts } from "./run_record.ts";

/**
 * The facts to begin its record with.
 *
 * @param dir Folder of the run.
 * @param now What is known of it now.
 * @param from From where it goes on; undefined if from its beginning.
 */
export function factsOnResume(
  dir: string,
  now: Facts,
  from: GoesOn | undefined,
): Facts {
  const run = readRun(dir);
  const before = run?.facts ?? {};
  const { began, command } = before;
  return {
    ...from && before,
    ...now,
    began: began ?? now.began,
    command: command ?? now.command,
    resumed: [
      ...Array.isArray(before.resumed) ? before.resumed : [],
      {
        at: new Date().toISOString(),
        command: now.command,
        after: ENDED[run?.outcome?.status ?? ""] ?? "killed",
        ...from && placeOf(dir, from),
      },
    ],
    // It has not ended after all.
    ended: undefined,
    outcome: undefined,
    error: undefined,
  };
}

function placeOf(dir: string, from: GoesOn): Facts {
  const { path, epoch, batch, changes } = from;
  const backup = path.slice(dir.length + 1);
  return { epoch, batch, backup, ...changes.length && { changed: changes } };
}

const ENDED: Readonly<Record<string, string>> = {
  aborted: "interrupted",
  completed: "finished",
  failed: "failed",
  stopped: "stopped",
};
