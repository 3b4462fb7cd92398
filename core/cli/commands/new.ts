/**
 * `deno task new NAME` and `new --package NAME`: files to start from.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { existsSync } from "../../files.ts";
import { terminal } from "../../terminal.ts";
import { asHere } from "../invocation.ts";
import { type Flag, flagsHelp, HELP_FLAG, readFlags } from "../flags.ts";
import { findsHookloop, projectConfig } from "../project.ts";
import { packageFiles } from "./new_package.ts";
import { pluginFiles } from "./new_plugin.ts";
import { type NewFile, writeNew } from "./write_new.ts";

const FLAGS: readonly Flag[] = [
  {
    name: "package",
    kind: "switch",
    help: "write a package for JSR, in its own folder",
  },
  {
    name: "scope",
    kind: "text",
    value: "SCOPE",
    help: "scope of the package on JSR (default your-scope)",
  },
  HELP_FLAG,
];

const HELP =
  `Write a plugin with its test, or a package that deno publish accepts.

Usage: deno task new NAME
       deno task new --package NAME [--scope SCOPE]

${flagsHelp(FLAGS)}`;

/**
 * Run `new`.
 *
 * @returns The exit code.
 */
export async function newCommand(args: readonly string[]): Promise<number> {
  const { flags, words } = readFlags(args, FLAGS);
  const screen = terminal();
  if (flags.help) {
    screen.print(asHere(HELP));
    return 0;
  }
  if (words.length !== 1) {
    throw new InputError(
      "Cannot write a plugin: expected one NAME such as deno task new grad-norm",
    );
  }
  const name = words[0]!;
  checkName(name);
  const files = flags.package
    ? packageFiles(name, scopeOf(flags.scope))
    : pluginFiles(name);
  await writeAll(files);
  for (const { path } of files) screen.print(`wrote ${path}`);
  const add = findsHookloop(projectConfig())
    ? ""
    : "deno add jsr:@hookloop/hookloop jsr:@std/assert, then ";
  const next = flags.package
    ? `cd hookloop-${name}, then deno task ok: it is ready to publish`
    : `${add}deno test ${files[1]!.path}, then deno task train: it runs`;
  screen.print(asHere(`\nNext: ${next}`));
  return 0;
}

/** JSR's rule for names, which file names follow too. */
function checkName(name: string): void {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) && name.length <= 40) return;
  throw new InputError(
    `Cannot name a plugin "${name}": expected lower-case words of letters and digits, separated by hyphens, at most 40 characters, such as grad-norm`,
  );
}

function scopeOf(given: unknown): string {
  const scope = String(given ?? "your-scope").replace(/^@/, "");
  if (
    /^[a-z0-9]+(-[a-z0-9]+)*$/.test(scope) && scope.length >= 2 &&
    scope.length <= 20
  ) {
    return scope;
  }
  throw new InputError(
    `Cannot use the scope "${scope}": expected 2 to 20 lower-case letters, digits and single hyphens`,
  );
}

/** All of them or none: existing files are never touched. */
async function writeAll(files: readonly NewFile[]): Promise<void> {
  const there = files.map(({ path }) => path).filter(existsSync);
  if (there.length) {
    throw new InputError(
      `Cannot write ${
        there.join(", ")
      }: it already exists; choose another name, or remove it first`,
    );
  }
  await writeNew(files);
}
