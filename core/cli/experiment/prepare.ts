/**
 * From arguments to what a run of an experiment needs: the experiment, the
 * backend, the plugins.
 *
 * @module
 */
import { fetchDataset } from "../../data/sets.ts";
import { existsSync } from "../../files.ts";
import { type Printer, silent, terminal } from "../../terminal.ts";
import { type BackendName, useBackend } from "../../tf/backend.ts";
import type { Given } from "../flags.ts";
import { fileHash } from "../report/fingerprint.ts";
import { importedFiles } from "../report/imported_files.ts";
import { host } from "../report/host.ts";
import { checkFree, folderName } from "../report/run_folder.ts";
import { withoutSecrets } from "../report/secrets.ts";
import { versions } from "../report/versions.ts";
import { closeImports } from "../trust/confine.ts";
import { runPlaces } from "../trust/run_places.ts";
import { withdraw } from "../trust/withdraw.ts";
import { catalogue, choosePlugins, PLUGINS_FOLDER } from "./choose_plugins.ts";
import type { Context } from "./context.ts";
import { DASHBOARD, defaultPlugins } from "./default_plugins.ts";
import type {
  Experiment,
  ExperimentOptions,
  HandExperiment,
} from "./experiment.ts";
import {
  EMBEDDED_FILE,
  type LoadedExperiment,
  loadExperiment,
  OWN_EXPERIMENT,
} from "./load.ts";

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
 * Load the experiment, start the backend and make the plugins. Whatever needs
 * the net or writes outside of the run's folder comes before the plugins: with
 * the first of them, that is over.
 *
 * @param given The experiment, or its file; undefined for the project's own, or
 * else the embedded one.
 * @param options Options that override the experiment's.
 * @param writes The only folders and files that are written to. Default: the
 * folder of the run.
 * @throws {InputError} If any of them is not available.
 */
export async function prepare(
  given: string | undefined | LoadedExperiment,
  flags: Given["flags"],
  options: ExperimentOptions = {},
  writes: readonly string[] | undefined = undefined,
): Promise<Prepared> {
  const own = typeof given === "object" ? undefined : given ?? ownFile();
  const { name, experiment } = typeof given === "object"
    ? given
    : await loadExperiment(own);
  const sha256 = typeof given === "object"
    ? undefined
    : fileHash(own ?? EMBEDDED_FILE);
  const named = flags["run-dir"] as string | undefined;
  const wish = {
    dir: named ?? folderName(name, new Date()),
    named: named !== undefined,
    overwrite: flags.overwrite === true,
  };
  checkFree(wish);
  const { backend, threads, why } = await useBackend(
    (flags.backend ?? "auto") as BackendName,
    { threads: flags.threads as number | undefined },
  );
  const printer = flags.quiet ? silent() : terminal();
  const use = flags.use as string[] | undefined ?? [];
  const without = (flags.without as string[] | undefined ?? [])
    .flatMap((names) => names.split(",")).filter(Boolean);
  const folder = flags.plugins as string | undefined;
  const isolate = flags.isolate as string[] | undefined;
  await fetchData(flags.data ?? dataOf(experiment), printer);
  await withdraw({
    experiment,
    file: own,
    writes: writes ?? runPlaces(wish),
    plugins: folder ?? PLUGINS_FOLDER,
    use: flags.dashboard ? [...use, DASHBOARD] : use,
  });
  const found = await catalogue(folder, without, isolate);
  const plugins = await choosePlugins(found, {
    named: typeof experiment === "function" ? [] : experiment.use,
    use,
    without,
    // On a GPU, reading the logs of each batch would make it wait for the next.
    defaults: defaultPlugins(flags, backend !== "webgpu"),
  });
  await closeImports();
  const seed = flags.seed as number | undefined ?? DEFAULT_SEED;
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
      ...wish,
      plugins,
      printer,
      about: {
        experiment: own ?? name,
        experimentSha256: sha256,
        ...own !== undefined && { imports: importedFiles(own) },
        flags: { ...flags, ...use.length && { use: withoutSecrets(use) } },
        seed,
        backend,
        threads,
        versions: versions(),
        host: host(),
        began: new Date().toISOString(),
      },
    },
  };
}

/** The project's own experiment, if it has one. */
function ownFile(): string | undefined {
  return existsSync(OWN_EXPERIMENT) ? OWN_EXPERIMENT : undefined;
}

/** A tab is hard to type. */
function readSeparator(given: string | undefined): string | undefined {
  return given === "tab" || given === "\\t" ? "\t" : given;
}

function dataOf(experiment: Experiment | HandExperiment): unknown {
  return typeof experiment === "function" ? undefined : experiment.data;
}

/** The data set is loaded later, but downloaded now, while the net is there. */
async function fetchData(name: unknown, printer: Printer): Promise<void> {
  if (typeof name !== "string") return;
  try {
    await fetchDataset(name, { onProgress: printer.status });
  } finally {
    printer.status("");
  }
}
