/**
 * What the files of a run have held, as far as marks need it.
 *
 * What a file holds has a name from the first mark on that sees it. When the
 * file is replaced or removed, its content is kept in `backup/files` as
 * `NAME.LAST`, where `LAST` is the number of the last mark that needs it. What
 * is not there is still in its place, perhaps longer than it was.
 *
 * @module
 */
import type { Disk } from "../../disk.ts";
import { keepSync } from "../../file_links.ts";
import { makeFolderOf, pathIn, removeQuietly } from "../../files.ts";
import { fileJournal } from "./file_journal.ts";
import type { FileMark, Marks } from "./file_marks.ts";
import { keptContents } from "./kept_contents.ts";
import { type Found, putFilesBack } from "./put_back.ts";
import {
  BACKUP_FOLDER,
  filesBelow,
  missingFolders,
  sizeOf,
} from "./run_paths.ts";

/** What is known of a file that the run has touched. */
interface Known {
  /** Whether it is there. */
  there: boolean;
  /** The name of what it holds; undefined while no mark has seen that. */
  kept: string | undefined;
  /** Its bytes; undefined where something else wrote it. */
  length: number | undefined;
  /** Whether it is open. */
  open: boolean;
}

/** The history of a run's files. Paths are those of `nameInRun`. */
export interface FileHistory {
  /** Whether a mark may need what a file holds: then it is not to be emptied in its place, which its second name shares. */
  marked(): boolean;
  /** A file is about to be replaced, or removed. */
  replacing(path: string): void;
  /** A file is about to grow. */
  growing(path: string): void;
  /** A folder is about to be removed, with all that is in it. */
  removingFolder(path: string): void;
  /** A file is there, with so many bytes. */
  holds(path: string, length: number): void;
  /** A file has grown by so many bytes. */
  grew(path: string, by: number): void;
  /** A file, or a folder with all in it, is gone. */
  gone(path: string): void;
  /** A file is open, or is not any more. */
  setOpen(path: string, open: boolean): void;
  /** Whether a file is open, or was at the mark that the run goes on from. */
  isOpen(path: string): boolean;
  /** Something else is about to write below a path. */
  saving(path: string): void;
  /** It has. */
  saved(path: string): void;
  /** See {@linkcode MarkedFiles}. */
  mark(id: number, waiting: (path: string) => Uint8Array | undefined): Marks;
  /** See {@linkcode MarkedFiles}. */
  forget(below: number): void;
  /** See {@linkcode MarkedFiles}. */
  putBack(marks: Marks): readonly string[];
}

