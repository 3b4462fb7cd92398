/**
 * The files of a run, for its plugins.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import {
  existsSync,
  fileError,
  makeFolderOf,
  pathOfRun,
  placeInRun,
  removeSync,
  writeAllSync,
  writeWholeSync,
} from "../files.ts";
import type { FileWriter, RunFiles } from "../plugin.ts";

/** Files on the disk, whose relative paths begin in `dir`. */
export function runFiles(dir: string): RunFiles {
  /** What is written to, by its path: two writers would tear a file. */
  const open = new Set<string>();
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
        makeFolderOf(at);
        writeWholeSync(at, content);
      });
    },
    open(path, { append = false } = {}) {
      return attempt("write", "write", placeInRun(dir, path), (at) => {
        const key = at.replaceAll(/\/(\.?\/)+/g, "/").replace(/^\.\//, "");
        if (open.has(key)) throw openAlready(at);
        makeFolderOf(at);
        const { write, close } = writerTo(at, append);
        open.add(key);
        return {
          write,
          close() {
            close();
            open.delete(key);
          },
        };
      });
    },
    remove(path) {
      attempt("remove", "write", placeInRun(dir, path), (at) => {
        if (at === path && isAround(at, dir)) throw aroundRun(at);
        removeSync(at);
      });
    },
  };
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

function writerTo(path: string, append: boolean): FileWriter {
  const encoder = new TextEncoder();
  let file: Deno.FsFile | undefined = Deno.openSync(path, {
    create: true,
    write: true,
    append,
    truncate: !append,
  });
  return {
    write(text) {
      if (!file) throw new Error(`Cannot write ${path}: it was closed`);
      const [to, bytes] = [file, encoder.encode(text)];
      attempt("write", "write", path, () => writeAllSync(to, bytes));
    },
    close() {
      file?.close();
      file = undefined;
    },
  };
}
