/**
 * New files in a user's folders: all of them or none, folders included.
 *
 * @module
 */
import { denoDisk } from "../../disk.ts";
import {
  type FileEntry,
  fileError,
  folderOf,
  isFolderSync,
  writeWhole,
} from "../../files.ts";

/** A file to write. */
export interface NewFile {
  /** Its path; one that ends in a slash is a folder. */
  readonly path: string;
  /** Its text. */
  readonly text: string;
}

/**
 * Write files where there are none, and the folders that they need.
 *
 * @param files The files.
 * @param last A file that is replaced once the others are there. Default none.
 * @throws {InputError} If it cannot be done; then nothing is left behind.
 */
export async function writeNew(
  files: readonly NewFile[],
  last?: NewFile,
): Promise<void> {
  const all = last ? [...files, last] : files;
  const made: string[] = [];
  let folder = ".";
  try {
    for (const { path } of all) {
      folder = folderOf(path);
      makeFolder(folder, made);
    }
    await writeWhole(
      all.filter(({ path }) => !path.endsWith("/"))
        .map(({ path, text }): FileEntry => [path, text]),
    );
  } catch (error) {
    for (const { path } of files) removeQuietly(path);
    for (const path of made.reverse()) removeQuietly(path);
    throw fileError(`Cannot write into ${folder}`, "write", folder, error);
  }
}

/** Make a folder, its parents first, and note down which are new. */
function makeFolder(path: string, made: string[]): void {
  if (isFolderSync(path)) return;
  makeFolder(folderOf(path), made);
  denoDisk.mkdirSync(path);
  made.push(path);
}

function removeQuietly(path: string): void {
  try {
    denoDisk.removeSync(path);
  } catch {
    // It was not there yet.
  }
}
