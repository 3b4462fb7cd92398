/**
 * Files of a run that are written whole or removed, whatever the disk does: what
 * cannot be written waits, the latest of each file, for the next try.
 *
 * @module
 */
import type { Disk } from "../../disk.ts";
import { InputError, messageOf } from "../../errors.ts";
import {
  fileError,
  isFolderSync,
  makeFolderOf,
  removeSync,
  writeWholeSync,
} from "../../files.ts";
import { type FileFaults, ROOM } from "./file_faults.ts";
import type { FileHistory } from "./file_history.ts";

/** Writes whole files, each by its path and by its name in the run. */
export interface WholeWriter {
  /** Write a file. */
  write(
    path: string,
    name: string,
    bytes: Uint8Array,
    by: string | undefined,
  ): void;
  /** Remove a file, or a folder with all in it. */
  remove(path: string, name: string, by: string | undefined): void;
  /** What a file will hold once what waits is done, undefined where it will be gone; and undefined where nothing waits. */
  waitingFor(
    path: string,
  ): { readonly bytes: Uint8Array | undefined } | undefined;
  /** What waits: plain data. */
  waits(): readonly Waits[];
  /** That waits from now on, in place of what did. */
  goOn(waits: readonly Waits[]): void;
  /** Try to do what waits. */
  retry(): void;
  /** What still waits, and why, a sentence each. */
  problems(): string[];
}

/** What waits for a file. */
export interface Waits {
  /** Where it is. */
  readonly path: string;
  /** Its name in the run. */
  readonly name: string;
  /** The plugin whose it is, if that is known. */
  readonly by: string | undefined;
  /** What it is to hold; undefined if it is to be removed, or there was no room. */
  readonly bytes: Uint8Array | undefined;
  /** Whether it is to be removed. */
  readonly removed: boolean;
  /** Why it waits. */
  readonly problem: string;
}

/**
 * A writer.
 *
 * @param faults Who is told, as of now.
 */
export function wholeWriter(
  disk: Disk,
  history: FileHistory,
  faults: () => FileFaults,
): WholeWriter {
  const waiting = new Map<string, Waits>();

  /** Whether it could be done. */
  function attempt(
    verb: "write" | "remove",
    path: string,
    by: string | undefined,
    kept: boolean,
    act: () => void,
  ): Error | undefined {
    try {
      act();
    } catch (error) {
      const problem = error instanceof InputError
        ? error
        : fileError(`Cannot ${verb} ${path}`, "write", path, error);
      faults().failed(path, problem, by, kept);
      return problem;
    }
    waiting.delete(path);
    faults().mended(path, 0);
    return undefined;
  }

  function write(
    path: string,
    name: string,
    bytes: Uint8Array,
    by: string | undefined,
  ): void {
    const kept = bytes.length <= ROOM;
    const problem = attempt("write", path, by, kept, () => {
      history.replacing(name);
      makeFolderOf(path, disk);
      writeWholeSync(path, bytes, undefined, disk);
      history.holds(name, bytes.length);
    });
    if (!problem) return;
    waiting.set(path, {
      ...{ path, name, by, removed: false, problem: messageOf(problem) },
      bytes: kept ? bytes : undefined,
    });
  }

  function remove(path: string, name: string, by: string | undefined): void {
    const problem = attempt("remove", path, by, false, () => {
      if (isFolderSync(path)) history.removingFolder(name);
      else history.replacing(name);
      removeSync(path, disk);
      history.gone(name);
    });
    // By the time that a folder can be removed, something new may be in it.
    if (!problem || isFolderSync(path)) return;
    waiting.set(path, {
      ...{ path, name, by, removed: true, problem: messageOf(problem) },
      bytes: undefined,
    });
  }

  return {
    write,
    remove,
    waitingFor(path) {
      const it = waiting.get(path);
      return it && (it.bytes || it.removed) ? { bytes: it.bytes } : undefined;
    },
    waits: () => [...waiting.values()],
    goOn(waits) {
      waiting.clear();
      for (const it of waits) waiting.set(it.path, it);
    },
    retry() {
      for (const { path, name, bytes, by, removed } of [...waiting.values()]) {
        if (removed) remove(path, name, by);
        else if (bytes) write(path, name, bytes, by);
      }
    },
    problems: () => [...waiting.values()].map(({ problem }) => problem),
  };
}
