/**
 * The files of a run, for its plugins.
 *
 * @module
 */
import { joined } from "../../bytes.ts";
import { denoDisk, type Disk, type DiskFile } from "../../disk.ts";
import { InputError, messageOf } from "../../errors.ts";
import {
  contentBytes,
  existsSync,
  fileError,
  makeFolderOf,
  pathIn,
} from "../../files.ts";
import {
  openNewSync,
  openToAppendSync,
  syncFile,
} from "../../growing_files.ts";
import type { FileWriter, RunFiles } from "../../plugin.ts";
import { FAILING } from "./file_faults.ts";
import { fileHistory } from "./file_history.ts";
import type { MarkedFiles, Marks } from "./file_marks.ts";
import { type GrowingWriter, growingWriter } from "./growing_writer.ts";
import { nameInRun, pathOfRun, placeInRun } from "./run_paths.ts";
import { wholeWriter } from "./whole_writer.ts";

/** Files on the disk, whose relative paths begin in `dir`. */
export function runFiles(
  dir: string,
  disk: Disk = denoDisk,
): RunFiles & MarkedFiles {
  const history = fileHistory(dir, disk);
  /** What is written to, by its name: two writers would tear a file. */
  const open = new Map<string, GrowingWriter>();
  /** What was closed before all of it could be written. */
  const left = new Map<string, GrowingWriter>();
  /** What has grown since the disk was last told to write it. */
  const grown = new Set<string>();
  /** Whether the run is being put back. */
  let swallowing = false;
  let faults = FAILING;
  const whole = wholeWriter(disk, history, () => faults);

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

  function writerOf(at: string, anew: boolean, by?: string): GrowingWriter {
    const name = nameInRun(dir, at);
    const before = left.get(name);
    left.delete(name);
    if (before && !anew) return before;
    let first = anew;
    return growingWriter(
      {
        path: at,
        by,
        open() {
          const file = openAt(at, name, first);
          first = false;
          return file;
        },
        grew(bytes) {
          history.grew(name, bytes);
          grown.add(name);
        },
      },
      () => faults,
      disk,
    );
  }

  function openFile(at: string, anew: boolean, by?: string): FileWriter {
    const name = nameInRun(dir, at);
    const writer = writerOf(at, anew && !history.isOpen(name), by);
    // A run that is put back opens a file when it first counts what is written.
    if (!swallowing) writer.open();
    open.set(name, writer);
    return {
      write(content) {
        if (open.get(name) !== writer) {
          throw new Error(`Cannot write ${at}: it was closed`);
        }
        if (!swallowing) writer.write(content);
      },
      close() {
        if (open.get(name) !== writer) return;
        open.delete(name);
        if (swallowing) return writer.end();
        writer.close();
        if (writer.problem !== undefined) left.set(name, writer);
        history.setOpen(name, false);
      },
    };
  }

  function filesOf(by?: string): RunFiles {
    return Object.freeze<RunFiles>({
      read(path) {
        const at = pathOfRun(dir, path);
        const later = whole.waitingFor(at);
        if (later) return later.bytes && new TextDecoder().decode(later.bytes);
        const name = nameInRun(dir, at);
        const rest = (open.get(name) ?? left.get(name))?.waiting;
        return attempt("read", "read", at, () => readText(at, rest));
      },
      write(path, content) {
        const at = placeInRun(dir, path);
        const name = nameInRun(dir, at);
        if (open.has(name)) throw openAlready(at);
        if (!swallowing) whole.write(at, name, contentBytes(content), by);
      },
      open(path, { append = false } = {}) {
        const at = placeInRun(dir, path);
        if (open.has(nameInRun(dir, at))) throw openAlready(at);
        return openFile(at, !append, by);
      },
      remove(path) {
        const at = placeInRun(dir, path);
        attempt("remove", "write", at, () => {
          if (at === path && isAround(at, dir)) throw aroundRun(at);
        });
        if (!swallowing) whole.remove(at, nameInRun(dir, at), by);
      },
    });
  }

  function retry(): GrowingWriter[] {
    whole.retry();
    const all = [...open.values(), ...left.values()];
    for (const writer of all) writer.retry();
    for (const [name, writer] of left) {
      if (writer.problem === undefined) {
        writer.end();
        left.delete(name);
      }
    }
    return all.filter(({ problem }) => problem !== undefined);
  }

  return {
    ...filesOf(),
    of: filesOf,
    watch: (watching) => void (faults = watching),
    finish() {
      const growing = retry().map((writer) => {
        writer.end();
        const missing = writer.waiting?.length ?? 0;
        return `${
          messageOf(writer.problem)
        }: ${missing} bytes are missing in it`;
      });
      return [...growing, ...whole.problems()];
    },
    saving(path) {
      if (swallowing) return false;
      try {
        history.saving(nameInRun(dir, path));
      } catch (error) {
        throw fileError(`Cannot save to "${path}"`, "write", path, error);
      }
      return true;
    },
    saved(path) {
      if (!swallowing) history.saved(nameInRun(dir, path));
    },
    mark(id) {
      retry();
      const marks = history.mark(id, (name) => {
        return (open.get(name) ?? left.get(name))?.waiting;
      });
      return { ...marks, waits: whole.waits() };
    },
    forget: history.forget,
    putBack(marks) {
      swallowing = true;
      for (const writer of open.values()) writer.end();
      // Files that a caller brought may have had none.
      if (!marks) return [];
      const { waits = [], ...files } = marks as Marks;
      whole.goOn(waits);
      return history.putBack(files);
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

/** The text of a file, and of what is still to be added to it. */
function readText(path: string, rest?: Uint8Array): string | undefined {
  if (!rest) return textOf(path);
  const held = existsSync(path) ? Deno.readFileSync(path) : new Uint8Array();
  return new TextDecoder().decode(joined([held, rest]));
}

function textOf(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
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
