/**
 * Files that grow: opened, added to and cut.
 *
 * @module
 */
import { denoDisk, type Disk, type DiskFile } from "./disk.ts";
import { contentBytes, partOf, removeQuietly, writeAllSync } from "./files.ts";

/** Open a file to append to, which is created if needed; `anew` empties it. */
export function openToAppendSync(
  path: string,
  anew: boolean,
  disk: Disk = denoDisk,
): DiskFile {
  const options = { create: true, write: true };
  if (anew) disk.openSync(path, { ...options, truncate: true }).close();
  return disk.openSync(path, { ...options, append: true });
}

/** Add text to a file, flushed to disk; its folder must exist. */
export function appendSync(
  path: string,
  text: string,
  disk: Disk = denoDisk,
): void {
  using file = disk.openSync(path, { create: true, append: true });
  writeAllSync(file, contentBytes(text));
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
  const file = disk.openSync(part, { createNew: true, append: true });
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
