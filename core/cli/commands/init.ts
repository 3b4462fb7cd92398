/**
 * `init`: tasks, an experiment and its test for a project of the user's own.
 *
 * @module
 */
import own from "../../../deno.json" with { type: "json" };
import { InputError } from "../../errors.ts";
import { existsSync, fileError } from "../../files.ts";
import { terminal } from "../../terminal.ts";
import { type Flag, flagsHelp, HELP_FLAG, readFlags } from "../flags.ts";
import { asHere } from "../invocation.ts";
import { CONFIG_FILES, projectConfig } from "../project.ts";
import { OWN_EXPERIMENT } from "../experiment/load.ts";
import { EXPERIMENT_TEST, projectFiles } from "./init_files.ts";
import type { ByHand } from "./merge_config.ts";
import { type NewFile, writeNew } from "./write_new.ts";

const FLAGS: readonly Flag[] = [HELP_FLAG];

const HELP =
  `Make the folder at hand a project that trains with hookloop: tasks in
deno.json, an experiment to change, its test, and a folder for plugins. What is
there stays as it is; deno.json gets what it lacks.

Usage: deno task init

${flagsHelp(FLAGS)}`;

/**
 * Run `init`.
 *
 * @returns The exit code.
 */
export async function initCommand(args: readonly string[]): Promise<number> {
  const { flags, words } = readFlags(args, FLAGS);
  const screen = terminal();
  if (flags.help) {
    screen.print(asHere(HELP));
    return 0;
  }
  if (words.length) {
    throw new InputError(
      `Cannot set up ${
        words.join(", ")
      }: init takes no arguments; run it in the project's folder`,
    );
  }
  if (projectConfig().name === own.name) {
    throw new InputError(
      "Cannot set up this folder: it is hookloop's own checkout, which has all that init writes",
    );
  }
  const there = CONFIG_FILES.find(existsSync);
  const path = there ?? CONFIG_FILES[0]!;
  const { mergeConfig } = await import("./merge_config.ts");
  const config = mergeConfig(there && readText(there), path);
  const [files, left] = missing(projectFiles());
  await writeNew(
    files,
    config.text === undefined
      ? undefined
      : { path: there ? Deno.realPathSync(path) : path, text: config.text },
  );
  if (config.text !== undefined) {
    screen.print(
      there ? `added to ${path}: ${config.added.join("; ")}` : `wrote ${path}`,
    );
  }
  for (const file of files) screen.print(`wrote ${file.path}`);
  if (config.text === undefined) left.unshift(path);
  if (left.length) screen.print(`left as it is: ${left.join(", ")}`);
  for (const line of byHand(config.byHand, path)) screen.print(line);
  screen.print(asHere(
    `\nNext: deno task train, then change ${OWN_EXPERIMENT}; deno task new NAME writes a plugin`,
  ));
  return 0;
}

/** What is not there yet, and what is. A test of somebody else's experiment would be wrong. */
function missing(files: readonly NewFile[]): [NewFile[], string[]] {
  const there = files.map(({ path }) => path)
    .filter((path) => existsSync(path.replace(/\/$/, "")));
  const wanted = files.filter(({ path }) =>
    !there.includes(path) &&
    !(path === EXPERIMENT_TEST && there.includes(OWN_EXPERIMENT))
  );
  return [wanted, there];
}

function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    throw fileError(`Cannot read ${path}`, "read", path, error);
  }
}

function byHand({ entries, why }: ByHand, path: string): string[] {
  if (entries.length === 0) return [];
  return [
    `\n${path} is missing what could not be added without changing what is there: ${why}. By hand:`,
    ...entries.map((entry) => `  ${entry}`),
  ];
}
