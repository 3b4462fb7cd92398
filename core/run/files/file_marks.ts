/**
 * How the files of a run were at one moment, so that a run that goes on finds
 * them as they were then.
 *
 * Marking costs nothing on the disk: a mark names what each file holds, and how
 * long it is. Only when a file is about to be replaced or removed, what it held
 * is kept, under that name, by a second link to it.
 *
 * @module
 */

import type { Content } from "../../files.ts";
import type { RunFiles } from "../../plugin.ts";
import type { FileFaults } from "./file_faults.ts";
import type { Waits } from "./whole_writer.ts";

/** The files that a run has written, at one moment: plain data. */
export type FileMarks = unknown;

/** The files of a run that can be put back. */
export interface MarkedFiles {
  /**
   * Mark what the files hold now. No `save` may be under way.
   *
   * @param id Number of the backup that the marks belong to: above those before.
   */
  mark(id: number): FileMarks;
  /**
   * The marks of backups with a lower number are not needed any more; with
   * `Infinity` none is, and nothing that was kept for them stays behind.
   */
  forget(below: number): void;
  /**
   * The run goes on: put the files back as they were marked, and swallow what is
   * written until `goOn`, while those that are opened continue at their mark.
   * Doing it again, also after it was broken off, does the same.
   *
   * @returns What could not be put back, one sentence each.
   */
  putBack(marks: FileMarks): readonly string[];
  /** From now on what is written counts again. */
  goOn(): void;
  /**
   * Have the system write to the disk what it holds of files that grow, so that
   * marks that were taken before hold after a loss of power too.
   */
  flush(): Promise<void>;
  /**
   * Something else is about to write files below a path.
   *
   * @param path Where it stands, seen from the working folder.
   * @returns Whether it is to; a run that is being put back swallows it.
   */
  saving(path: string): boolean;
  /** It has written them, or failed to. */
  saved(path: string): void;
  /** The files as one plugin has them, whose name is told with faults. */
  of(plugin: string): RunFiles;
  /** From now on that one is told what cannot be written, and decides what comes of it. Until then it is thrown. */
  watch(faults: FileFaults): void;
  /**
   * Try a last time what could not be written.
   *
   * @returns What still cannot, a sentence each.
   */
  finish(): readonly string[];
}

/** Those of a run that has not begun yet: it has touched nothing. */
export const BEGINNING: FileMarks = { id: 0, files: [] } satisfies Marks;

/** What one file held. */
export interface FileMark {
  /** Its path, from the run's folder unless it is absolute. */
  readonly path: string;
  /** What its content is kept by once the file is replaced or removed; without it, there was no file. */
  readonly kept?: string | undefined;
  /** Bytes that belong to it, where it may have grown since. */
  readonly length?: number | undefined;
  /** What could not be written yet, and belongs behind that. */
  readonly rest?: Content | undefined;
  /** Whether it was open. */
  readonly open?: boolean | undefined;
}

/** What the marks of a run's own files are. */
export interface Marks {
  /** Number of the backup. */
  readonly id: number;
  /** The files of the run that were there. */
  readonly files: readonly FileMark[];
  /** What could not be done to files yet. */
  readonly waits?: readonly Waits[];
}
