/**
 * The folder of a run: how it is taken, and what is in it.
 *
 * @module
 */
import { denoDisk } from "../../disk.ts";
import { InputError } from "../../errors.ts";
import {
  existsSync,
  fileError,
  folderOf,
  isFolderSync,
  makeFolderOf,
  removeQuietly,
  targetOfPart,
  writeWholeSync,
} from "../../files.ts";
import { BACKUP_FOLDER } from "../../run/files/run_paths.ts";
import { MODEL_FILE } from "../../tf/checkpoint/checkpoint_files.ts";
import { inUse, LOCK_FILE, lookAtLock } from "./run_lock.ts";

/** Name of the file that makes a folder that of a run. */
export const RECORD_FILE = "run.json";

/** Name of the page that tells of a run. */
export const REPORT_FILE = "report.html";

/** Where a run is to be. */
export interface Wish {
  /** The folder. */
  readonly dir: string;
  /** Whether the user named it. If not, another number is as good. Default false. */
  readonly named?: boolean | undefined;
  /** Whether it may be that of an earlier run. Default false. */
  readonly overwrite?: boolean | undefined;
}

/**
 * The path of a run's folder, named after an experiment and a time.
 *
 * @param parent The folder that holds all runs. Default `"runs"`.
 */
export function folderName(name: string, now: Date, parent = "runs"): string {
  const time = now.toISOString().slice(0, 19).replaceAll(":", "-");
  return `${parent}/${name}-${time}`;
}

/**
 * Take the folder of a run: of two that want the same one, only one gets it.
 *
 * @returns The folder: that of the wish, or where it was not named and is taken
 * already, the same with the next free number.
 * @throws {InputError} If it cannot be created, or is that of an earlier run.
 */
export function takeFolder(wish: Wish): string {
  const { dir, named, overwrite } = wish;
  try {
    if (!named) return takeNumbered(dir, `${dir}-`);
    denoDisk.mkdirSync(dir, { recursive: true });
  } catch (error) {
    throw refusal(dir, error);
  }
  if (overwrite) return dir;
  try {
    denoDisk.openSync(`${dir}/${RECORD_FILE}`, { write: true, createNew: true })
      .close();
    return dir;
  } catch (error) {
    checkFree(wish);
    throw refusal(dir, error);
  }
}

/**
 * Refuse a folder that is that of an earlier run, or holds those of several.
 *
 * @throws {InputError} If it is, and may not be.
 */
export function checkFree({ dir, named, overwrite }: Wish): void {
  if (!named) return;
  const lock = lookAtLock(dir);
  if (lock?.running) throw inUse(dir, lock.holder);
  const hasRecord = existsSync(`${dir}/${RECORD_FILE}`);
  const inner = hasRecord ? undefined : runIn(dir);
  if (inner !== undefined) {
    throw new InputError(
      `Cannot use ${dir}: runs have their folders in it, such as ${dir}/${inner}; name another folder with --run-dir`,
    );
  }
  if (overwrite || !hasRecord) return;
  throw new InputError(
    `Cannot use ${dir}: it holds an earlier run; name another folder with --run-dir, or give --overwrite to replace its record and its files`,
  );
}

/** A run below a folder, which is then one of runs. */
function runIn(dir: string): string | undefined {
  return entriesOf(dir).find(({ name, isDirectory }) =>
    isDirectory && existsSync(`${dir}/${name}/${RECORD_FILE}`)
  )?.name;
}

/**
 * Take a folder for another run in the folder of an experiment's first: `2`,
 * `3`, and so on.
 *
 * @param wish How the first one's was taken.
 * @param number The number it should have.
 * @throws {InputError} If it cannot be created.
 */
export function takeNext(
  dir: string,
  number: number,
  { overwrite }: Pick<Wish, "overwrite">,
): string {
  const folder = `${dir}/${number}`;
  try {
    if (!overwrite) return takeNumbered(folder, `${dir}/`, number);
    denoDisk.mkdirSync(folder, { recursive: true });
    return folder;
  } catch (error) {
    throw refusal(folder, error);
  }
}

