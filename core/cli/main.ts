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
 * | `--allow-read` | experiments, plugins, data, checkpoints |
 * | `--allow-sys=cpus` | one thread per core |
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
import { DataError, InputError, PluginError } from "../errors.ts";
import { writeAllSync } from "../files.ts";
import { suggestion } from "../did_you_mean.ts";
import { asHere, permissionAdvice } from "./invocation.ts";
import { notInstalled } from "./project.ts";

/** Runs a command with its arguments and returns the exit code. */
type Command = (args: readonly string[]) => Promise<number>;

/** Loaded when called, so that no command waits for another's dependencies. */
const COMMANDS: Readonly<Record<string, { help: string; run: Command }>> = {
  train: {
    help: "train: your experiment, or the embedded digits",
    run: async (args) =>
      (await import("./commands/train.ts")).trainCommand(args),
  },
  plan: {
    help: "what runs when and what it reads, without training",
    run: async (args) => (await import("./commands/plan.ts")).planCommand(args),
  },
  evaluate: {
    help: "the loss and the metrics of a checkpoint on validation data",
    run: async (args) =>
      (await import("./commands/evaluate.ts")).evaluateCommand(args),
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
 * @returns The exit code: 0, 1 for a run that failed, 2 for a mistake in what
 * was requested, 128 and the number of the signal when interrupted, such as 130
 * after Ctrl-C.
 */
export async function main(args: readonly string[]): Promise<number> {
  const [name = "--help", ...rest] = args;
  try {
    if (name === "--help" || name === "-h") {
      write(Deno.stdout, asHere(usage()));
      return 0;
    }
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!command) throw unknownCommand(name);
    return await command.run(rest);
  } catch (error) {
    return report(notInstalled(error) ?? error);
  }
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

/** A user's mistake is its message; a failed run its message and cause; only a surprise has a stack. */
function report(error: unknown): number {
  // The reader, such as head, has had enough: exit with the code of SIGPIPE.
  if (error instanceof Deno.errors.BrokenPipe) return 141;
  if (error instanceof InputError) {
    write(Deno.stderr, asHere(error.message));
    return 2;
  }
  if (error instanceof Deno.errors.NotCapable) {
    write(Deno.stderr, permissionMessage(error));
    return 2;
  }
  if (error instanceof PluginError || error instanceof DataError) {
    write(Deno.stderr, error.message);
    if (isMistake(error.cause)) return 2;
    const own = ownFrames(error.cause);
    if (own) write(Deno.stderr, own);
    return 1;
  }
  write(
    Deno.stderr,
    error instanceof Error ? error.stack ?? error.message : String(error),
  );
  return 1;
}

/** A hook, or data, may hit a user's mistake too: a missing permission, a key it did not declare. */
function isMistake(cause: unknown): boolean {
  return cause instanceof InputError ||
    cause instanceof Deno.errors.NotCapable;
}

/** Deno says which flag is missing. */
function permissionMessage({ message }: Error): string {
  const flag = /--allow-[\w-]+/.exec(message)?.[0] ?? "--allow-…";
  const what = message.replace(/,?\s*(run again|specify).*$/s, "");
  return `A permission is missing: ${what}; ${permissionAdvice(flag)}`;
}

const CORE = new URL("../", import.meta.url).href;

/** Where in the user's own code the error was thrown. */
function ownFrames(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  const frames = cause.stack?.split("\n").filter((line) =>
    /^\s+at .*:\/\//.test(line) && !line.includes(CORE)
  );
  return frames?.slice(0, 3).join("\n");
}

function write(to: Parameters<typeof writeAllSync>[0], text: string): void {
  writeAllSync(to, new TextEncoder().encode(`${text}\n`));
}

if (import.meta.main) Deno.exit(await main(Deno.args));
