/**
 * Paths of a run.
 *
 * @module
 */

/**
 * A path that begins in the run's folder unless it is absolute.
 *
 * @param dir The run's folder.
 * @param path The path given.
 */
export function inDir(dir: string, path: string): string {
  return dir === "." || /^([a-z]:)?[\\/]/i.test(path) ? path : `${dir}/${path}`;
}
