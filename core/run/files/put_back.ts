/**
 * Puts the files of a run back as they were at a mark. Whatever it is
 * interrupted by, doing it again does the same: what is kept stays.
 *
 * @module
 */
import type { Disk } from "../../disk.ts";
import { linkOverSync } from "../../file_links.ts";
import {
  existsSync,
  fileError,
  folderOf,
  isFolderSync,
  makeFolderOf,
  pathIn,
  removeQuietly,
  targetOfPart,
} from "../../files.ts";
import { appendSync, cutSync } from "../../growing_files.ts";
import type { JournalEntry } from "./file_journal.ts";
import type { FileMark, Marks } from "./file_marks.ts";
import { filesBelow, sizeOf } from "./run_paths.ts";

/** A file that was put back. */
export interface Found {
  /** What was marked. */
  readonly mark: FileMark;
  /** Whether there is such a file now. */
  readonly there: boolean;
  /** Its bytes, where they are known from the mark. */
  readonly length: number | undefined;
  /** Whether it was in its place, cut at most. */
  readonly inPlace: boolean;
}

/** How it went. */
export interface PutBack {
  /** All files that the run had touched, or touched since. */
  readonly found: readonly Found[];
  /** Where something was writing when the run broke off. */
  readonly broken: readonly string[];
  /** What could not be put back, one sentence each. */
  readonly failed: readonly string[];
}

/**
 * Put the files back.
 *
 * @param dir The run's folder.
 * @param marks How they were.
 * @param journal What the run has touched since its first mark.
 * @param keptAt Where a content is kept, by its name.
 * @throws {InputError | FileError} If a file cannot be written.
 */
export function putFilesBack(
  dir: string,
  marks: Marks,
  journal: readonly JournalEntry[],
  keptAt: (name: string) => string | undefined,
  disk: Disk,
): PutBack {
  const broken = brokenOff(journal);
  const wanted = wantedFiles(dir, marks, journal, broken);
  const failed: string[] = [];
  const all = [...wanted.values()];
  // First what is to go: a folder may stand where a file was, or a file where a folder was.
  for (const { path, kept } of all) {
    if (kept === undefined) attempt(dir, path, (at) => removeFile(at, disk));
  }
  removeParts(dir, wanted, disk);
  for (const folder of foldersSince(marks, journal)) {
    removeQuietly(pathIn(dir, folder), disk);
  }
  const found = all.map((mark): Found => {
    if (mark.kept === undefined) {
      return { mark, there: false, length: undefined, inPlace: true };
    }
    const content = keptAt(mark.kept);
    const size = attempt(
      dir,
      mark.path,
      (at) => put(at, content, mark, disk),
    );
    const why = size === undefined
      ? "it is gone"
      : mark.length !== undefined && size < mark.length
      ? `it has ${size} bytes, and had ${mark.length}`
      : undefined;
    if (why) failed.push(`Cannot put back ${pathIn(dir, mark.path)}: ${why}`);
    return {
      mark,
      there: size !== undefined,
      length: mark.length === undefined ? undefined : size,
      inPlace: content === undefined,
    };
  });
  return { found, broken, failed };
}

/** What each file should be, by its path. */
function wantedFiles(
  dir: string,
  marks: Marks,
  journal: readonly JournalEntry[],
  broken: readonly string[],
): Map<string, FileMark> {
  const wanted = new Map<string, FileMark>();
  for (const entry of journal) {
    if (!("file" in entry) || entry.after < marks.id) continue;
    if (!wanted.has(entry.file.path)) wanted.set(entry.file.path, entry.file);
  }
  for (const mark of marks.files) wanted.set(mark.path, mark);
  for (const path of broken.flatMap((it) => filesBelow(dir, it))) {
    if (!wanted.has(path)) wanted.set(path, { path });
  }
  return wanted;
}

/** The paths below which something was being saved. */
function brokenOff(journal: readonly JournalEntry[]): string[] {
  const open = new Set<string>();
  for (const entry of journal) {
    if ("save" in entry) open.add(entry.save);
    if ("saved" in entry) open.delete(entry.saved);
  }
  return [...open];
}

/** The folders that were made after the marks, the innermost first. */
function foldersSince(
  { id }: Marks,
  journal: readonly JournalEntry[],
): string[] {
  return journal
    .flatMap((it) => "folder" in it && it.after >= id ? [it.folder] : [])
    .sort((a, b) => b.length - a.length);
}

function attempt<T>(dir: string, path: string, act: (at: string) => T): T {
  const at = pathIn(dir, path);
  try {
    return act(at);
  } catch (error) {
    throw fileError(`Cannot put back ${at}`, "write", at, error);
  }
}

function removeFile(at: string, disk: Disk): void {
  if (existsSync(at) && !Deno.lstatSync(at).isDirectory) disk.removeSync(at);
}

/** Remove what was being written beside its target. */
function removeParts(
  dir: string,
  wanted: ReadonlyMap<string, unknown>,
  disk: Disk,
): void {
  const folders = new Set([...wanted.keys()].map(folderOf));
  for (const folder of folders) {
    const at = pathIn(dir, folder);
    if (!isFolderSync(at)) continue;
    for (const { name } of Deno.readDirSync(at)) {
      const target = targetOfPart(name);
      if (target === undefined) continue;
      const path = folder === "." ? target : `${folder}/${target}`;
      if (wanted.has(path)) removeFile(`${at}/${name}`, disk);
    }
  }
}

/**
 * Put one file back.
 *
 * @returns How many bytes it has; undefined if there is none.
 */
function put(
  at: string,
  content: string | undefined,
  { length, rest }: FileMark,
  disk: Disk,
): number | undefined {
  if (content !== undefined) {
    makeFolderOf(at, disk);
    linkOverSync(content, at, disk);
  }
  const size = sizeOf(at);
  if (size === undefined || length === undefined || size < length) return size;
  if (size > length) cutSync(at, length, disk);
  if (rest) appendSync(at, rest, disk);
  return sizeOf(at);
}
