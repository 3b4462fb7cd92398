/**
 * `deno task train`: flags -> experiment, backend, plugins -> run -> summary.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import type { History } from "../../run/history.ts";
import type { PlannedRun } from "../../run/session.ts";
import { type Printer, silent, terminal } from "../../terminal.ts";
import type { BackendName } from "../../tf/backend.ts";
import { choosePlugins, type Merge } from "../experiment/choose_plugins.ts";
import type {
  Experiment,
  ExperimentOptions,
  HandExperiment,
  Setup,
} from "../experiment/experiment.ts";
import { type Given, readFlags } from "../flags.ts";
import { interruptible } from "../experiment/interrupt.ts";
import { planText } from "../report/plan_text.ts";
import { discoverFolder } from "../experiment/plugins_folder.ts";
import { freeFolder, makeFolder, writeRecord } from "../report/run_folder.ts";
import { fileLines, filesIn, summary } from "../report/summary.ts";
import { TRAIN_FLAGS, TRAIN_HELP } from "./train_flags.ts";
import { flagOptions } from "./train_options.ts";
import { versions } from "../report/versions.ts";

const DEFAULT_SEED = 42;

/** Thrown once the plan is shown, where nothing more was asked for. */
const PLAN_SHOWN = Symbol("plan shown");

/**
 * Run `train`.
 *
 * @returns The exit code.
 */
export async function trainCommand(args: readonly string[]): Promise<number> {
  const given = readFlags(args, TRAIN_FLAGS);
  const screen = terminal();
  if (given.flags.help) {
    screen.print(TRAIN_HELP);
    return 0;
  }
  if (given.words.length > 1) {
    throw new InputError(
      `Cannot train two experiments at once: ${
        given.words.join(", ")
      }; give one file`,
    );
  }
  const options = flagOptions(given.flags);
  try {
    return await train(given, options, screen);
  } catch (error) {
    if (error === PLAN_SHOWN) return 0;
    throw error;
  }
}

async function train(
  { flags, words }: Given,
  options: ExperimentOptions,
  screen: Printer,
): Promise<number> {
  // tf.js is loaded from here on, after the arguments are known to be good.
  const { loadExperiment } = await import("../experiment/load.ts");
  const { useBackend } = await import("../../tf/backend.ts");
  const { name, experiment } = await loadExperiment(words[0]);
  const { backend, why } = await useBackend(
    (flags.backend ?? "auto") as BackendName,
    { threads: flags.threads as number | undefined },
  );
  const merge = await pluginsOf(flags, experiment, backend);
  const printer = flags.quiet ? silent() : screen;
  const dir = flags["run-dir"] as string | undefined ??
    await freeFolder(name, new Date());
  const seed = flags.seed as number | undefined ?? DEFAULT_SEED;
  const record: Record<string, unknown> = {
    experiment: words[0] ?? name,
    flags,
    seed,
    backend,
    versions: await versions(),
    began: new Date().toISOString(),
  };
  if (!flags.plan) printer.print(why);
  const interrupt = interruptible();
  const setup: Setup = {
    seed,
    options,
    data: flags.data as string | undefined,
    label: flags.label as string | undefined,
    dir,
    print: (line) => printer.print(line),
    run: (own) => ({
      plugins: merge(own),
      dir,
      signal: interrupt.signal,
      printer,
      onPlan: (planned) =>
        begin(planned, Boolean(flags.plan), dir, screen, record),
    }),
  };
  try {
    const history = await run(experiment, setup, printer);
    // A loop that returns no history says nothing of how it ended.
    const aborted = history
      ? history.outcome.status === "aborted"
      : interrupt.signal.aborted;
    finish(history, aborted, dir, screen, record);
    return aborted ? 130 : 0;
  } catch (error) {
    noteFailure(error, dir, record);
    // Evaluation and prediction have no history to return when interrupted.
    if (interrupt.signal.aborted && error === interrupt.signal.reason) {
      screen.print("Aborted: interrupted");
      return 130;
    }
    throw error;
  } finally {
    interrupt.release();
  }
}

/** The plugins of the folder and of the flags, to be merged with the experiment's. */
async function pluginsOf(
  flags: Given["flags"],
  experiment: Experiment | HandExperiment,
  backend: string,
): Promise<Merge> {
  return await choosePlugins({
    discovery: await discoverFolder(flags.plugins as string | undefined),
    named: typeof experiment === "function" ? [] : experiment.use,
    use: flags.use as string[] | undefined ?? [],
    without: flags.without as string[] | undefined ?? [],
    // On a GPU, reading the logs of each batch would make it wait for the next.
    progress: flags.quiet ? undefined : { batchLogs: backend !== "webgpu" },
  });
}

async function run(
  experiment: Experiment | HandExperiment,
  setup: Setup,
  printer: Printer,
): Promise<History | void> {
  if (typeof experiment === "function") return await experiment(setup);
  const { runExperiment } = await import("../experiment/run.ts");
  return await runExperiment(experiment, setup, printer);
}

/** The plan is proven: show it, or make the folder. */
function begin(
  planned: PlannedRun,
  show: boolean,
  dir: string,
  screen: Printer,
  record: Record<string, unknown>,
): void {
  if (show) {
    for (const line of planText(planned)) screen.print(line);
    throw PLAN_SHOWN;
  }
  if (record.plugins) return; // A second run of the same experiment.
  makeFolder(dir);
  record.plugins = planned.entries.map(({ plugin, file }) => ({
    name: plugin.name,
    file,
  }));
  record.params = planned.params;
  writeRecord(dir, record);
}

function finish(
  history: History | void,
  aborted: boolean,
  dir: string,
  screen: Printer,
  record: Record<string, unknown>,
): void {
  // A loop that never asked for its plugins has no folder.
  if (record.plugins) {
    writeRecord(dir, {
      ...record,
      ended: new Date().toISOString(),
      outcome: { status: aborted ? "aborted" : "completed" },
      ...history,
      params: record.params,
    });
  }
  const files = filesIn(dir);
  const lines = history ? summary(history, dir, files) : [
    aborted ? "Aborted: interrupted" : "Completed",
    ...fileLines(dir, files),
  ];
  for (const line of ["", ...lines]) screen.print(line);
}

function noteFailure(
  error: unknown,
  dir: string,
  record: Record<string, unknown>,
): void {
  if (!record.plugins) return; // The folder was not made.
  writeRecord(dir, { ...record, ended: new Date().toISOString(), error });
}
