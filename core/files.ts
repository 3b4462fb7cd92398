/**
 * Files, written whole or not at all: to a temporary file beside the target
 * first, flushed to disk, then renamed. Every write in the project goes through
 * here.
 *
 * @module
 */
import { InputError } from "./errors.ts";

/** What goes into a file: text, or bytes. */
export type Content = string | Uint8Array;

/** A path and what is to be written there. */
export type FileEntry = readonly [path: string, content: Content];

/**
 * Write files in one folder. All are written beside their targets and flushed
 * before the first is renamed, and they are renamed in order: the last one
 * never exists without the others.
 *
 * @param files The files; their folder must exist.
 * @throws Whatever Deno throws; nothing half-written is left behind.
 */
export async function writeWhole(files: readonly FileEntry[]): Promise<void> {
  const parts = files.map(([path]) => partOf(path));
  try {
    for (const [i, [, content]] of files.entries()) {
      await flush(parts[i]!, bytesOf(content));
    }
    for (const [i, [path]] of files.entries()) {
      await Deno.rename(parts[i]!, path);
    }
  } catch (error) {
    for (const part of parts) await Deno.remove(part).catch(() => {});
    throw error;
  }
  for (const folder of new Set(files.map(([path]) => folderOf(path)))) {
    flushFolder(folder);
  }
}

/**
 * The same for one file, synchronously.
 *
 * @param path The file; its folder must exist.
 * @param content What goes into it.
 * @throws Whatever Deno throws; nothing half-written is left behind.
 */
export function writeWholeSync(path: string, content: Content): void {
  const part = partOf(path);
  try {
    flushSync(part, bytesOf(content));
    Deno.renameSync(part, path);
  } catch (error) {
    removeQuietly(part);
    throw error;
  }
  flushFolder(folderOf(path));
}

/** Write all the bytes, however many the system takes at a time. */
export function writeAllSync(
  file: { writeSync(bytes: Uint8Array): number },
  bytes: Uint8Array,
): void {
  for (let done = 0; done < bytes.length;) {
    done += file.writeSync(bytes.subarray(done));
  }
}

/** Whether something exists at a path, a broken link included. */
export function existsSync(path: string): boolean {
  if (path === "") return false; // No path at all, to Deno.
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}

/** Whether a path is a folder. */
export function isFolderSync(path: string): boolean {
  if (path === "") return false; // No path at all, to Deno.
  try {
    return Deno.statSync(path).isDirectory;
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}

/** Whether writing to a path is permitted. */
export function isWritable(path: string): boolean {
  const { state } = Deno.permissions.querySync({ name: "write", path });
  return state === "granted";
}

/**
 * Create the folder of a file, parents included.
 *
 * @param path Path of the file.
 */
export function makeFolderOf(path: string): void {
  const folder = folderOf(path);
  if (folder !== ".") Deno.mkdirSync(folder, { recursive: true });
}

/**
 * Remove a file, or a folder with everything in it; a missing one is not an
 * error.
 */
export function removeSync(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!isAbsence(error)) throw error;
  }
}

/**
 * A path inside a folder, unless it is absolute.
 *
 * @param dir The folder; `"."` is left out.
 */
export function pathIn(dir: string, path: string): string {
  return dir === "." || /^([a-z]:)?[\\/]/i.test(path) ? path : `${dir}/${path}`;
}

/**
 * A file error as what it most likely is, the user's mistake: what, why, and
 * what to do.
 *
 * @param what What failed, such as `Cannot save to "best"`.
 * @param access Which permission it needs.
 * @param error What Deno threw.
 */
export function fileError(
  what: string,
  access: "read" | "write",
  path: string,
  error: unknown,
): InputError {
  return new InputError(`${what}: ${reasonOf(error, access, path)}`, {
    cause: error,
  });
}

/** By the name of the error's class, so that this file also loads outside Deno. */
const REASONS: Readonly<Record<string, string>> = {
  PermissionDenied: "the system denies it",
  NotFound: "there is no such file or folder",
  AlreadyExists: "a file is in the place of a folder",
  NotADirectory: "a file is in the place of a folder",
  IsADirectory: "a folder is in the place of a file",
  FilesystemLoop: "its links lead in a circle",
};

function reasonOf(
  error: unknown,
  access: "read" | "write",
  path: string,
): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === "NotCapable"
    ? `${access} permission is missing; run with --allow-${access}=${path}`
    : REASONS[error.name] ?? systemReason(error.message);
}

/** Without the number of the error, and the call with its path, which stands in the message already. */
function systemReason(message: string): string {
  return message.replace(/( \(os error \d+\))?: \w+ '.*'$/s, "");
}

/** The folder a path is in; `"."` if it names none. */
export function folderOf(path: string): string {
  const cut = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return cut < 0 ? "." : path.slice(0, cut) || "/";
}

/** A path below a file is absent too, and one that is too long or leads in a circle, which systems report as errors of their own. */
function isAbsence(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.NotADirectory ||
    error instanceof Deno.errors.FilesystemLoop ||
    (error as { code?: string }).code === "ENAMETOOLONG";
}

function partOf(path: string): string {
  return `${path}.${crypto.randomUUID().slice(0, 8)}.part`;
}

function bytesOf(content: Content): Uint8Array {
  return typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
}

async function flush(path: string, bytes: Uint8Array): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true });
  for (let done = 0; done < bytes.length;) {
    done += await file.write(bytes.subarray(done));
  }
  await file.sync();
}

function flushSync(path: string, bytes: Uint8Array): void {
  using file = Deno.openSync(path, { write: true, createNew: true });
  writeAllSync(file, bytes);
  file.syncSync();
}

/** So that the new name reaches the disk too; not every system lets a folder be opened. */
function flushFolder(path: string): void {
  try {
    using folder = Deno.openSync(path, { read: true });
    folder.syncSync();
  } catch {
    // The files are whole anyway.
  }
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // The error to report is why it could not be written.
  }
}
