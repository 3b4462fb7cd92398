/**
 * The run that somebody means.
 *
 * @module
 */
import { suggestion } from "../../did_you_mean.ts";
import { InputError } from "../../errors.ts";
import { asHere } from "../invocation.ts";
import { type PastRun, readRun, runsIn } from "./past_run.ts";
import { RECORD_FILE } from "./run_folder.ts";

/**
 * The run in a folder, or of a name in the folder of all runs.
 *
 * @param verb What is to be done with it, for messages.
 * @param name Its folder, or its name in the folder of all runs.
 * @param parent The folder of all runs. Default `"runs"`.
 * @throws {InputError} If there is none, or its record cannot be read.
 */
export function findRun(
  verb: string,
  name: string,
  parent = "runs",
): PastRun {
  const dirs = [name.replace(/(?<=.)\/+$/, ""), `${parent}/${name}`];
  for (const dir of dirs) {
    const run = readRun(dir);
    if (run) return run;
    if (run === null) {
      throw new InputError(
        `Cannot ${verb} ${name}: ${dir}/${RECORD_FILE} is not the record of a run`,
      );
    }
  }
  const names = runsIn(parent).runs.map(({ dir }) =>
    dir.slice(parent.length + 1)
  );
  throw new InputError(
    `Cannot ${verb} ${name}: there is no such run${
      suggestion(name, names) || asHere("; deno task runs lists them")
    }`,
  );
}
