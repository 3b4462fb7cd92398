/**
 * How a run that came to no end goes on.
 *
 * @module
 */
import { readRun } from "./past_run.ts";
import { experimentState } from "./run_state.ts";

/**
 * The line that says how; none where nothing is left to do, there is nothing to
 * go on from, or the folder cannot be read: how the run ended matters more.
 *
 * @param dir Folder of the run; undefined if it wrote nothing.
 */
export function goOnLines(dir: string | undefined): string[] {
  try {
    const run = dir === undefined ? undefined : readRun(dir);
    if (!run) return [];
    const { over, backup } = experimentState(run);
    return backup && !over
      ? [`To go on with it: deno task train --resume ${dir}`]
      : [];
  } catch {
    return [];
  }
}
