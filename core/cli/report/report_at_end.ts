/**
 * The page of a run that has just ended. What makes it is loaded only now, after
 * the training.
 *
 * @module
 */
import { messageOf } from "../../errors.ts";
import { readRun } from "./past_run.ts";

/**
 * Make the page of a run, and say where it is. A run does not fail because it
 * cannot be made.
 *
 * @param dir Folder of the run; undefined if it wrote nothing.
 * @returns A line; none if there is no record.
 */
export async function reportAtEnd(dir: string | undefined): Promise<string[]> {
  try {
    const run = dir === undefined ? undefined : readRun(dir);
    if (!run) return [];
    const { makeReport } = await import("./make_report.ts");
    return [`Report: ${await makeReport(run)}`];
  } catch (error) {
    return [`Warning: there is no report of the run: ${messageOf(error)}`];
  }
}
