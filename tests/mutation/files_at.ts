/**
 * The TypeScript files at a path.
 *
 * @module
 */

/** The file at a path, or those below that folder, sorted; relative to `root`, which ends in a slash. */
export function filesAt(root: string, path: string): string[] {
  if (Deno.statSync(root + path).isFile) return [path];
  return [...Deno.readDirSync(root + path)].flatMap(({ name, isDirectory }) =>
    isDirectory || name.endsWith(".ts")
      ? filesAt(root, `${path.replace(/\/$/, "")}/${name}`)
      : []
  ).sort();
}
