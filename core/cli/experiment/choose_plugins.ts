/**
 * Which plugins a run gets: the experiment's, those of the folder that are on,
 * those named with `--use`, and the progress bar.
 *
 * @module
 */
import type { Discovery, Found } from "../../contract/discover.ts";
import { InputError, SetupError } from "../../errors.ts";
import {
  checkOptions,
  type OptionValues,
  parseUse,
  readOptions,
} from "../../contract/options.ts";
import type {
  FilePlugin,
  PluginLike,
  PluginList,
} from "../../contract/plugin_list.ts";
import { suggestion } from "../../did_you_mean.ts";
import { BUILTINS, loadBuiltin } from "./builtins.ts";
import type { Use } from "./experiment.ts";

/** What is asked for. */
export interface Choice {
  /** What the plugins folder holds. */
  readonly discovery: Discovery;
  /** Plugins the experiment names. */
  readonly named?: readonly Use[] | undefined;
  /** Every `--use`. */
  readonly use: readonly string[];
  /** Every `--without`. */
  readonly without: readonly string[];
  /** Options of the progress bar; undefined if it is off. */
  readonly progress: OptionValues | undefined;
}

/** Puts an experiment's own plugins together with the chosen ones. */
export type Merge = (own?: PluginList) => PluginList;

/**
 * Make the plugins that are asked for.
 *
 * @throws {SetupError} With every broken file of the folder.
 * @throws {InputError} If a name or an option is unknown or out of range.
 */
export async function choosePlugins(choice: Choice): Promise<Merge> {
  const { discovery: { found, broken }, without } = choice;
  if (broken.length) {
    throw new SetupError(
      "load the plugins",
      broken.map(({ problem }) => problem),
    );
  }
  const known = [...new Set([...found.map(({ name }) => name), ...BUILTINS])];
  const find = async (name: string): Promise<Found> => {
    const here = found.find((plugin) => plugin.name === name);
    if (here) return here;
    if (BUILTINS.includes(name)) return await loadBuiltin(name);
    throw new InputError(
      `Cannot use "${name}": there is no such plugin${
        suggestion(name, known) || `; there are ${known.join(", ")}`
      }`,
    );
  };
  const named: FilePlugin[] = [];
  for (const entry of choice.named ?? []) {
    named.push(await makeNamed(entry, find));
  }
  const used: FilePlugin[] = [];
  for (const text of choice.use) used.push(await makeUsed(text, find));
  const on = found.filter((plugin) => plugin.on).map((plugin) =>
    make(plugin, {})
  );
  const bar = choice.progress
    ? [make(await find("progress"), choice.progress)]
    : [];
  return (own = []) => {
    const listed = [...flatten(own), ...named];
    checkWithout(without, [...known, ...listed.map(nameOf)]);
    return merge(listed, on, used, bar).filter((plugin) =>
      !without.includes(nameOf(plugin) ?? "")
    );
  };
}

/**
 * `--use` replaces what has the same name where it stands. The other used ones
 * go before the experiment's if they provide keys, so that its loggers see
 * them, and behind it if not.
 */
function merge(
  listed: readonly PluginLike[],
  on: readonly FilePlugin[],
  used: readonly FilePlugin[],
  bar: readonly FilePlugin[],
): PluginLike[] {
  const byName = new Map(used.map((plugin) => [plugin.plugin.name, plugin]));
  const base = [...listed, ...on].map((plugin) =>
    byName.get(nameOf(plugin) ?? "") ?? plugin
  );
  const extra = [...byName.values()].filter((plugin) => !base.includes(plugin));
  const before = extra.filter(({ plugin }) => plugin.provides);
  const behind = extra.filter(({ plugin }) => !plugin.provides);
  const all = [...before, ...base, ...behind];
  const names = new Set(all.map(nameOf));
  return [...all, ...bar.filter((plugin) => !names.has(nameOf(plugin)))];
}

async function makeUsed(
  text: string,
  find: (name: string) => Promise<Found>,
): Promise<FilePlugin> {
  const { name, options } = parseUse(text);
  const found = await find(name);
  return make(found, readOptions(name, options, found.defaults));
}

async function makeNamed(
  entry: Use,
  find: (name: string) => Promise<Found>,
): Promise<FilePlugin> {
  if (typeof entry === "string") return await makeUsed(entry, find);
  const [name, options] = entry;
  const found = await find(name);
  return make(found, checkOptions(name, options, found.defaults));
}

/** A factory's word on its options is a word to the user. */
function make(
  { file, create }: Found,
  options: Parameters<Found["create"]>[0],
): FilePlugin {
  try {
    return { plugin: create(options), file };
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) {
      throw error;
    }
    throw new InputError(`${error.message}   (${file})`, { cause: error });
  }
}

/** A name that is known but not in this run is left out already. */
function checkWithout(
  without: readonly string[],
  known: readonly (string | undefined)[],
): void {
  const names = known.filter((name) => name !== undefined);
  for (const name of without) {
    if (names.includes(name)) continue;
    throw new InputError(
      `Cannot leave out "${name}": there is no such plugin${
        suggestion(name, names) || `; there are ${names.join(", ")}`
      }`,
    );
  }
}

function nameOf(plugin: PluginLike): string | undefined {
  if (typeof plugin !== "object" || plugin === null) return undefined;
  const { name } = "plugin" in plugin
    ? plugin.plugin
    : plugin as { name?: string };
  return name;
}

function flatten(list: PluginList): PluginLike[] {
  return (list as readonly unknown[]).flat(Infinity).filter(
    Boolean,
  ) as PluginLike[];
}
