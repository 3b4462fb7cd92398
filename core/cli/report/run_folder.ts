/**
 * The folder of a run: named after the experiment and the time, made once the
 * plan is proven, with a record of the run in `run.json`.
 *
 * @module
 */
import { InputError } from "../../errors.ts";

/**
 * A name for a folder that is not there yet.
 *
 * @param name Name of the experiment.
 * @param parent Folder of all runs. Default `"runs"`.
 */
export async function freeFolder(
  name: string,
  now: Date,
  parent = "runs",
): Promise<string> {
  const time = now.toISOString().slice(0, 19).replaceAll(":", "-");
  const base = `${parent}/${name}-${time}`;
  for (let n = 1;; n++) {
    const folder = n === 1 ? base : `${base}-${n}`;
    if (!await exists(folder)) return folder;
  }
}

/**
 * Make the folder.
 *
 * @throws {InputError} If it cannot be made or written.
 */
export function makeFolder(dir: string): void {
  try {
    Deno.mkdirSync(dir, { recursive: true });
    const probe = `${dir}/.writable`;
    Deno.writeTextFileSync(probe, "");
    Deno.removeSync(probe);
  } catch (error) {
    throw new InputError(folderMessage(dir, error), { cause: error });
  }
}

/**
 * Write the record of the run, all of it or nothing.
 *
 * @param record What is known so far.
 */
export function writeRecord(dir: string, record: unknown): void {
  const path = `${dir}/run.json`;
  const text = JSON.stringify(record, jsonValue, 2);
  Deno.writeTextFileSync(`${path}.part`, `${text}\n`);
  Deno.renameSync(`${path}.part`, path);
}

/** JSON has no NaN and no Infinity; errors and functions say what they are. */
function jsonValue(_key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    return String(value);
  }
  if (value instanceof Error) return value.message;
  return value;
}

function folderMessage(dir: string, error: unknown): string {
  const what = `Cannot write into the run folder ${dir}`;
  if (error instanceof Deno.errors.NotCapable) {
    return `${what}: no permission; deno task train may write under runs/ and data/, for another folder run with --allow-write=${dir}`;
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return `${what}: the system denies it; take another with --run-dir DIR`;
  }
  if (
    error instanceof Deno.errors.AlreadyExists ||
    error instanceof Deno.errors.NotADirectory
  ) {
    return `${what}: a file is in its place; take another with --run-dir DIR`;
  }
  return `${what}: ${error instanceof Error ? error.message : error}`;
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
