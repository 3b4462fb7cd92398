/**
 * The command line of hookloop: `train`, `plan`, `evaluate`, `predict`, `runs`,
 * `plugins` and `new`.
 *
 * @example
 * ```sh
 * deno run --allow-read=. --allow-write=runs,data jsr:@hookloop/hookloop/cli train --help
 * ```
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { stdout } from "../output.ts";
import { suggestion } from "../did_you_mean.ts";
import { guard } from "./guard.ts";
import { asHere } from "./invocation.ts";
import { report } from "./report/failure.ts";

/** Runs a command with its arguments and returns the exit code. */
type Command = (args: readonly string[]) => Promise<number>;

/** Loaded when called, so that no command waits for another's dependencies. */
const COMMANDS: Readonly<Record<string, { help: string; run: Command }>> = {
  train: {
    help: "train: the embedded digits, or the experiment in a file",
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
  plugins: {
    help: "what a plugins folder contains, and what is broken in it",
    run: async (args) =>
      (await import("./commands/plugins.ts")).pluginsCommand(args),
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
    return report(error);
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
