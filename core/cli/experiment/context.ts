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
  /** Character between the columns of a CSV file. */
  readonly separator?: string | undefined;
  /** Whether a CSV file has a header; undefined to find out. */
  readonly header?: boolean | undefined;
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
  context: Context,
  watch: Pick<HostOptions, "onPlan" | "dryRun"> = {},
): Setup {
  const { dir, plugins, printer, signal } = context;
  return {
    seed: context.seed,
    options: context.options,
    data: context.data,
    label: context.label,
    separator: context.separator,
    header: context.header,
    dir,
    print: (line) => printer.print(line),
    run: (own) => ({ plugins: plugins(own), dir, signal, printer, ...watch }),
  };
}