/** The history of the files whose paths begin in `dir`. */
export function fileHistory(dir: string, disk: Disk): FileHistory {
  const folder = pathIn(dir, BACKUP_FOLDER);
  const store = `${folder}/files`;
  const journal = fileJournal(`${folder}/written`, disk);
  const files = new Map<string, Known>();
  const newName = namesOfContents();
  /** Number of the last mark; undefined where none is needed. */
  let last: number | undefined;

  /** The run touches a file, perhaps for the first time. */
  function touch(path: string, own = true): Known {
    const known = files.get(path);
    if (known) return known;
    const fresh: Known = { ...NEW };
    if (last !== undefined) {
      noteFolders(path, last);
      const length = sizeOf(pathIn(dir, path));
      fresh.there = length !== undefined;
      if (fresh.there) fresh.kept = newName();
      if (own) fresh.length = length;
      journal.add({ file: { path, ...fresh }, after: last });
    }
    files.set(path, fresh);
    return fresh;
  }

  function noteFolders(path: string, after: number): void {
    for (const folder of missingFolders(dir, path)) {
      journal.add({ folder, after });
    }
  }

  function replacing(path: string, own = true): void {
    const known = touch(path, own);
    if (known.kept === undefined) return; // No mark has seen what it holds.
    const target = `${store}/${known.kept}.${last}`;
    makeFolderOf(target, disk);
    keepSync(pathIn(dir, path), target, disk);
    known.kept = undefined;
  }

  /** Nothing is marked: what an earlier run has left is of no use. */
  function clear(): void {
    last = undefined;
    for (const known of files.values()) known.kept = undefined;
    keptContents(store, disk).forget(Infinity);
    removeQuietly(store, disk);
    journal.clear();
    removeQuietly(folder, disk);
  }

  return {
    marked: () => last !== undefined,
    replacing,
    growing: (path) => void touch(path),
    removingFolder(path) {
      if (last === undefined) return;
      for (const file of filesBelow(dir, path)) replacing(file);
    },
    holds(path, length) {
      Object.assign(touch(path), { there: true, length });
    },
    grew(path, by) {
      const known = files.get(path);
      if (known?.there) known.length = (known.length ?? 0) + by;
    },
    gone(path) {
      for (const [file, known] of files) {
        if (!isBelow(file, path)) continue;
        Object.assign(known, { there: false, kept: undefined, open: false });
      }
    },
    setOpen(path, open) {
      const known = files.get(path);
      if (known) known.open = open;
    },
    isOpen: (path) => files.get(path)?.open ?? false,
    saving(path) {
      if (last === undefined) return;
      noteFolders(`${path}/any`, last);
      journal.add({ save: path });
      for (const file of filesBelow(dir, path)) replacing(file, false);
    },
    saved(path) {
      const found = new Set(filesBelow(dir, path));
      const fresh = [...found].filter((it) => !files.has(it));
      for (const it of fresh) files.set(it, { ...NEW });
      for (const [file, known] of files) {
        if (!isBelow(file, path)) continue;
        known.there = found.has(file);
        if (known.length !== undefined) {
          known.length = sizeOf(pathIn(dir, file));
        }
      }
      if (last === undefined) return;
      const after = last;
      const entries = fresh.map((path) => ({ file: { path }, after }));
      try {
        journal.add(...entries, { saved: path });
      } catch {
        // It is taken for one that was broken off, which marks make up for.
      }
    },
    mark(id, waiting) {
      if (last === undefined) clear();
      last = id;
      const marks: FileMark[] = [];
      for (const [path, known] of files) {
        // Should it come back, the journal will tell that it was not there.
        if (!known.there) files.delete(path);
        else marks.push(markOf(path, known, newName, waiting(path)));
      }
      return { id, files: marks };
    },
    forget(below) {
      if (below === Infinity) clear();
      else keptContents(store, disk).forget(below);
    },
    putBack(marks) {
      const { found, broken, failed } = putFilesBack(
        dir,
        marks,
        journal.read(),
        keptContents(store, disk).pathOf,
        disk,
      );
      if (broken.length) journal.add(...broken.map((saved) => ({ saved })));
      last = marks.id;
      files.clear();
      for (const it of found) files.set(it.mark.path, knownOf(it));
      return failed;
    },
  };
}

/** A file of which nothing is known. */
const NEW: Known = {
  ...{ there: false, kept: undefined, length: undefined, open: false },
};

function isBelow(file: string, path: string): boolean {
  return file === path || file.startsWith(`${path}/`);
}

/** Names for contents, unique over all processes. */
function namesOfContents(): () => string {
  const own = crypto.randomUUID().replaceAll("-", "");
  let count = 0;
  return () => `${own}-${++count}`;
}

function markOf(
  path: string,
  known: Known,
  newName: () => string,
  rest: Uint8Array | undefined,
): FileMark {
  known.kept ??= newName();
  const { kept, length, open } = known;
  return { path, kept, length, rest, open };
}

/** A file that was put back: one that was not in its place has a new content. */
function knownOf({ mark, there, length, inPlace }: Found): Known {
  const kept = there && inPlace ? mark.kept : undefined;
  return { there, kept, length, open: mark.open ?? false };
}
