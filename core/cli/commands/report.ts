/**
 * `deno task report RUN…`: the page of a run made again, or one of several runs
 * over one another.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { terminal } from "../../terminal.ts";
import { type Flag, flagsHelp, HELP_FLAG, readFlags } from "../flags.ts";
import { asHere } from "../invocation.ts";
import { findRun } from "../report/find_run.ts";
import type { PastRun } from "../report/past_run.ts";
import { RECORD_FILE, REPORT_FILE } from "../report/run_folder.ts";

const FLAGS: readonly Flag[] = [
  {
    name: "out",
    kind: "text",
    value: "FILE",
    help:
      `where the page goes (default RUN/${REPORT_FILE}, of several runs DIR/${REPORT_FILE})`,
  },
  {
    name: "dir",
    kind: "text",
    value: "DIR",
    help: "folder that holds the runs (default runs)",
  },
  {
    name: "overwrite",
    kind: "switch",
    help: "let the page replace a file that is not a report",
  },
  HELP_FLAG,
];

const HELP =
  `Make the report of a run again: a page with its curves, what happened, its
checkpoints, plan, model, settings and time. Of several runs, a page with their
curves over one another and a table of what they differ in.

Usage: deno task report RUN… [flags]

RUN is a run's folder, or its name in the folder of all runs. It may be running
or killed: the page then says so. The page is one file that needs no network.

${flagsHelp(FLAGS)}

Examples:
  deno task report runs/NAME
  deno task report runs/ONE runs/TWO --out runs/comparison.html`;

/**
 * Run `report`.
 *
 * @returns The exit code.
 */
export async function reportCommand(args: readonly string[]): Promise<number> {
  const { flags, words } = readFlags(args, FLAGS);
  const screen = terminal();
  if (flags.help) {
    screen.print(asHere(HELP));
    return 0;
  }
  if (words.length === 0) {
    throw new InputError(
      "Cannot report: name a RUN, or several; deno task runs lists them",
    );
  }
  const parent = (flags.dir as string | undefined ?? "runs")
    .replace(/(?<=.)\/+$/, "");
  const runs = runsNamed(words, parent);
  const { makeComparison, makeReport } = await import(
    "../report/make_report.ts"
  );
  const out = flags.out as string | undefined;
  const overwrite = flags.overwrite === true;
  const path = runs.length === 1
    ? await makeReport(runs[0]!, { path: out, overwrite })
    : await makeComparison(runs, {
      path: out ?? `${parent}/${REPORT_FILE}`,
      overwrite,
    });
  screen.print(`Report: ${path}`);
  return 0;
}

/** The runs of these names, each once. */
function runsNamed(names: readonly string[], parent: string): PastRun[] {
  const runs = new Map<string, PastRun>();
  for (const name of names) {
    const run = findRun("report on", name, parent);
    if (!isOurs(run)) {
      throw new InputError(
        `Cannot report on ${name}: ${run.dir}/${RECORD_FILE} is not the record of a run`,
      );
    }
    runs.set(run.dir, run);
  }
  return [...runs.values()];
}

/** Others write files of this name too; whatever the version, ours say one of these. */
function isOurs({ facts }: PastRun): boolean {
  return ["began", "experiment", "history", "params"].some((it) => it in facts);
}
