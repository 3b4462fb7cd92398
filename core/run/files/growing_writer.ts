/**
 * A file that grows, whatever the disk does: what cannot be written waits, and
 * is written in order, once and whole, as soon as that is possible.
 *
 * @module
 */
import { joined } from "../../bytes.ts";
import type { Disk, DiskFile } from "../../disk.ts";
import {
  type Content,
  contentBytes,
  fileError,
  makeFolderOf,
  writeAllSync,
} from "../../files.ts";
import { openNewSync } from "../../growing_files.ts";
import { type FileFaults, ROOM } from "./file_faults.ts";

/** A file that grows. */
export interface GrowingWriter {
  /** Open it. */
  open(): void;
  /** Add text, or bytes, which are copied should they have to wait. */
  write(content: Content): void;
  /** Try again what could not be done, and see to it that the file is still there. */
  retry(): void;
  /** Close the file, unless something waits. */
  close(): void;
  /** Close the file, whatever waits. */
  end(): void;
  /** What waits; undefined if nothing does. */
  readonly waiting: Uint8Array | undefined;
  /** Why; undefined if nothing does. */
  readonly problem: unknown;
}

/** What a writer is made for. */
export interface Growing {
  /** Where the file is. */
  readonly path: string;
  /** The plugin whose it is. */
  readonly by: string | undefined;
  /** Opens it. */
  open(): DiskFile;
  /** It has grown by so many bytes. */
  grew(bytes: number): void;
}

/**
 * A writer to a file that is not open yet.
 *
 * @param faults Who is told, as of now.
 */
export function growingWriter(
  { path, by, open, grew }: Growing,
  faults: () => FileFaults,
  disk: Disk,
): GrowingWriter {
  let file: DiskFile | undefined;
  let length = 0;
  let isFile = false;
  /** When it was last seen that it is still there. */
  let seen = 0;
  /** Whether there may be more in the file than belongs to it. */
  let torn = false;
  let waiting: Uint8Array[] = [];
  let size = 0;
  let lost = 0;
  let problem: unknown;

  function opened(): DiskFile {
    if (file && performance.now() - seen < GLANCE) return file;
    file ??= open();
    const info = file.statSync();
    if (info.isFile && info.nlink === 0) file = revived(file, path, disk);
    seen = performance.now();
    // Of a file that something may be too much in, what belongs to it is known.
    if (!torn) length = info.size;
    isFile = info.isFile;
    return file;
  }

  function put(bytes: Uint8Array): void {
    const to = opened();
    if (torn) to.truncateSync(length);
    torn = isFile;
    writeAllSync(to, bytes);
    torn = false;
    length += bytes.length;
    grew(bytes.length);
  }

  /** So that nobody else finds half of it. */
  function cut(): void {
    try {
      if (torn) file?.truncateSync(length);
      torn = false;
    } catch {
      // It is tried again before the next write.
    }
  }

  /** Do what is to be done, as far as that is possible. */
  function attempt(): void {
    try {
      opened();
      while (waiting.length) {
        put(waiting[0]!);
        size -= waiting.shift()!.length;
      }
    } catch (error) {
      cut();
      problem = fileError(`Cannot write ${path}`, "write", path, error);
      return faults().failed(path, problem, by, true);
    }
    if (problem === undefined) return;
    problem = undefined;
    faults().mended(path, lost);
    lost = 0;
  }

  function retry(): void {
    seen = -Infinity;
    if (file || problem !== undefined) attempt();
  }

  function end(): void {
    file?.close();
    file = undefined;
  }

  return {
    open: attempt,
    write(content) {
      const bytes = contentBytes(content);
      if (size + bytes.length > ROOM) {
        if (lost === 0) faults().full(path);
        lost += bytes.length;
        return attempt();
      }
      waiting.push(bytes);
      size += bytes.length;
      try {
        attempt();
      } catch (error) {
        // Who is told of the failure does not find it written later.
        waiting = [];
        size = 0;
        throw error;
      }
      if (waiting.length && bytes === content) {
        waiting.push(waiting.pop()!.slice());
      }
    },
    retry,
    close() {
      try {
        retry();
      } catch (error) {
        end();
        throw error;
      }
      if (problem === undefined) end();
    },
    end,
    get waiting() {
      return waiting.length ? joined(waiting) : undefined;
    },
    get problem() {
      return problem;
    },
  };
}

/** Milliseconds after which it is looked whether a file is still there: what was written meanwhile comes back with it. */
const GLANCE = 1000;

/** A file that was removed while it was open, with what it held, which the system still knows. */
function revived(file: DiskFile, path: string, disk: Disk): DiskFile {
  const bytes = new Uint8Array(file.statSync().size);
  file.seekSync(0, Deno.SeekMode.Start);
  for (let done = 0; done < bytes.length;) {
    done += file.readSync(bytes.subarray(done)) ?? bytes.length;
  }
  makeFolderOf(path, disk);
  const again = openNewSync(path, disk);
  try {
    writeAllSync(again, bytes);
  } catch (error) {
    again.close();
    disk.removeSync(path);
    throw error;
  }
  file.close();
  return again;
}
