/**
 * What a command gives an experiment: the part shared by training, evaluation
 * and planning.
 *
 * @module
 */
import type { HostOptions } from "../../run/run_options.ts";
import type { Printer } from "../../terminal.ts";
import type { Merge } from "./choose_plugins.ts";
import type { ExperimentOptions, Setup } from "./experiment.ts";

/** What a run is given in addition to the experiment. */
export interface Context {
  /** Seed of everything random. */
  readonly seed: number;
  /** Options that override the experiment's. */
  readonly options: ExperimentOptions;
  /** What `--data` names. */
  readonly data?: string | undefined;
  /** What `--label` names. */
  readonly label?: string | undefined;
  /** Folder of a checkpoint to start from. */
  readonly from?: string | undefined;
  /** Folder of the run. */
  readonly dir: string;
  /** Combines the chosen plugins with the experiment's own. */
  readonly plugins: Merge;
  /** Where the run prints. */
  readonly printer: Printer;
  /** Ends the run cleanly when aborted. */
  readonly signal?: AbortSignal | undefined;
  /** The head of `run.json`: what was requested, and what it runs with. */
  readonly about: Readonly<Record<string, unknown>>;
}

/**
 * The same, as an experiment sees it.
 *
 * @param watch What is done with the plan.
 */
export function setupOf(
  { seed, options, data, label, dir, plugins, printer, signal }: Context,
  watch: Pick<HostOptions, "onPlan" | "dryRun"> = {},
): Setup {
  return {
    seed,
    options,
    data,
    label,
    dir,
    print: (line) => printer.print(line),
    run: (own) => ({ plugins: plugins(own), dir, signal, printer, ...watch }),
  };
}
