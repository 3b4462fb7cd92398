/**
 * The trace of a fault, in a file, for those who mend it.
 *
 * @module
 */
import { isFolderSync, writeWholeSync } from "../../files.ts";

/**
 * Write a trace into the first of these that is there and may be written to: the
 * run's folder, `runs`, the current folder.
 *
 * @param error What was thrown.
 * @param dir Folder of the run, if there is one.
 * @returns A sentence that says where it is, or the trace itself.
 */
export function writeTrace(error: unknown, dir?: string): string {
  const text = `${
    traceOf(error)
  }\n\ndeno ${Deno.version.deno}, ${Deno.build.target}\nhookloop ${
    Deno.args.join(" ")
  }\n`;
  const time = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  for (const folder of [dir, "runs", "."]) {
    if (folder === undefined) continue;
    const path = `${folder}/fault-${time}.txt`;
    try {
      if (!mayWrite(path) || !isFolderSync(folder)) continue;
      writeWholeSync(path, text);
      return `The trace is in ${path}`;
    } catch {
      // The next one.
    }
  }
  return `The trace, which could not be written into a file:\n${text}`;
}

/** Asked about, not asked for: a fault is no time for a prompt. */
function mayWrite(path: string): boolean {
  return Deno.permissions.querySync({ name: "write", path }).state ===
    "granted";
}

function traceOf(error: unknown): string {
  try {
    return Deno.inspect(error, { colors: false, depth: 4 });
  } catch {
    return "what was thrown cannot be shown";
  }
}
