/**
 * The plugins folder of the command line: the one that is named, or `plugins`
 * where there is one.
 *
 * @module
 */
import { discover, type Discovery } from "../../contract/discover.ts";

/** The folder that is looked at when none is named. */
export const PLUGINS_FOLDER = "plugins";

/**
 * What the folder holds; nothing if none was named and none is there, for the
 * built-ins serve.
 *
 * @param named What `--plugins` says.
 * @throws {InputError} If the named folder cannot be read.
 */
export async function discoverFolder(
  named: string | undefined,
): Promise<Discovery> {
  if (named !== undefined) return await discover(named);
  return await isFolder(PLUGINS_FOLDER)
    ? await discover(PLUGINS_FOLDER)
    : { found: [], broken: [] };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
