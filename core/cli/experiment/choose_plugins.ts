/**
 * From names to plugins: where they are found (the plugins folder, then the
 * built-ins), and how they are made with the options that were given.
 *
 * @module
 */
import {
  type Broken,
  discover,
  type Discovery,
  type DiscoveryHost,
  type Found,
  isPluginFile,
} from "../../contract/discover.ts";
import type { FilePlugin, PluginList } from "../../contract/plugin_list.ts";
import { SHADOW } from "../../contract/shadow.ts";
import { suggestion } from "../../did_you_mean.ts";
import { InputError, SetupError } from "../../errors.ts";
import { isFolderSync } from "../../files.ts";
import { checkAsked, pluginHost } from "../trust/plugin_host.ts";
import { BUILT_IN, BUILTINS, findBuiltin } from "./builtins.ts";
import type { Use } from "./experiment.ts";
import { mergePlugins, nameAsRun } from "./merge_plugins.ts";
import { builtinSource, fileSource } from "./plugin_source.ts";
import { nameOfUse, readUse } from "./read_use.ts";

/** The folder to look in when none is named. */
export const PLUGINS_FOLDER = "plugins";

/** The plugins that can be named. */
export interface Catalogue extends Discovery {
  /** Their names: those in the folder, then the other built-ins. */
  readonly names: readonly string[];
  /** The words of `--without` that name a file in the folder: it is not loaded. */
  readonly skipped: readonly string[];
  /**
   * The plugin with a given name.
   *
   * @throws {InputError} If there is none, or its file is broken.
   */
  find(name: string): Promise<Found>;
}

/**
 * What the plugins folder and the package contain. If no folder is named and
 * none exists, only the built-ins are available.
 *
 * @param named What `--plugins` says.
 * @param without What is left out: names, or files of the folder.
 * @param isolate Every `--isolate`: names of files in the folder, or `"all"`.
 * @throws {InputError} If the named folder cannot be read.
 */
export async function catalogue(
  named: string | undefined,
  without: readonly string[] = [],
  isolate: readonly string[] = [],
): Promise<Catalogue> {
  const skipped = new Set<string>();
  const isKept = (path: string) => {
    const words = without.filter((word) => isFileCalled(path, word));
    for (const word of words) skipped.add(word);
    return words.length === 0;
  };
  const { found, broken } = named !== undefined || isFolderSync(PLUGINS_FOLDER)
    ? await discover(named ?? PLUGINS_FOLDER, hostWithout(isKept, isolate))
    : { found: [], broken: [] };
  checkIsolate(isolate, [...found, ...broken].map(({ file }) => file));
  const own = found.map(({ name }) => name);
  const names = [...new Set([...own, ...Object.keys(BUILTINS)])];
  return {
    found,
    broken,
    names,
    skipped: [...skipped],
    async find(name) {
      const here = found.find((plugin) => plugin.name === name);
      if (here) return here;
      const bad = broken.find(({ file }) => isFileCalled(file, name));
      if (bad) throw new InputError(bad.problem);
      const builtin = await findBuiltin(name);
      if (builtin) return builtin;
      throw new InputError(
        `There is no plugin "${name}"${
          suggestion(name, names) || `; there are ${names.join(", ")}`
        }`,
      );
    },
  };
}

/** Discovery that does not see some of the files. */
function hostWithout(
  isKept: (path: string) => boolean,
  isolate: readonly string[],
): DiscoveryHost {
  const host = pluginHost((path) =>
    isolate.some((word) => word === "all" || isFileCalled(path, word))
  );
  return {
    ...host,
    list: async (dir) =>
      (await host.list(dir))
        .filter((name) => !isPluginFile(name) || isKept(`${dir}/${name}`)),
  };
}

/** Only what comes from a file of one's own can be isolated: the built-ins are part of this program. */
function checkIsolate(
  isolate: readonly string[],
  files: readonly string[],
): void {
  const stranger = isolate.find((word) =>
    word !== "all" && !files.some((file) => isFileCalled(file, word))
  );
  if (stranger === undefined) return;
  throw new InputError(
    `Cannot isolate "${stranger}": the plugins folder has no such file${
      suggestion(stranger, files.map(pluginNameOf))
    }`,
  );
}

/** Whether a word means a file: its path, its name, or the plugin it is named after. */
function isFileCalled(path: string, word: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const stem = pluginNameOf(path);
  const tidy = (path: string) => path.replace(/^\.\//, "");
  return word === name || word === stem || tidy(word) === tidy(path);
}

/** The name of the plugin in a file, unless it says another. */
function pluginNameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.\w+$/, "")
    .replaceAll("_", "-");
}

