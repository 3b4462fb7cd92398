/**
 * From a file to an experiment, or one clear message.
 *
 * @module
 */
import { loadMessage } from "../../contract/discovery_host.ts";
import { InputError } from "../../errors.ts";
import { fileError } from "../../files.ts";
import { checkExperiment, EXPECTED } from "./check.ts";
import type { Experiment, HandExperiment } from "./experiment.ts";

/** The experiment of a project, which runs where no other is named. */
export const OWN_EXPERIMENT = "experiment.ts";

/** An experiment and its name. */
export interface LoadedExperiment {
  /** Prefix of the run folder's name. */
  readonly name: string;
  /** What the file exports. */
  readonly experiment: Experiment | HandExperiment;
}

/**
 * Load an experiment.
 *
 * @param file Path of the module; undefined for the embedded one.
 * @throws {InputError} If it cannot be loaded or is not an experiment.
 */
export async function loadExperiment(
  file: string | undefined,
): Promise<LoadedExperiment> {
  if (file === undefined) {
    const { default: experiment } = await import("./default.ts");
    return { name: experiment.name!, experiment };
  }
  const stem = file.slice(file.lastIndexOf("/") + 1).replace(/\.\w+$/, "");
  const experiment = await load(file);
  if (typeof experiment === "function") {
    return { name: stem, experiment: experiment as HandExperiment };
  }
  const checked = checkExperiment(experiment, file);
  return { name: checked.name ?? stem, experiment: checked };
}

async function load(file: string): Promise<unknown> {
  const path = await pathOf(file);
  let module: { default?: unknown };
  try {
    module = await import(
      `file://${path.split("/").map(encodeURIComponent).join("/")}`
    );
  } catch (error) {
    throw new InputError(
      `Cannot load the experiment ${file}: ${loadMessage(error)}`,
      { cause: error },
    );
  }
  if (module.default !== undefined) return module.default;
  throw new InputError(
    `Cannot run the experiment ${file}: it has no default export; ${EXPECTED}`,
  );
}

async function pathOf(file: string): Promise<string> {
  try {
    const path = await Deno.realPath(file);
    if ((await Deno.stat(path)).isFile) return path;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) {
      throw fileError(`Cannot read ${file}`, "read", file, error);
    }
    throw new InputError(
      `Cannot find the experiment ${file}: there is no such file`,
      { cause: error },
    );
  }
  throw new InputError(
    `Cannot load the experiment ${file}: it is a folder; give a file in it`,
  );
}
