/**
 * Reading and writing the files of a checkpoint, whole or not at all.
 *
 * @module
 */
import { InputError } from "../../errors.ts";

/** A file's name in its folder and what is in it. */
export type FileEntry = readonly [name: string, content: Uint8Array | string];

/**
 * Write files into the folder `dir`, which is made if need be. All are written
 * under other names first and then renamed, in their order: the last one is
 * never there without the others.
 *
 * @param dir The folder.
 * @param files The files.
 * @throws {InputError} If the folder cannot be written.
 */
export async function writeFiles(
  dir: string,
  files: readonly FileEntry[],
): Promise<void> {
  const suffix = `.${crypto.randomUUID().slice(0, 8)}.tmp`;
  const pathOf = (name: string) => `${dir}/${name}`;
  try {
    await Deno.mkdir(dir, { recursive: true });
    try {
      for (const [name, content] of files) {
        const bytes = typeof content === "string"
          ? new TextEncoder().encode(content)
          : content;
        await Deno.writeFile(pathOf(name) + suffix, bytes);
      }
      for (const [name] of files) {
        await Deno.rename(pathOf(name) + suffix, pathOf(name));
      }
    } catch (error) {
      for (const [name] of files) {
        await Deno.remove(pathOf(name) + suffix).catch(() => {});
      }
      throw error;
    }
  } catch (error) {
    throw await explainWrite(error, dir);
  }
}

async function explainWrite(error: unknown, dir: string): Promise<unknown> {
  const refuse = (why: string) =>
    new InputError(`Cannot save to "${dir}": ${why}`, { cause: error });
  if (error instanceof Deno.errors.NotCapable) {
    return refuse(`write permission is missing; run with --allow-write=${dir}`);
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return refuse("the file system does not allow writing there");
  }
  const info = await Deno.stat(dir).catch(() => undefined);
  if (info && !info.isDirectory) {
    return refuse("it is a file; give the path of a folder");
  }
  return error instanceof Error ? refuse(error.message) : error;
}

/**
 * Read one file of a checkpoint.
 *
 * @param dir The folder.
 * @param name The file's name.
 * @throws {InputError} If it is not there or cannot be read.
 */
export async function readBytes(
  dir: string,
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(`${dir}/${name}`);
  } catch (error) {
    throw explainRead(error, dir, name);
  }
}

function explainRead(error: unknown, dir: string, name: string): unknown {
  const refuse = (why: string) =>
    new InputError(`Cannot load from "${dir}": ${why}`, { cause: error });
  if (error instanceof Deno.errors.NotCapable) {
    return refuse(`read permission is missing; run with --allow-read=${dir}`);
  }
  if (error instanceof Deno.errors.NotFound) {
    return refuse(`there is no file "${name}"`);
  }
  return error instanceof Error ? refuse(error.message) : error;
}
