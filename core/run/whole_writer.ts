/**
 * Files of a run that are written whole or removed, whatever the disk does: what
 * cannot be written waits, the latest of each file, for the next try.
 *
 * @module
 */
import type { Disk } from "../disk.ts";
import { InputError, messageOf } from "../errors.ts";
import {
  fileError,
  isFolderSync,
  makeFolderOf,
  removeSync,
  writeWholeSync,
} from "../files.ts";
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
  /** Try to write what waits. */
  retry(): void;
  /** What still waits, and why, a sentence each. */
  problems(): string[];
}

/** Something that waits. */
interface Waiting {
  readonly name: string;
  readonly by: string | undefined;
  /** Undefined if there was no room for it. */
  readonly bytes: Uint8Array | undefined;
  readonly problem: Error;
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
  const waiting = new Map<string, Waiting>();

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
    waiting.set(path, { name, by, problem, bytes: kept ? bytes : undefined });
  }

  return {
    write,
    remove(path, name, by) {
      attempt("remove", path, by, false, () => {
        if (isFolderSync(path)) history.removingFolder(name);
        else history.replacing(name);
        removeSync(path, disk);
        history.gone(name);
      });
    },
    retry() {
      for (const [path, { name, bytes, by }] of waiting) {
        if (bytes) write(path, name, bytes, by);
      }
    },
    problems: () => [...waiting.values()].map((it) => messageOf(it.problem)),
  };
}
