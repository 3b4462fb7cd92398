/**
 * Files the user names, read or refused in one wording.
 *
 * @module
 */
import { InputError } from "../errors.ts";

/**
 * The bytes of a file.
 *
 * @param path The file.
 * @throws {InputError} If it cannot be read.
 */
export async function readFileBytes(
  path: string,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * Why a file cannot be read.
 *
 * @param path The file.
 * @param error What the system said.
 */
export function unreadable(path: string, error: unknown): InputError {
  const why = error instanceof Deno.errors.NotFound
    ? "there is no such file"
    : error instanceof Deno.errors.NotCapable
    ? `no permission; run with --allow-read=${path}`
    : error instanceof Deno.errors.IsADirectory
    ? "it is a folder"
    : (error as Error).message;
  return new InputError(`Cannot read ${path}: ${why}`, { cause: error });
}
