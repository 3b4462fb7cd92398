/**
 * What a run touches after its first mark, written down before it does: so
 * that another process knows which files are the run's, and how they were.
 *
 * @module
 */
import type { Disk } from "../../disk.ts";
import { makeFolderOf, removeSync } from "../../files.ts";
import { appendSync } from "../../growing_files.ts";
import type { FileMark } from "./file_marks.ts";

/** Something that a run is about to touch. */
export type JournalEntry =
  /** A file, for the first time after a mark: as it is before. */
  | { readonly file: FileMark; readonly after: number }
  /** A folder that is not there yet. */
  | { readonly folder: string; readonly after: number }
  /** A path below which something else writes, until it is `saved`. */
  | { readonly save: string }
  | { readonly saved: string };

/** Where it is written down. */
export interface Journal {
  /** Write something down; it has reached the disk when this returns. */
  add(...entries: readonly JournalEntry[]): void;
  /** All that was written down, in order. */
  read(): JournalEntry[];
  /** Begin anew. */
  clear(): void;
}

/** The journal at a path. */
export function fileJournal(path: string, disk: Disk): Journal {
  return {
    add(...entries) {
      makeFolderOf(path, disk);
      // A line break first, as the line before may have been torn by a crash.
      appendSync(
        path,
        entries.map((it) => `\n${JSON.stringify(it)}\n`).join(""),
        disk,
      );
    },
    read: () => linesOf(path).flatMap(parsed),
    clear: () => removeSync(path, disk),
  };
}

function linesOf(path: string): string[] {
  try {
    return Deno.readTextFileSync(path).split("\n");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function parsed(line: string): JournalEntry[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return []; // Empty; or torn, so what it tells of was not begun.
  }
}
