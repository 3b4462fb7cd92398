/**
 * Backups on the disk: one file each in `backup/` in the run's folder, with a
 * checksum, so that a damaged one is not taken for a good one.
 *
 * @module
 */
import { joined } from "../../bytes.ts";
import { sha256Sync } from "../../checksum.ts";
import { InputError, messageOf } from "../../errors.ts";
import {
  fileError,
  isFolderSync,
  makeFolderOf,
  removeQuietly,
  removeSync,
  targetOfPart,
  writeWhole,
} from "../../files.ts";
import type { Backup } from "./backup.ts";
import { decode, type Encoded } from "./plain_data.ts";
import { BACKUP_FOLDER } from "../files/run_paths.ts";

/** A backup that was read. */
export interface FoundBackup {
  /** Its file. */
  readonly path: string;
  /** Its number. */
  readonly number: number;
  /** What it holds. */
  readonly backup: Backup;
}

/** First word of each file; the number is that of the format. */
const MARK = "hookloop-backup 1";

/**
 * The numbers of the backups of a run, the newest first, whether they are whole
 * or not.
 *
 * @param dir Folder of the run.
 */
export function backupNumbers(dir: string): number[] {
  return namesIn(dir)
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
}

const NAME = /^(\d+)\.backup$/;

function namesIn(dir: string): string[] {
  try {
    return [...Deno.readDirSync(`${dir}/${BACKUP_FOLDER}`)]
      .map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw fileError(`Cannot look for backups in ${dir}`, "read", dir, error);
  }
}

/**
 * Whether a run is one that was backed up and has not come to its end: also one
 * that was killed before its first backup, which begins again.
 *
 * @param dir Folder of the run.
 */
export function isBackedUp(dir: string): boolean {
  return isFolderSync(`${dir}/${BACKUP_FOLDER}`);
}

/**
 * The newest backup of a run that is whole.
 *
 * @param dir Folder of the run.
 * @param warn Takes a line on each newer one that is damaged.
 * @returns Undefined if there is no backup at all.
 * @throws {InputError} If there are some, but none is whole.
 */
export function newestBackup(
  dir: string,
  warn: (line: string) => void,
): FoundBackup | undefined {
  const damaged: string[] = [];
  for (const number of backupNumbers(dir)) {
    const path = pathOf(dir, number);
    let backup: Backup;
    try {
      backup = readBackup(path);
    } catch (error) {
      damaged.push(`${path} is damaged: ${messageOf(error)}`);
      continue;
    }
    for (const line of damaged) warn(`Warning: ${line}; ${path} is used`);
    return { path, number, backup };
  }
  if (damaged.length === 0) return undefined;
  throw new InputError(
    `Cannot go on with the run in ${dir}: no backup is whole\n${
      damaged.map((it) => `- ${it}`).join("\n")
    }`,
  );
}

/**
 * Write a backup, and remove those that are no longer to be kept.
 *
 * @param dir Folder of the run.
 * @param keep How many are kept, this one included; at least 1.
 * @returns The oldest one that is kept.
 * @throws {InputError | FileError} If it cannot be written.
 */
export async function writeBackup(
  dir: string,
  number: number,
  { text, blobs }: Encoded,
  keep: number,
): Promise<number> {
  const path = pathOf(dir, number);
  const lengths = JSON.stringify(blobs.map(({ length }) => length));
  const body = [bytesOf(`${lengths}\n${text}\n`), ...blobs];
  const size = body.reduce((sum, { length }) => sum + length, 0);
  const head = bytesOf(`${MARK} ${sha256Sync(...body)} ${size}\n`);
  let numbers: number[];
  try {
    makeFolderOf(path);
    removeParts(dir);
    await writeWhole([[path, joined([head, ...body])]]);
    numbers = backupNumbers(dir);
    for (const old of numbers.splice(keep)) removeSync(pathOf(dir, old));
  } catch (error) {
    throw fileError(`Cannot write ${path}`, "write", path, error);
  }
  return numbers.at(-1)!;
}

/** Remove all backups of a run, and their folder where nothing else is in it. */
export function removeBackups(dir: string): void {
  for (const number of backupNumbers(dir)) removeSync(pathOf(dir, number));
  removeParts(dir);
  removeQuietly(`${dir}/${BACKUP_FOLDER}`);
}

/** Remove what a process was writing when it was killed. */
function removeParts(dir: string): void {
  for (const name of namesIn(dir)) {
    const target = targetOfPart(name);
    if (target === undefined || !NAME.test(target)) continue;
    removeSync(`${dir}/${BACKUP_FOLDER}/${name}`);
  }
}

function readBackup(path: string): Backup {
  const bytes = Deno.readFileSync(path);
  const start = bytes.indexOf(10) + 1;
  const head = textOf(bytes.subarray(0, start)).trim().split(" ");
  const [hash, length] = head.splice(-2);
  if (head.join(" ") !== MARK) {
    throw new Error("it is no backup of this version");
  }
  const body = bytes.subarray(start);
  if (String(body.length) !== length) {
    throw new Error(`it has ${body.length} bytes, expected ${length}`);
  }
  if (sha256Sync(body) !== hash) {
    throw new Error("its bytes are not those that were written");
  }
  const ends = [body.indexOf(10)];
  ends.push(body.indexOf(10, ends[0]! + 1));
  const lengths = JSON.parse(textOf(body.subarray(0, ends[0]))) as number[];
  const text = textOf(body.subarray(ends[0]! + 1, ends[1]));
  let at = ends[1]! + 1;
  const blobs = lengths.map((length) => body.subarray(at, at += length));
  return decode({ text, blobs }) as Backup;
}

function pathOf(dir: string, number: number): string {
  return `${dir}/${BACKUP_FOLDER}/${String(number).padStart(6, "0")}.backup`;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
