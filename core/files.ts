/**
 * Files, written whole or not at all: to a temporary file beside the target
 * first, flushed to disk, then renamed. Every write in the project goes through
 * here, and from here to `core/disk.ts`.
 *
 * @module
 */
import { denoDisk, type Disk } from "./disk.ts";
import { FileError, InputError, messageOf } from "./errors.ts";

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
export async function writeWhole(
  files: readonly FileEntry[],
  disk: Disk = denoDisk,
): Promise<void> {
  const parts = files.map(([path]) => partOf(path));
  try {
    for (const [i, [, content]] of files.entries()) {
      await flush(parts[i]!, contentBytes(content), disk);
    }
    for (const [i, [path]] of files.entries()) {
      disk.renameSync(parts[i]!, path);
    }
  } catch (error) {
    for (const part of parts) removeQuietly(part, disk);
    throw error;
  }
  for (const folder of new Set(files.map(([path]) => folderOf(path)))) {
    await flushFolder(folder);
  }
}

/**
 * The same for one file, synchronously.
 *
 * @param path The file; its folder must exist.
 * @param content What goes into it.
 * @param part The temporary file. Default: a new one beside it.
 * @throws Whatever Deno throws; nothing half-written is left behind.
 */
export function writeWholeSync(
  path: string,
  content: Content,
  part: string = partOf(path),
  disk: Disk = denoDisk,
): void {
  try {
    flushSync(part, contentBytes(content), disk);
    disk.renameSync(part, path);
  } catch (error) {
    removeQuietly(part, disk);
    throw error;
  }
  flushFolderSync(folderOf(path));
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

/**
 * Whether something exists at a path, a broken link included.
 *
 * @throws {InputError} If that cannot be found out.
 */
export function existsSync(path: string): boolean {
  return lookAt(path, Deno.lstatSync) !== undefined;
}

/**
 * Whether a path is a folder.
 *
 * @throws {InputError} If that cannot be found out.
 */
export function isFolderSync(path: string): boolean {
  return lookAt(path, Deno.statSync)?.isDirectory ?? false;
}

function lookAt(
  path: string,
  stat: (path: string) => Deno.FileInfo,
): Deno.FileInfo | undefined {
  if (path === "") return undefined; // No path at all, to Deno.
  try {
    return stat(path);
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw fileError(`Cannot look at ${path}`, "read", path, error);
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
export function makeFolderOf(path: string, disk: Disk = denoDisk): void {
  const folder = folderOf(path);
  // What is there already needs no permission.
  if (!isFolderSync(folder)) disk.mkdirSync(folder, { recursive: true });
}

/**
 * Remove a file, or a folder with everything in it; a missing one is not an
 * error.
 */
export function removeSync(path: string, disk: Disk = denoDisk): void {
  try {
    disk.removeSync(path, { recursive: true });
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
 * A file error as what it is: the user's mistake, with what to do, if the file
 * is in the wrong place or a permission is missing; else the system's.
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
): InputError | FileError {
  const mistake = mistakeOf(error, access, path);
  return mistake === undefined
    ? new FileError(`${what}: ${systemReason(error)}`, { cause: error })
    : new InputError(`${what}: ${mistake}`, { cause: error });
}

/** By the name of the error's class, so that this file also loads outside Deno; or by the system's code. */
const MISTAKES: Readonly<Record<string, string>> = {
  PermissionDenied: "the system denies it",
  NotFound: "there is no such file or folder",
  AlreadyExists: "a file is in the place of a folder",
  NotADirectory: "a file is in the place of a folder",
  IsADirectory: "a folder is in the place of a file",
  FilesystemLoop: "its links lead in a circle",
  ENAMETOOLONG: "the name is too long",
};

/** Why a file could not be read or written, to stand behind what was tried. */
export function fileReason(
  error: unknown,
  access: "read" | "write",
  path: string,
): string {
  return mistakeOf(error, access, path) ?? systemReason(error);
}

function mistakeOf(
  error: unknown,
  access: "read" | "write",
  path: string,
): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === "NotCapable") {
    // To write, one may have to look at what is there.
    const [, needed = access] = /^Requires (read|write) access/.exec(
      error.message,
    ) ?? [];
    return `${needed} permission is missing; run with --allow-${needed}=${path}`;
  }
  return MISTAKES[error.name] ??
    MISTAKES[(error as { code?: unknown }).code as string];
}

/** Without the number of the error, and the call with its path, which stands in the message already. */
function systemReason(error: unknown): string {
  return messageOf(error)
    .replace(/: \w+ '.*'$/s, "")
    .replace(/ \(os error \d+\)$/, "");
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

/** A temporary file beside a file. */
export function partOf(path: string): string {
  return `${path}.${crypto.randomUUID().slice(0, 8)}.part`;
}

/** The file beside which a temporary one was written; undefined if it is none. */
export function targetOfPart(part: string): string | undefined {
  return /^(.+)\.[0-9a-f]{8}\.part$/.exec(part)?.[1];
}

/** What goes into a file, as bytes. */
export function contentBytes(content: Content): Uint8Array {
  return typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
}

async function flush(
  path: string,
  bytes: Uint8Array,
  disk: Disk,
): Promise<void> {
  using file = await disk.open(path, { write: true, createNew: true });
  for (let done = 0; done < bytes.length;) {
    done += await file.write(bytes.subarray(done));
  }
  await file.sync();
}

function flushSync(path: string, bytes: Uint8Array, disk: Disk): void {
  using file = disk.openSync(path, { write: true, createNew: true });
  writeAllSync(file, bytes);
  file.syncSync();
}

/** So that the new name reaches the disk too; not every system lets a folder be opened. */
async function flushFolder(path: string): Promise<void> {
  try {
    using folder = await Deno.open(path, { read: true });
    await folder.sync();
  } catch {
    // The files are whole anyway.
  }
}

function flushFolderSync(path: string): void {
  try {
    using folder = Deno.openSync(path, { read: true });
    folder.syncSync();
  } catch {
    // The files are whole anyway.
  }
}

/** Remove a file, or a folder that is empty, if that is possible. */
export function removeQuietly(path: string, disk: Disk = denoDisk): void {
  try {
    disk.removeSync(path);
  } catch {
    // The error to report is another one, or none.
  }
}
