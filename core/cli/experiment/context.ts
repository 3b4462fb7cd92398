/**
 * What a command gives an experiment: the part shared by training, evaluation
 * and planning.
 *
 * @module
 */
import type { HostOptions, ResumeOptions } from "../../run/run_options.ts";
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
  /** Folder that the experiment is to have. */
  readonly dir: string;
  /** Whether the user named it. If not, and it is taken, another number is as good. Default false. */
  readonly named?: boolean | undefined;
  /** Whether it may be that of an earlier run. Default false. */
  readonly overwrite?: boolean | undefined;
  /** Whether the run in that folder goes on; `anyway` if it may have changed. Default: a new run. */
  readonly resume?: { readonly anyway: boolean } | undefined;
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
 * @param runs What is done with the plan of each run, and where the
 * experiment's folder is. Default: nothing, and where the context says.
 */
export function setupOf(
  context: Context,
  { folder, ...watch }: Watch = {},
): Setup {
  const { dir, plugins, printer, signal } = context;
  return {
    seed: context.seed,
    options: context.options,
    data: context.data,
    label: context.label,
    separator: context.separator,
    header: context.header,
    get dir() {
      return folder?.() ?? dir;
    },
    print: (line) => printer.print(line),
    run: (own) => ({
      plugins: plugins(own),
      ...folder ? {} : { dir },
      seed: context.seed,
      signal,
      printer,
      ...watch,
    }),
  };
}

/** What is done with the runs of an experiment. */
export interface Watch
  extends
    Pick<HostOptions, "onPlan" | "dryRun" | "resumeFrom" | "identity">,
    Pick<ResumeOptions, "resumeAnyway"> {
  /** The experiment's folder. Then each run is told its own by `onPlan`. */
  folder?(): string;
}
