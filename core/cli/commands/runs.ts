/**
 * `deno task runs [RUN]`: the runs there are, and how each ended.
 *
 * @module
 */
import { suggestion } from "../../did_you_mean.ts";
import { InputError } from "../../errors.ts";
import { terminal } from "../../terminal.ts";
import { type Flag, flagsHelp, HELP_FLAG, readFlags } from "../flags.ts";
import { asHere } from "../invocation.ts";
import { type PastRun, readRun, runsIn } from "../report/past_run.ts";
import { RECORD_FILE } from "../report/run_folder.ts";
import { runLines, runPage } from "../report/run_lines.ts";

const FLAGS: readonly Flag[] = [
  {
    name: "dir",
    kind: "text",
    value: "DIR",
    help: "folder that holds the runs (default runs)",
  },
  HELP_FLAG,
];

const HELP =
  `List the runs, the newest first: name, how it stands, epochs, best,
time. Or show one: with what it ran, what happened in it, and how it can go on.

Usage: deno task runs [RUN] [flags]

RUN is a run's folder, or its name in the folder of all runs. A run is running,
finished, stopped by a plugin, interrupted, failed, or killed with its process;
one that is resumable goes on with deno task train --resume RUN.

${flagsHelp(FLAGS)}

Examples:
  deno task runs
  deno task runs runs/NAME`;

/**
 * Run `runs`.
 *
 * @returns The exit code.
 */
export function runsCommand(args: readonly string[]): number {
  const { flags, words } = readFlags(args, FLAGS);
  const screen = terminal();
  if (flags.help) {
    screen.print(asHere(HELP));
    return 0;
  }
  if (words.length > 1) {
    throw new InputError(
      `Cannot show ${words.join(", ")} at once: give one RUN`,
    );
  }
  const parent = (flags.dir as string | undefined ?? "runs")
    .replace(/(?<=.)\/+$/, "");
  const [name] = words;
  const lines = name === undefined
    ? listed(parent, screen.columns)
    : runPage(runCalled(name, parent), screen.columns);
  for (const line of lines) screen.print(asHere(line));
  return 0;
}

function listed(parent: string, width: number): string[] {
  const { runs, broken } = runsIn(parent);
  const unreadable = broken.map((path) => `Cannot read ${path}`);
  return runs.length + broken.length
    ? [...runs.length ? runLines(parent, runs, width) : [], ...unreadable]
    : [asHere(`No runs in ${parent}: deno task train makes one`)];
}

function runCalled(name: string, parent: string): PastRun {
  const dirs = [name.replace(/(?<=.)\/+$/, ""), `${parent}/${name}`];
  for (const dir of dirs) {
    const run = readRun(dir);
    if (run) return run;
    if (run === null) {
      throw new InputError(
        `Cannot show ${name}: ${dir}/${RECORD_FILE} is not the record of a run`,
      );
    }
  }
  const names = runsIn(parent).runs.map(({ dir }) =>
    dir.slice(parent.length + 1)
  );
  throw new InputError(
    `Cannot show ${name}: there is no such run${
      suggestion(name, names) || asHere("; deno task runs lists them")
    }`,
  );
}
