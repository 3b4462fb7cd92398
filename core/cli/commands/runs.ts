/**
 * `deno task runs [RUN]`: the runs there are, and how each ended.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { terminal } from "../../terminal.ts";
import { type Flag, flagsHelp, HELP_FLAG, readFlags } from "../flags.ts";
import { asHere } from "../invocation.ts";
import { runsIn } from "../report/past_run.ts";
import { runCalled } from "../report/run_called.ts";
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
    : runPage(runCalled("show", name, parent), screen.columns);
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