/** The folders of an experiment's further runs, in the order in which they began. */
export function trainingsBelow(dir: string): string[] {
  return entriesOf(dir)
    .filter(({ name, isDirectory }) => isDirectory && /^\d+$/.test(name))
    .map(({ name }) => Number(name))
    .sort((a, b) => a - b)
    .map((number) => `${dir}/${number}`)
    .filter((folder) => existsSync(`${folder}/${RECORD_FILE}`));
}

/** The next one that nobody else has. */
function takeNumbered(dir: string, stem: string, first = 1): string {
  for (let n = first;; n++) {
    const folder = n === first ? dir : `${stem}${n}`;
    // A run may write to those alone that were free when it began.
    if (existsSync(folder)) continue;
    try {
      makeNew(folder);
      return folder;
    } catch (error) {
      const taken = error instanceof Deno.errors.AlreadyExists &&
        existsSync(folder);
      if (!taken) throw error;
    }
  }
}

/**
 * The last part is made without `recursive`, which would not say that it is
 * there already. Where the folder around it is missing too, there may be no
 * permission to make that one alone; then the record says whose both are.
 */
function makeNew(folder: string): void {
  const recursive = !isFolderSync(folderOf(folder));
  denoDisk.mkdirSync(folder, { recursive });
  denoDisk.openSync(`${folder}/${RECORD_FILE}`, {
    write: true,
    createNew: true,
  })
    .close();
}

/**
 * Give a folder back that nothing was written to.
 *
 * @returns Whether it is gone; a folder that is not empty stays.
 */
export function giveBack(dir: string): boolean {
  try {
    const record = `${dir}/${RECORD_FILE}`;
    const names = entriesOf(dir).map(({ name }) => name);
    const mark = names.length === 1 && names[0] === RECORD_FILE &&
      Deno.statSync(record).size === 0;
    if (mark) denoDisk.removeSync(record);
    denoDisk.removeSync(dir);
    return true;
  } catch {
    return !existsSync(dir);
  }
}

/** Remove what a process left that was killed while it wrote the record, or the report. */
export function sweepRecord(dir: string): void {
  for (const { name } of entriesOf(dir)) {
    const target = targetOfPart(name);
    if (target === RECORD_FILE || target === REPORT_FILE) {
      removeQuietly(`${dir}/${name}`);
    }
  }
}

/**
 * Write the record of a run.
 *
 * @param dir Folder of the run; created where it is gone.
 * @throws {InputError | FileError} If it cannot be written.
 */
export function writeRecord(dir: string, text: string): void {
  const path = `${dir}/${RECORD_FILE}`;
  try {
    makeFolderOf(path);
    writeWholeSync(path, text);
  } catch (error) {
    throw fileError(`Cannot write ${path}`, "write", dir, error);
  }
}

/**
 * The files below a folder, sorted; a checkpoint counts as one and ends in `/`.
 * Backups, the lock, and what cannot be read are left out.
 */
export function filesIn(dir: string): string[] {
  const files: string[] = [];
  const walk = (at: string) => {
    const entries = entriesOf(`${dir}/${at}`);
    if (at && entries.some(({ name }) => name === MODEL_FILE)) {
      files.push(at);
      return;
    }
    for (const { name, isDirectory } of entries) {
      if (at + name === BACKUP_FOLDER || name === LOCK_FILE) continue;
      if (isDirectory) walk(`${at}${name}/`);
      else files.push(at + name);
    }
  };
  walk("");
  return files.sort();
}

function entriesOf(dir: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(dir)];
  } catch {
    return [];
  }
}

function refusal(dir: string, error: unknown): Error {
  const what = `Cannot write into the run folder ${dir}`;
  const { message } = fileError(what, "write", dir, error);
  return new InputError(`${message}; --run-dir names another folder`, {
    cause: error,
  });
}
