/**
 * The page of a run that has just ended. What makes it is loaded only now, after
 * the training.
 *
 * @module
 */
import { messageOf } from "../../errors.ts";
import { type PastRun, readRun } from "./past_run.ts";
import { trainingsBelow } from "./run_folder.ts";

/**
 * Make the page of a run, and say where it is. A run does not fail because it
 * cannot be made.
 *
 * @param dir Folder of the run; undefined if it wrote nothing.
 * @param began When this process began with it, as an ISO date.
 * @returns A line; none if no training ended there since.
 */
export async function reportAtEnd(
  dir: string | undefined,
  began: string,
): Promise<string[]> {
  try {
    if (dir === undefined) return [];
    const [run, ...others] = [dir, ...trainingsBelow(dir)].map(readRun);
    const isNew = [run, ...others].some((it) => isEndedSince(it, began));
    if (!run || !isNew) return [];
    const { makeReport } = await import("./make_report.ts");
    return [`Report: ${await makeReport(run)}`];
  } catch (error) {
    return [`Warning: there is no report of the run: ${messageOf(error)}`];
  }
}

/** A run that could not be taken up again is what it was. */
function isEndedSince(run: PastRun | undefined | null, began: string): boolean {
  const { ended } = run?.facts ?? {};
  return typeof ended === "string" && ended >= began;
}
