/**
 * The files of a run, for its plugins.
 *
 * @module
 */
import {
  fileError,
  makeFolderOf,
  pathIn,
  removeSync,
  writeAllSync,
  writeWholeSync,
} from "../files.ts";
import type { FileWriter, RunFiles } from "../plugin.ts";

/** Files on the disk, whose relative paths begin in `dir`. */
export function runFiles(dir: string): RunFiles {
  return {
    read(path) {
      return attempt("read", "read", pathIn(dir, path), (at) => {
        try {
          return Deno.readTextFileSync(at);
        } catch (error) {
          if (error instanceof Deno.errors.NotFound) return undefined;
          throw error;
        }
      });
    },
    write(path, content) {
      attempt("write", "write", pathIn(dir, path), (at) => {
        makeFolderOf(at);
        writeWholeSync(at, content);
      });
    },
    open(path, { append = false } = {}) {
      return attempt("write", "write", pathIn(dir, path), (at) => {
        makeFolderOf(at);
        return writerTo(at, append);
      });
    },
    remove(path) {
      attempt("remove", "write", pathIn(dir, path), removeSync);
    },
  };
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
