/**
 * From a file to an experiment, or one clear message.
 *
 * @module
 */
import { isClass } from "../../contract/show.ts";
import { loadMessage } from "../../contract/discovery_host.ts";
import { loadModule } from "../../contract/load_module.ts";
import { InputError } from "../../errors.ts";
import { checkExperiment, EXPECTED, nameOfFile } from "./check.ts";
import type { Experiment, HandExperiment } from "./experiment.ts";

/** The experiment of a project, which runs where no other is named. */
export const OWN_EXPERIMENT = "experiment.ts";

/** The one that is embedded, which runs where there is none. */
export const EMBEDDED_FILE: URL = new URL("./default.ts", import.meta.url);

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
  const stem = nameOfFile(
    file.slice(file.lastIndexOf("/") + 1).replace(/\.\w+$/, ""),
  );
  const { main: experiment } = await load(file);
  if (typeof experiment === "function") {
    return { name: stem, experiment: experiment as HandExperiment };
  }
  const checked = checkExperiment(experiment, file);
  return { name: checked.name ?? stem, experiment: checked };
}

async function load(file: string): Promise<{ readonly main: unknown }> {
  const path = await realPath(file);
  let main: unknown;
  try {
    main = (await loadModule(path)).default;
  } catch (error) {
    throw new InputError(
      `Cannot load the experiment ${file}: ${loadMessage(error)}`,
      { cause: error },
    );
  }
  if (isClass(main)) {
    throw new InputError(
      `Cannot run the experiment ${file}: its default export is a class; ${EXPECTED}`,
    );
  }
  // In an object, since an experiment that looks like a promise would be awaited.
  if (main !== undefined) return { main };
  throw new InputError(
    `Cannot run the experiment ${file}: it has no default export; ${EXPECTED}`,
  );
}

/** Where the file really is, since its own imports begin there. */
async function realPath(file: string): Promise<string> {
  try {
    return await Deno.realPath(file);
  } catch (error) {
    // What else is wrong is told when it is read.
    if (!(error instanceof Deno.errors.NotFound)) return file;
    throw new InputError(
      `Cannot find the experiment ${file}: there is no such file`,
      { cause: error },
    );
  }
}
