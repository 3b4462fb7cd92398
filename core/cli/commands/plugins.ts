/**
 * `deno task plugins [NAME]`: what a folder contains, and what is broken in it;
 * `deno task plugins add SPECIFIER`: one more in it.
 *
 * @module
 */
import type { Found } from "../../contract/discover.ts";
import { permissionsText, readTerms } from "../../contract/permissions.ts";
import { InputError } from "../../errors.ts";
import { HOOK_NAMES, type Permissions, type Plugin } from "../../plugin.ts";
import { type Printer, terminal } from "../../terminal.ts";
import { aboutFile } from "../report/about.ts";
import { needsText } from "../report/plan_text.ts";
import { BUILTINS } from "../experiment/builtins.ts";
import { catalogue, PLUGINS_FOLDER } from "../experiment/choose_plugins.ts";
import { isDefault } from "../experiment/default_plugins.ts";
import { asHere } from "../invocation.ts";
import { confineToReading } from "../trust/confine.ts";
import { sourceOf } from "../trust/source.ts";
import { addPlugin } from "./plugins_add.ts";
import { type Flag, flagsHelp, HELP_FLAG, readFlags } from "../flags.ts";
import { PLUGINS_FLAG } from "./experiment_flags.ts";

const FLAGS: readonly Flag[] = [
  PLUGINS_FLAG,
  {
    name: "name",
    kind: "text",
    value: "NAME",
    help: "with add: what to call it (default: the name of the package)",
  },
  { name: "yes", kind: "switch", help: "with add: do not ask" },
  HELP_FLAG,
];

const HELP =
  `List the plugins in a folder, or show one: its hooks, what it needs and
provides, and its options. Or add one from elsewhere: see what it does and
needs, then have the file written that turns it on.

Usage: deno task plugins [NAME] [flags]
       deno task plugins add SPECIFIER [flags]

SPECIFIER is jsr:@scope/name@version, npm:name@version, an https address, or the
path of a module.

${flagsHelp(FLAGS)}`;

/**
 * Run `plugins`.
 *
 * @returns The exit code: 2 if a file in the folder is broken.
 */
export async function pluginsCommand(args: readonly string[]): Promise<number> {
  const { flags, words } = readFlags(args, FLAGS);
  const screen = terminal();
  if (flags.help) {
    screen.print(asHere(HELP));
    return 0;
  }
  const dir = flags.plugins as string | undefined;
  if (words[0] === "add") {
    if (words.length !== 2) {
      throw new InputError(
        "Cannot add a plugin: expected one SPECIFIER such as deno task plugins add jsr:@scope/hookloop-x@1",
      );
    }
    return await addPlugin(words[1]!, {
      dir: dir ?? PLUGINS_FOLDER,
      name: flags.name as string | undefined,
      yes: flags.yes === true,
    });
  }
  await confineToReading();
  if (words.length > 1) {
    throw new InputError(
      `Cannot show ${words.join(", ")} at once: give one NAME`,
    );
  }
  const { found, broken, names, find } = await catalogue(dir);
  const [name] = words;
  if (name !== undefined) {
    const plugin = await find(name);
    const about = found.includes(plugin)
      ? await aboutFile(plugin.file)
      : BUILTINS[name]?.about;
    for (const line of details(plugin, about)) screen.print(line);
    return 0;
  }
  list(screen, dir ?? PLUGINS_FOLDER, found);
  const own = new Set(found.map(({ name }) => name));
  listBuiltins(screen, names.filter((name) => !own.has(name)));
  if (broken.length) {
    screen.print(`\n${broken.length} broken:`);
    for (const { problem } of broken) screen.print(`- ${problem}`);
  }
  return broken.length ? 2 : 0;
}

function list(screen: Printer, dir: string, found: readonly Found[]): void {
  if (found.length === 0) {
    screen.print(asHere(`No plugins in ${dir}: deno task new NAME writes one`));
    return;
  }
  const width = Math.max(...found.map(({ name }) => name.length));
  for (const plugin of found) {
    const state = plugin.on || isDefault(plugin.name) ? "on   " : "waits";
    screen.print(
      `${plugin.name.padEnd(width)}  ${state}  ${
        hooksOf(sample(plugin)).join(" ")
      }`,
    );
  }
  screen.print(
    asHere(
      `\n"on" runs by itself until --without NAME, "waits" runs with --use NAME:OPTION=VALUE,…; deno task plugins NAME says more`,
    ),
  );
}

/** The built-ins that are not in the folder. */
function listBuiltins(screen: Printer, names: readonly string[]): void {
  if (names.length === 0) return;
  const width = Math.max(...names.map((name) => name.length));
  screen.print("\nAlso built in:");
  for (const name of names) {
    const state = isDefault(name) ? "on   " : "waits";
    screen.print(
      `${name.padEnd(width)}  ${state}  ${BUILTINS[name]!.about}`,
    );
  }
}

function details(found: Found, about: string | undefined): string[] {
  const { name, file, on } = found;
  const plugin = sample(found);
  const terms = readTerms(sourceOf(file));
  const permissions = plugin?.permissions ?? terms.permissions;
  return [
    `${name} (${file}), ${
      on
        ? "on"
        : isDefault(name)
        ? "on in train; --use replaces it"
        : `waits for --use ${name}`
    }`,
    ...about ? [about] : [],
    "",
    ...row("hooks", hooksOf(plugin).join(", ")),
    ...row("needs", byHook(plugin?.needs, needsText)),
    ...row("provides", byHook(plugin?.provides, (keys) => keys.join(", "))),
    ...row("requires", plugin?.requires?.join(", ")),
    ...row("asks for", permissionsIn(permissions)),
    ...row("runs", terms.isolate && "in a worker without permissions"),
    "",
    ...optionLines(found),
  ];
}

function optionLines({ defaults, help }: Found): string[] {
  if (!defaults) return ["Options unknown: its module exports no defaults"];
  const names = Object.keys(defaults);
  if (names.length === 0) return ["No options"];
  const width = Math.max(...names.map((name) => name.length));
  return [
    "Options, with their defaults:",
    ...names.map((option) => {
      const value = defaults[option];
      const shown = JSON.stringify(value) ?? "none";
      return `  ${option.padEnd(width)}  ${shown}${
        help[option] ? `   ${help[option]}` : ""
      }`;
    }),
  ];
}

/** Nothing where there are none. */
function permissionsIn(permissions: Permissions): string {
  const text = permissionsText(permissions);
  return text === "none" ? "" : text;
}

function row(title: string, text: string | false | undefined): string[] {
  return text ? [`${title.padEnd(9)} ${text}`] : [];
}

/** `onTrainBatchEnd: loss; onEpochEnd: loss, accuracy`. */
function byHook<T>(
  table: { readonly [hook: string]: T } | undefined,
  text: (keys: T) => string,
): string {
  return Object.entries(table ?? {})
    .map(([hook, keys]) => `${hook}: ${text(keys) || "nothing"}`).join("; ");
}

function hooksOf(plugin: Plugin | undefined): string[] {
  return HOOK_NAMES.filter((hook) => plugin?.[hook]);
}

/** The plugin with its defaults; unknown if the defaults are not enough to create it. */
function sample({ create }: Found): Plugin | undefined {
  try {
    return create({});
  } catch {
    return undefined;
  }
}
