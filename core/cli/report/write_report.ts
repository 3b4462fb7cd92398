/**
 * Writing a page: whole or not at all, and never over a file of somebody else.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import {
  existsSync,
  fileError,
  isFolderSync,
  makeFolderOf,
  removeQuietly,
  writeWholeSync,
} from "../../files.ts";
import { asHere } from "../invocation.ts";
import { isOurs } from "./page/frame.ts";
import { REPORT_FILE } from "./run_folder.ts";

/**
 * Write a page.
 *
 * @param path Where to.
 * @param text The page.
 * @param overwrite Whether it may replace a file that is none of our pages.
 * Default false.
 * @throws {InputError | FileError} If there is such a file, or it cannot be
 * written.
 */
export function writePage(path: string, text: string, overwrite = false): void {
  const what = `Cannot write ${path}`;
  if (isFolderSync(path)) {
    throw new InputError(`${what}: a folder is in the place of a file`);
  }
  try {
    if (!overwrite && existsSync(path) && !isPage(path)) {
      throw new InputError(
        `${what}: there is a file that is not a report of hookloop; move it away, or give ${
          asHere("deno task report")
        } another one with --out, or --overwrite`,
      );
    }
    makeFolderOf(path);
    writeWholeSync(path, text);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw fileError(what, "write", path, error);
  }
}

/** Remove the page that an earlier run left in a folder: it is not that of the next. */
export function removeReport(dir: string): void {
  const path = `${dir}/${REPORT_FILE}`;
  try {
    if (isPage(path)) removeQuietly(path);
  } catch {
    // There is none.
  }
}

/** In so many bytes it says that it is ours. */
const HEAD = 1024;

function isPage(path: string): boolean {
  using file = Deno.openSync(path, { read: true });
  const bytes = new Uint8Array(HEAD);
  const size = file.readSync(bytes) ?? 0;
  return isOurs(new TextDecoder().decode(bytes.subarray(0, size)));
}
