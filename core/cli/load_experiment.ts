/**
 * From a file to an experiment, or one clear message.
 *
 * @module
 */
import { loadMessage } from "../discover.ts";
import { InputError } from "../errors.ts";
import type { Experiment, HandExperiment } from "./experiment.ts";

/** An experiment and its name. */
export interface LoadedExperiment {
  /** Begin of the run folder's name. */
  readonly name: string;
  /** What the file gives. */
  readonly experiment: Experiment | HandExperiment;
}

const EXPECTED =
  "expected an object with model and data, or a function that runs a loop of its own (see core/cli/experiment.ts)";

/**
 * Load an experiment.
 *
 * @param file Path of the module; undefined for the embedded one.
 * @throws {InputError} If it can not be loaded or is none.
 */
export async function loadExperiment(
  file: string | undefined,
): Promise<LoadedExperiment> {
  if (file === undefined) {
    const { default: experiment } = await import("./digits.ts");
    return { name: experiment.name!, experiment };
  }
  const stem = file.slice(file.lastIndexOf("/") + 1).replace(/\.\w+$/, "");
  const experiment = await load(file);
  if (typeof experiment === "function") {
    return { name: stem, experiment: experiment as HandExperiment };
  }
  const checked = check(experiment, file);
  return { name: checked.name ?? stem, experiment: checked };
}

async function load(file: string): Promise<unknown> {
  let path: string;
  try {
    path = await Deno.realPath(file);
  } catch (error) {
    throw new InputError(
      `Cannot find the experiment ${file}: there is no such file`,
      { cause: error },
    );
  }
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

function check(given: unknown, file: string): Experiment {
  const refuse = (what: string) =>
    new InputError(`Cannot run the experiment ${file}: ${what}; ${EXPECTED}`);
  if (typeof given !== "object" || given === null) {
    throw refuse(
      `its default export is ${given === null ? "null" : `a ${typeof given}`}`,
    );
  }
  const { model, data } = given as Partial<Experiment>;
  if (typeof model !== "function") throw refuse("its 'model' is no function");
  if (typeof data !== "function" && typeof data !== "string") {
    throw refuse("its 'data' is neither a name nor a function");
  }
  return given as Experiment;
}
