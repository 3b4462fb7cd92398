/**
 * Whether an option names a file of the run.
 *
 * @module
 */
import { OptionError, pathProblem } from "../core/plugin.ts";
import { shown } from "./_shown.ts";

/**
 * Reject a path that is none for a file of a run.
 *
 * @param plugin Name of the plugin.
 * @param option Name of the option.
 * @param path Its value.
 * @throws {OptionError} If it leads out of the run's folder, or names nothing in it.
 */
export function checkPath(plugin: string, option: string, path: string): void {
  const problem = pathProblem(path);
  if (problem === undefined) return;
  throw new OptionError(
    `Cannot create ${plugin} as '${option}' ${problem}: current value is ${
      typeof path === "string" ? JSON.stringify(path) : shown(path)
    }`,
  );
}
