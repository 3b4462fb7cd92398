/**
 * From arguments to what a run of an experiment needs: the experiment, the
 * backend, the plugins.
 *
 * @module
 */
import { existsSync } from "../../files.ts";
import { silent, terminal } from "../../terminal.ts";
import { type BackendName, useBackend } from "../../tf/backend.ts";
import type { Given } from "../flags.ts";
import { freeFolder } from "../report/run_folder.ts";
import { versions } from "../report/versions.ts";
import { catalogue, choosePlugins } from "./choose_plugins.ts";
import type { Context } from "./context.ts";
import { defaultPlugins } from "./default_plugins.ts";
import type {
  Experiment,
  ExperimentOptions,
  HandExperiment,
} from "./experiment.ts";
import { loadExperiment, OWN_EXPERIMENT } from "./load.ts";

const DEFAULT_SEED = 42;

/** An experiment that is ready to run. */
export interface Prepared {
  /** The experiment. */
  readonly experiment: Experiment | HandExperiment;
  /** Which backend, and why: a line to print. */
  readonly why: string;
  /** What it is given. */
  readonly context: Context;
}

/**
 * Load the experiment, start the backend and make the plugins.
 *
 * @param file The experiment's file; undefined for the project's own, or else the embedded one.
 * @param options Options that override the experiment's.
 * @throws {InputError} If any of them is not available.
 */
export async function prepare(
  file: string | undefined,
  flags: Given["flags"],
  options: ExperimentOptions = {},
): Promise<Prepared> {
  const own = file ?? (existsSync(OWN_EXPERIMENT) ? OWN_EXPERIMENT : undefined);
  const { name, experiment } = await loadExperiment(own);
  const { backend, why } = await useBackend(
    (flags.backend ?? "auto") as BackendName,
    { threads: flags.threads as number | undefined },
  );
  const without = (flags.without as string[] | undefined ?? [])
    .flatMap((names) => names.split(",")).filter(Boolean);
  const found = await catalogue(flags.plugins as string | undefined, without);
  const plugins = await choosePlugins(found, {
    named: typeof experiment === "function" ? [] : experiment.use,
    use: flags.use as string[] | undefined,
    without,
    // On a GPU, reading the logs of each batch would make it wait for the next.
    defaults: defaultPlugins(flags.quiet === true, backend !== "webgpu"),
  });
  const seed = flags.seed as number | undefined ?? DEFAULT_SEED;
  const printer = flags.quiet ? silent() : terminal();
  return {
    experiment,
    why,
    context: {
      seed,
      options,
      data: flags.data as string | undefined,
      label: flags.label as string | undefined,
      separator: readSeparator(flags.separator as string | undefined),
      header: flags["no-header"] ? false : undefined,
      from: flags.from as string | undefined,
      dir: flags["run-dir"] as string | undefined ??
        freeFolder(name, new Date()),
      plugins,
      printer,
      about: {
        experiment: own ?? name,
        flags,
        seed,
        backend,
        versions: versions(),
        began: new Date().toISOString(),
      },
    },
  };
}

/** A tab is hard to type. */
function readSeparator(given: string | undefined): string | undefined {
  return given === "tab" || given === "\\t" ? "\t" : given;
}
