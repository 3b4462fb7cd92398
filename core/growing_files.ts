/**
 * Files that grow: opened, added to and cut.
 *
 * @module
 */
import {
  denoDisk,
  type Disk,
  type DiskFile,
  type OpenOptions,
} from "./disk.ts";
import {
  type Content,
  contentBytes,
  makeFolderOf,
  partOf,
  removeQuietly,
  writeAllSync,
} from "./files.ts";

/**
 * Open a file to append to, which is created if needed, and so that it can be
 * read where that is permitted; `anew` empties it.
 */
export function openToAppendSync(
  path: string,
  anew: boolean,
  disk: Disk = denoDisk,
): DiskFile {
  const options = { create: true, write: true };
  if (anew) disk.openSync(path, { ...options, truncate: true }).close();
  return readable(disk, path, { create: true, append: true });
}

function readable(disk: Disk, path: string, options: OpenOptions): DiskFile {
  try {
    return disk.openSync(path, { ...options, read: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    return disk.openSync(path, options);
  }
}

/** Add to a file, flushed to disk; its folder must exist. */
export function appendSync(
  path: string,
  content: Content,
  disk: Disk = denoDisk,
): void {
  using file = disk.openSync(path, { create: true, append: true });
  writeAllSync(file, contentBytes(content));
  file.syncSync();
}

/** Cut a file to a length. */
export function cutSync(
  path: string,
  length: number,
  disk: Disk = denoDisk,
): void {
  disk.truncateSync(path, length);
}

/**
 * A new, empty file in place of whatever file is there, open to append to: what
 * the other held stays with those that have it open, or another name for it.
 */
export function openNewSync(path: string, disk: Disk = denoDisk): DiskFile {
  const part = partOf(path);
  const file = readable(disk, part, { createNew: true, append: true });
  try {
    disk.renameSync(part, path);
    return file;
  } catch (error) {
    file.close();
    removeQuietly(part, disk);
    throw error;
  }
}

/** Have a file reach the disk, if that is possible. */
export async function syncFile(
  path: string,
  disk: Disk = denoDisk,
): Promise<void> {
  try {
    using file = await disk.open(path, { read: true });
    await file.sync();
  } catch {
    // Removed in the meantime; or the system will write it in its own time.
  }
}

/**
 * Put text into a file from a place on, and nothing behind it: no half line
 * stays where it cannot be written.
 *
 * @returns The length of the file then.
 */
export function putAtSync(
  path: string,
  place: number,
  text: string,
  disk: Disk = denoDisk,
): number {
  makeFolderOf(path, disk);
  using file = disk.openSync(path, { create: true, append: true });
  const { size } = file.statSync();
  const start = Math.min(place, size); // It may have been removed meanwhile.
  if (size > start) file.truncateSync(start);
  const bytes = contentBytes(text);
  addWholeSync(file, bytes, start);
  return start + bytes.length;
}

/**
 * Add all of the bytes to a file that is open to append to, or none.
 *
 * @param length How long it is.
 */
export function addWholeSync(
  file: DiskFile,
  bytes: Uint8Array,
  length: number,
): void {
  try {
    writeAllSync(file, bytes);
  } catch (error) {
    try {
      file.truncateSync(length);
    } catch {
      // What is too much is cut once that is possible.
    }
    throw error;
  }
}
