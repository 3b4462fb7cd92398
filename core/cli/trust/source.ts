/**
 * The text of a file that is about to be loaded.
 *
 * @module
 */

/**
 * The text; nothing where it cannot be read, or is no file but a pipe or a
 * folder: what is wrong with it is said when it is loaded.
 */
export function sourceOf(path: string): string {
  try {
    return Deno.statSync(path).isFile ? Deno.readTextFileSync(path) : "";
  } catch {
    return "";
  }
}