/** What was requested. */
export interface Choice {
  /** Plugins that the experiment names. */
  readonly named?: readonly Use[] | undefined;
  /** Every `--use`. */
  readonly use?: readonly string[] | undefined;
  /** The names and files of every `--without`. */
  readonly without?: readonly string[] | undefined;
  /** Built-ins that run wherever nothing takes their place. Default none. */
  readonly defaults?: readonly Use[] | undefined;
}

/** Combines an experiment's own plugins with the chosen ones. */
export type Merge = (own?: PluginList) => PluginList;

/**
 * Create the requested plugins.
 *
 * @throws {SetupError} With every broken file in the folder.
 * @throws {InputError} If a name or an option is unknown or out of range, or a
 * name is used twice.
 * @throws {PluginError} If a factory has a bug.
 */
export async function choosePlugins(
  catalogue: Catalogue,
  { named = [], use = [], without = [], defaults = [] }: Choice,
): Promise<Merge> {
  const { found, names, skipped, find } = catalogue;
  const used = await usedPlugins(catalogue, use);
  // A plugin that is left out need not be found.
  const wanted = named.filter((entry) => !without.includes(nameOfUse(entry)));
  const listed = await Array.fromAsync(wanted, (use) => make(use, find));
  const on = found.filter((plugin) => plugin.on)
    .map(({ name, create, file }) => {
      const plugin = create();
      if (!isBuiltin(name)) checkAsked(plugin, file);
      return { plugin, file, source: fileSource(file) };
    })
    // What is there without being asked for, and once, runs as its shadow then.
    .filter(({ plugin }) =>
      ![...listed, ...used].some((it) => it.shadow && it.plugin === plugin)
    );
  const standard = await Array.fromAsync(
    defaults,
    async (use) => ({ ...await make(use, builtin), ifPossible: true }),
  );
  const chosen = {
    standing: [...listed, ...on],
    used,
    defaults: standard,
    without,
    names: [...names, ...skipped, ...named.map(nameOfUse)],
  };
  return (own = []) => mergePlugins(own, chosen);
}

/**
 * Create the plugins of every `--use`, and no others.
 *
 * @throws As {@linkcode choosePlugins}.
 */
export async function usedPlugins(
  { broken, find }: Catalogue,
  use: readonly string[],
): Promise<FilePlugin[]> {
  if (broken.length) throw brokenError(broken);
  const used = await Array.fromAsync(use, (use) => make(use, find));
  checkTwice(used);
  return used;
}

/** The defaults are built in, whatever the folder holds. */
const builtin = async (name: string) => (await findBuiltin(name))!;

/** All of them at once, and how to go on without them. */
function brokenError(broken: readonly Broken[]): SetupError {
  const files = broken.map(({ file }) => file).join(",");
  const way = `To go on without ${
    broken.length === 1 ? "it" : "them"
  }: --without ${files}`;
  const problems = broken.map(({ problem }, i) =>
    i < broken.length - 1 ? problem : `${problem}\n${way}`
  );
  return new SetupError("load the plugins", problems);
}

/** A plugin with its options: as text in `--use`, as they are in an experiment. */
async function make(
  entry: Use,
  find: Catalogue["find"],
): Promise<FilePlugin & { readonly asked: string }> {
  const { name, shadow, options } = readUse(entry);
  const { file, defaults, create } = await find(name);
  const given = options(defaults);
  const plugin = create(given);
  if (!isBuiltin(name)) checkAsked(plugin, file);
  return {
    plugin,
    file,
    shadow,
    options: { ...defaults, ...given },
    source: file === BUILT_IN ? builtinSource(name) : fileSource(file),
    asked: name,
  };
}

/** One of the package's own may ask by its options. */
const isBuiltin = (name: string) => Object.hasOwn(BUILTINS, name);

/** Two of one kind need two names; that of the last would be lost otherwise. */
function checkTwice(
  used: readonly (FilePlugin & { readonly asked: string })[],
): void {
  const groups = Map.groupBy(used, nameAsRun);
  for (const [name, [first, second]] of groups) {
    if (!second) continue;
    const way = "name" in Object(second.options)
      ? `give one another, such as --use ${
        second.shadow ? SHADOW : ""
      }${second.asked}:name=${first!.asked}-2`
      : 'leave one out, as it has no option "name"';
    throw new InputError(
      `Cannot use two plugins by the name "${name}": ${way}`,
    );
  }
}
