/**
 * The files of a run, for its plugins.
 *
 * @module
 */
import { denoDisk, type Disk, type DiskFile } from "../disk.ts";
import { InputError } from "../errors.ts";
import {
  contentBytes,
  existsSync,
  fileError,
  isFolderSync,
  makeFolderOf,
  pathIn,
  removeSync,
  writeAllSync,
  writeWholeSync,
} from "../files.ts";
import { openNewSync, openToAppendSync, syncFile } from "../growing_files.ts";
import type { FileWriter, RunFiles } from "../plugin.ts";
import { fileHistory } from "./file_history.ts";
import type { MarkedFiles, Marks } from "./file_marks.ts";
import { nameInRun, pathOfRun, placeInRun } from "./run_paths.ts";

/** Files on the disk, whose relative paths begin in `dir`. */
export function runFiles(
  dir: string,
  disk: Disk = denoDisk,
): RunFiles & MarkedFiles {
  const history = fileHistory(dir, disk);
  /** What is written to, by its name: two writers would tear a file. */
  const open = new Map<string, DiskFile | undefined>();
  /** What has grown since the disk was last told to write it. */
  const grown = new Set<string>();
  /** Whether the run is being put back. */
  let swallowing = false;

  /** Open a file on the disk. */
  function openAt(at: string, name: string, anew: boolean): DiskFile {
    if (history.marked() && !isPlain(at)) {
      return openToAppendSync(at, anew, disk);
    }
    if (anew) history.replacing(name);
    else history.growing(name);
    makeFolderOf(at, disk);
    const file = anew && history.marked()
      ? openNewSync(at, disk)
      : openToAppendSync(at, anew, disk);
    const { isFile, size } = file.statSync();
    if (isFile) {
      history.holds(name, size);
      history.setOpen(name, true);
    }
    return file;
  }

  function writerTo(at: string, name: string, anew: boolean): FileWriter {
    const encoder = new TextEncoder();
    // A run that is put back opens a file when it first counts what is written.
    open.set(name, swallowing ? undefined : openAt(at, name, anew));
    let closed = false;
    return {
      write(text) {
        if (closed) throw new Error(`Cannot write ${at}: it was closed`);
        if (swallowing) return;
        attempt("write", "write", at, () => {
          const file = open.get(name) ?? openAt(at, name, false);
          open.set(name, file);
          const bytes = encoder.encode(text);
          writeAllSync(file, bytes);
          history.grew(name, bytes.length);
          grown.add(name);
        });
      },
      close() {
        if (closed) return;
        closed = true;
        open.get(name)?.close();
        open.delete(name);
        if (!swallowing) history.setOpen(name, false);
      },
    };
  }

  return {
    read(path) {
      return attempt("read", "read", pathOfRun(dir, path), (at) => {
        try {
          return Deno.readTextFileSync(at);
        } catch (error) {
          if (error instanceof Deno.errors.NotFound) return undefined;
          throw error;
        }
      });
    },
    write(path, content) {
      attempt("write", "write", placeInRun(dir, path), (at) => {
        if (swallowing) return;
        const [name, bytes] = [nameInRun(dir, at), contentBytes(content)];
        if (open.has(name)) throw openAlready(at);
        history.replacing(name);
        makeFolderOf(at, disk);
        writeWholeSync(at, bytes, undefined, disk);
        history.holds(name, bytes.length);
      });
    },
    open(path, { append = false } = {}) {
      return attempt("write", "write", placeInRun(dir, path), (at) => {
        const name = nameInRun(dir, at);
        if (open.has(name)) throw openAlready(at);
        return writerTo(at, name, !append && !history.isOpen(name));
      });
    },
    remove(path) {
      attempt("remove", "write", placeInRun(dir, path), (at) => {
        if (at === path && isAround(at, dir)) throw aroundRun(at);
        if (swallowing) return;
        const name = nameInRun(dir, at);
        if (isFolderSync(at)) history.removingFolder(name);
        else history.replacing(name);
        removeSync(at, disk);
        history.gone(name);
      });
    },
    saving(path) {
      if (swallowing) return false;
      attempt("save to", "write", path, () => {
        history.saving(nameInRun(dir, path));
      });
      return true;
    },
    saved(path) {
      if (!swallowing) history.saved(nameInRun(dir, path));
    },
    mark: history.mark,
    forget: history.forget,
    putBack(marks) {
      swallowing = true;
      for (const [name, file] of open) {
        file?.close();
        open.set(name, undefined);
      }
      // Files that a caller brought may have had none.
      return marks ? history.putBack(marks as Marks) : [];
    },
    goOn() {
      swallowing = false;
      for (const name of open.keys()) history.setOpen(name, true);
    },
    async flush() {
      const names = [...grown];
      grown.clear();
      await Promise.all(names.map((it) => syncFile(pathIn(dir, it))));
    },
  };
}

/** What is no plain file, such as `/dev/stdout`, is neither replaced nor marked. */
function isPlain(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return true; // There is none.
  }
}

/** Whether a folder is another, or holds it. */
function isAround(path: string, dir: string): boolean {
  if (!existsSync(path)) return false;
  const [outer, inner] = [path, dir].map((it) =>
    `${Deno.realPathSync(it)}/`.replace("//", "/") // The root is one already.
  );
  return inner!.startsWith(outer!);
}

function openAlready(path: string): Error {
  return new InputError(
    `Cannot write ${path}: it is open already in this run; give one of the two another name`,
  );
}

function aroundRun(path: string): Error {
  return new InputError(
    `Cannot remove ${path}: the folder of the run is in it`,
  );
}

function attempt<T>(
  verb: string,
  access: "read" | "write",
  path: string,
  act: (path: string) => T,
): T {
  try {
    return act(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw fileError(`Cannot ${verb} ${path}`, access, path, error);
  }
}
