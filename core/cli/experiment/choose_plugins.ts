/**
 * From names to plugins: where they are found (the plugins folder, then the
 * built-ins), and which of them a run gets: the experiment's, those in the
 * folder that are on, those named with `--use`, and the progress bar.
 *
 * @module
 */
import {
  discover,
  type Discovery,
  type Found,
} from "../../contract/discover.ts";
import {
  checkOptions,
  type OptionValues,
  parseUse,
  readOptions,
} from "../../contract/plugin_options.ts";
import type { FilePlugin, PluginList } from "../../contract/plugin_list.ts";
import { suggestion } from "../../did_you_mean.ts";
import { InputError, SetupError } from "../../errors.ts";
import { isFolderSync } from "../../files.ts";
import { BUILTINS, findBuiltin } from "./builtins.ts";
import type { Experiment } from "./experiment.ts";

/** The folder to look in when none is named. */
export const PLUGINS_FOLDER = "plugins";

/** The plugins that can be named. */
export interface Catalogue extends Discovery {
  /** Their names: those in the folder, then the other built-ins. */
  readonly names: readonly string[];
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
 * @throws {InputError} If the named folder cannot be read.
 */
export async function catalogue(
  named: string | undefined,
): Promise<Catalogue> {
  const { found, broken } = named !== undefined || isFolderSync(PLUGINS_FOLDER)
    ? await discover(named ?? PLUGINS_FOLDER)
    : { found: [], broken: [] };
  const own = found.map(({ name }) => name);
  const names = [...new Set([...own, ...Object.keys(BUILTINS)])];
  return {
    found,
    broken,
    names,
    async find(name) {
      const here = found.find((plugin) => plugin.name === name);
      if (here) return here;
      const stem = `/${name.replaceAll("-", "_")}.`;
      const bad = broken.find(({ file }) => file.includes(stem));
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

/** What was requested. */
export interface Choice {
  /** Plugins that the experiment names. */
  readonly named?: readonly Use[] | undefined;
  /** Every `--use`. */
  readonly use?: readonly string[] | undefined;
  /** Every `--without`. */
  readonly without?: readonly string[] | undefined;
  /** Options of the progress bar; undefined if it is off. */
  readonly progress?: OptionValues | undefined;
}

/** Combines an experiment's own plugins with the chosen ones. */
export type Merge = (own?: PluginList) => PluginList;

/**
 * Create the requested plugins.
 *
 * @throws {SetupError} With every broken file in the folder.
 * @throws {InputError} If a name or an option is unknown or out of range.
 * @throws {PluginError} If a factory has a bug.
 */
export async function choosePlugins(
  { found, broken, names, find }: Catalogue,
  { named = [], use = [], without = [], progress }: Choice,
): Promise<Merge> {
  if (broken.length) {
    const problems = broken.map(({ problem }) => problem);
    throw new SetupError("load the plugins", problems);
  }
  const make = async (entry: Use): Promise<FilePlugin> => {
    if (typeof entry === "string") {
      const { name, options } = parseUse(entry);
      const { file, defaults, create } = await find(name);
      return { plugin: create(readOptions(name, options, defaults)), file };
    }
    const [name, options] = entry;
    const { file, defaults, create } = await find(name);
    return { plugin: create(checkOptions(name, options, defaults)), file };
  };
  const listed = await Array.fromAsync(named, make);
  const used = await Array.fromAsync(use, make);
  const bar = progress ? [await make(["progress", progress])] : [];
  const on = found.filter((plugin) => plugin.on)
    .map(({ create, file }) => ({ plugin: create(), file }));
  return (own = []) => {
    const first = [...flat(own), ...listed];
    checkWithout(without, [...names, ...first.map(nameOf)]);
    return merge([...first, ...on], used, bar)
      .filter((plugin) => !without.includes(nameOf(plugin)));
  };
}

/** A plugin by name, with options if given. */
type Use = NonNullable<Experiment["use"]>[number];

/** Anything that may appear in a list. */
type Listed = PluginList[number];

/**
 * `--use` replaces a plugin of the same name in place. The others go before the
 * experiment's if they provide keys, so that its loggers see them, and after
 * them if not.
 */
function merge(
  listed: readonly Listed[],
  used: readonly FilePlugin[],
  bar: readonly FilePlugin[],
): Listed[] {
  const byName = new Map(used.map((plugin) => [plugin.plugin.name, plugin]));
  const base = listed.map((plugin) => byName.get(nameOf(plugin)) ?? plugin);
  const extra = [...byName.values()].filter((plugin) => !base.includes(plugin));
  const before = extra.filter(({ plugin }) => plugin.provides);
  const behind = extra.filter(({ plugin }) => !plugin.provides);
  const all = [...before, ...base, ...behind];
  const names = new Set(all.map(nameOf));
  return [...all, ...bar.filter((plugin) => !names.has(nameOf(plugin)))];
}

/** A name that is known but not in this run is already left out. */
function checkWithout(
  without: readonly string[],
  known: readonly string[],
): void {
  const stranger = without.find((name) => !known.includes(name));
  if (stranger === undefined) return;
  throw new InputError(
    `Cannot leave out "${stranger}": there is no such plugin${
      suggestion(stranger, known) ||
      `; there are ${known.filter(Boolean).join(", ")}`
    }`,
  );
}

/** `""` if it has none. */
function nameOf(item: Listed): string {
  if (typeof item !== "object" || item === null) return "";
  const plugin = "plugin" in item ? item.plugin : item as { name?: string };
  return plugin.name ?? "";
}

function flat(list: PluginList): Listed[] {
  const items = (list as readonly unknown[]).flat(Infinity).filter(Boolean);
  return items as Listed[];
}
