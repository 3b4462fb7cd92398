/**
 * Second names of what a file holds, so that it outlives its first.
 *
 * @module
 */
import { denoDisk, type Disk } from "./disk.ts";
import { partOf, removeQuietly } from "./files.ts";

/**
 * Give the content of a file a second name; where a file system refuses links,
 * a copy. A file that is not there has none, and a name that is there already
 * stays.
 *
 * @param path The file.
 * @param name The second name; its folder must exist.
 * @throws Whatever Deno throws.
 */
export function keepSync(path: string, name: string, disk: Disk = denoDisk) {
  try {
    disk.linkSync(path, name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    if (error instanceof Deno.errors.AlreadyExists) return;
    copyOverSync(path, name, disk);
  }
}

/**
 * Let a path have the content that another has, whole or not at all.
 *
 * @param content The file that has it.
 * @param path What is to have it; its folder must exist.
 * @throws Whatever Deno throws.
 */
export function linkOverSync(
  content: string,
  path: string,
  disk: Disk = denoDisk,
): void {
  const part = partOf(path);
  try {
    disk.linkSync(content, part);
  } catch {
    return copyOverSync(content, path, disk);
  }
  try {
    disk.renameSync(part, path);
  } finally {
    // Of two names of one file, the system leaves both.
    removeQuietly(part, disk);
  }
}

function copyOverSync(from: string, to: string, disk: Disk): void {
  const part = partOf(to);
  try {
    disk.copyFileSync(from, part);
    disk.renameSync(part, to);
  } catch (error) {
    removeQuietly(part, disk);
    throw error;
  }
}
