/**
 * The command line of hookloop. `init` makes a folder a project: it writes a task
 * for each command into `deno.json`, with the permissions it needs, an
 * experiment to change, and its test.
 *
 * ```sh
 * deno run --allow-read=. --allow-write=. jsr:@hookloop/hookloop/cli init
 * deno task train --epochs 10 --use early-stopping:patience=3
 * deno task train --help
 * ```
 *
 * Without tasks, a command is given as `deno run … jsr:@hookloop/hookloop/cli
 * COMMAND`; its `--help` says with which permissions.
 *
 * | permission | what for |
 * |---|---|
 * | `--allow-read=.` | experiments, plugins, data, checkpoints |
 * | `--allow-import=jsr.io:443` | code from JSR alone |
 * | `--allow-sys=cpus` | one thread per core |
 * | `--allow-env=TERM,CI` | whether the terminal can show a live view |
 * | `--allow-write=runs,data` | the files of a run, downloaded data sets |
 * | `--allow-net=HOST` | downloads, and plugins that report somewhere |
 *
 * An experiment is a module with a default export: an object of type
 * `Experiment`, or a function that runs its own loop. `train`, `plan` and
 * `evaluate` take its file; where none is named, `experiment.ts` in the working
 * directory; where there is none, a small network on synthetic digits.
 *
 * @example From a program
 * ```ts
 * import { main } from "@hookloop/hookloop/cli";
 *
 * const code = await main(["plugins", "early-stopping"]);
 * console.log(code); // 0
 * ```
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { stdout } from "../output.ts";
import { suggestion } from "../did_you_mean.ts";
import { guard } from "./guard.ts";
import { asHere } from "./invocation.ts";
import { notInstalled } from "./project.ts";
import { report } from "./report/failure.ts";

/** Runs a command with its arguments and returns the exit code. */
type Command = (args: readonly string[]) => Promise<number>;

/** Loaded when called, so that no command waits for another's dependencies. */
const COMMANDS: Readonly<Record<string, { help: string; run: Command }>> = {
  train: {
    help: "your experiment, or the embedded digits",
    run: async (args) =>
      (await import("./commands/train.ts")).trainCommand(args),
  },
  plan: {
    help: "what runs when and what it reads, without training",
    run: async (args) => (await import("./commands/plan.ts")).planCommand(args),
  },
  evaluate: {
    help:
      "the loss and the metrics of a saved model, and which classes it mistakes",
    run: async (args) =>
      (await import("./commands/evaluate.ts")).evaluateCommand(args),
  },
  predict: {
    help: "what a saved model predicts, as a CSV file",
    run: async (args) =>
      (await import("./commands/predict.ts")).predictCommand(args),
  },
  runs: {
    help: "the runs there are, and how each ended",
    run: async (args) => (await import("./commands/runs.ts")).runsCommand(args),
  },
  report: {
    help: "a page of a run, or of several over one another",
    run: async (args) =>
      (await import("./commands/report.ts")).reportCommand(args),
  },
  plugins: {
    help: "what a plugins folder contains, and what is broken in it",
    run: async (args) =>
      (await import("./commands/plugins.ts")).pluginsCommand(args),
  },
  init: {
    help: "tasks, an experiment and its test, in a project of your own",
    run: async (args) => (await import("./commands/init.ts")).initCommand(args),
  },
  new: {
    help: "write a plugin with its test, or a package for JSR",
    run: async (args) => (await import("./commands/new.ts")).newCommand(args),
  },
};

/**
 * Run the command line.
 *
 * @param args The arguments: a command and its own.
 * @returns The exit code: 0, 1 for a run that failed or whose output could not
 * be written, 2 for a mistake in what was requested, 70 for a fault of hookloop,
 * and when interrupted 128 and the number of the signal, such as 130 after
 * Ctrl-C.
 */
export async function main(args: readonly string[]): Promise<number> {
  const [name = "--help", ...rest] = args;
  try {
    if (name === "--help" || name === "-h") {
      stdout.write(`${asHere(usage())}
`);
      return code(0);
    }
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!command) throw unknownCommand(name);
    return code(await command.run(rest));
  } catch (error) {
    return report(notInstalled(error) ?? error);
  }
}

/** What could not be printed, save for want of a reader, makes a failure of a success. */
function code(code: number): number {
  return code === 0 && stdout.problem !== undefined ? 1 : code;
}

function usage(): string {
  const lines = Object.entries(COMMANDS)
    .map(([name, { help }]) => `  ${name.padEnd(10)}${help}`);
  return [
    "hookloop: training callbacks for TensorFlow.js in Deno",
    "",
    "Usage: deno task COMMAND [--help]",
    "",
    ...lines,
  ].join("\n");
}

function unknownCommand(name: string): InputError {
  const known = Object.keys(COMMANDS);
  const hint = suggestion(name, known) || `: commands are ${known.join(", ")}`;
  return new InputError(`Unknown command "${name}"${hint}`);
}

if (import.meta.main) guard(() => main(Deno.args));
