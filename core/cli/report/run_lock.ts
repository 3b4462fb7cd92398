/**
 * The lock of a run's folder: a file that the system locks for the process that
 * runs there, and that says who that is. The system's lock ends with its
 * process, however that ends; a file that is not locked was left by one that is
 * gone.
 *
 * @module
 */
import { denoDisk, lockableFile } from "../../disk.ts";
import { InputError } from "../../errors.ts";
import { fileError, writeAllSync } from "../../files.ts";
import { hostName } from "./host.ts";

/** Name of the file. */
export const LOCK_FILE = "lock";

/** Who runs in a folder, or did. */
export interface Holder {
  /** Number of the process. */
  readonly pid?: number;
  /** Name of its machine, where it knew it. */
  readonly host?: string;
  /** When it took the folder, as an ISO date. */
  readonly since?: string;
}

/** A folder that is locked. */
export interface RunLock {
  /** Who left it locked before, and is gone; undefined if nobody did. */
  readonly left: Holder | undefined;
  /** Let others have it. Doing so twice is not an error. */
  release(): void;
  /** Let others have it, as if it had never been taken. */
  giveBack(): void;
}

/**
 * Lock a folder.
 *
 * @param dir The folder, which is there.
 * @param warn Takes a line if the folder's file system has no locks: then it is
 * used without.
 * @throws {InputError} If another process runs there, or the lock cannot be written.
 */
export function lockFolder(
  dir: string,
  warn: (line: string) => void,
): RunLock {
  const path = `${dir}/${LOCK_FILE}`;
  let file: Deno.FsFile | undefined;
  let left: Holder | undefined;
  try {
    file = lockedFile(path, dir, warn);
    left = file.statSync().size ? holderIn(path) : undefined;
    sign(file, ownName());
  } catch (error) {
    file?.close();
    if (error instanceof InputError) throw error;
    throw fileError(`Cannot write ${path}`, "write", dir, error);
  }
  const locked = file;
  let held = true;

  return {
    left,
    release() {
      if (!held) return;
      held = false;
      // Removed while it is locked: who opened it meanwhile looks again.
      const gone = removed(path);
      locked.close();
      if (!gone) removed(path); // Some systems remove no open file.
    },
    giveBack() {
      if (!left) return this.release();
      if (!held) return;
      held = false;
      try {
        sign(locked, left);
      } catch {
        // Then it says who looked last.
      }
      locked.close();
    },
  };
}

function removed(path: string): boolean {
  try {
    denoDisk.removeSync(path);
    return true;
  } catch {
    return false; // Nobody holds it any more, which is what counts.
  }
}

function ownName(): Holder {
  const host = hostName();
  return {
    pid: Deno.pid,
    ...host !== undefined && { host },
    since: new Date().toISOString(),
  };
}

function sign(file: Deno.FsFile, holder: Holder): void {
  file.truncateSync();
  file.seekSync(0, Deno.SeekMode.Start);
  writeAllSync(file, new TextEncoder().encode(`${JSON.stringify(holder)}\n`));
}

/** Whoever only looks at a lock holds it for a moment. */
const TRIES = 10;
const PAUSE = 20;

function lockedFile(
  path: string,
  dir: string,
  warn: (line: string) => void,
): Deno.FsFile {
  for (let tries = 0;;) {
    const file = lockableFile(path);
    try {
      const locked = lock(file);
      if (locked === undefined) {
        warn(
          `Warning: the file system of ${dir} has no locks: nothing keeps a second process out of it`,
        );
      }
      if (locked !== false && isAt(path, file)) return file;
      if (++tries === TRIES) throw inUse(dir, holderIn(path));
    } catch (error) {
      file.close();
      throw error;
    }
    file.close();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
  }
}

/** Whether the lock is had; undefined if there are no locks. */
function lock(file: Deno.FsFile, exclusive = true): boolean | undefined {
  try {
    return file.tryLockSync(exclusive);
  } catch {
    return undefined;
  }
}

/** Whether a file is still the one at its path: it may have been removed before it was locked. */
function isAt(path: string, file: Deno.FsFile): boolean {
  try {
    return Deno.statSync(path).ino === file.statSync().ino;
  } catch {
    return false;
  }
}

/** The refusal of a folder that another process runs in. */
export function inUse(dir: string, holder: Holder): InputError {
  return new InputError(
    `Cannot use ${dir}: ${
      holderText(holder)
    } runs there; wait until it has ended, or name another folder with --run-dir`,
  );
}

/** A process in words, to stand before a verb: `process 123, since 2026-11-21 10:00:00,`. */
export function holderText({ pid, host, since }: Holder): string {
  if (pid === undefined) return "another process";
  const when = since === undefined ? "" : `, since ${dateText(since)},`;
  return `process ${pid}${host === undefined ? "" : ` on ${host}`}${when}`;
}

/** An ISO date for people. */
export function dateText(iso: string): string {
  return iso.slice(0, 19).replace("T", " ");
}

/**
 * Who runs in a folder, or was killed there. Nothing is written.
 *
 * @returns Undefined if the last process to run there, if any, has ended its
 * run.
 */
export function lookAtLock(
  dir: string,
): { readonly holder: Holder; readonly running: boolean } | undefined {
  const path = `${dir}/${LOCK_FILE}`;
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path, { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return undefined;
  }
  try {
    return { holder: holderIn(path), running: lock(file, false) === false };
  } finally {
    file.close();
  }
}

function holderIn(path: string): Holder {
  try {
    const { pid, host, since } = JSON.parse(Deno.readTextFileSync(path));
    return {
      ...Number.isInteger(pid) && { pid },
      ...typeof host === "string" && { host },
      ...typeof since === "string" && { since },
    };
  } catch {
    return {};
  }
}
