/**
 * The plugins of a run, in order: those of the experiment, of the folder, of
 * `--use`, and the defaults.
 *
 * @module
 */
import {
  type FilePlugin,
  flatPlugins,
  type PluginList,
} from "../../contract/plugin_list.ts";
import { SHADOW } from "../../contract/shadow.ts";
import { suggestion } from "../../did_you_mean.ts";
import { InputError } from "../../errors.ts";

/** What has been chosen by name, or because it is there. */
export interface Chosen {
  /** Those that the experiment names, then those in the folder that are on. */
  readonly standing: readonly FilePlugin[];
  /** Those of `--use`. */
  readonly used: readonly FilePlugin[];
  /** Those that run wherever nothing takes their place. */
  readonly defaults: readonly FilePlugin[];
  /** Names of those that are left out. */
  readonly without: readonly string[];
  /** The names that can be left out besides those in the run. */
  readonly names: readonly string[];
}

/** Anything that may appear in a list. */
type Listed = PluginList[number];

/**
 * Combine what was chosen with the plugins that an experiment lists. `--use`
 * replaces a plugin of the same name in place. What provides keys goes before
 * the experiment's own, so that its loggers see them; the rest goes behind, and
 * the defaults last.
 *
 * @param own What the experiment lists.
 * @throws {InputError} If a name that is left out does not exist.
 */
export function mergePlugins(own: PluginList, chosen: Chosen): Listed[] {
  const { standing, used, defaults, without, names } = chosen;
  const byName = new Map(used.map((plugin) => [nameAsRun(plugin), plugin]));
  const replaced = <T>(plugin: T) => byName.get(nameAsRun(plugin)) ?? plugin;

  const listed = flatPlugins(own).map(replaced) as Listed[];
  const added = standing.map(replaced);
  const there = new Set([...listed, ...added].map(nameAsRun));
  added.push(...used.filter((plugin) => !there.has(nameAsRun(plugin))));

  const known = [...names, ...there, ...byName.keys()];
  checkWithout(without, [...new Set(known)]);
  return [
    ...added.filter(({ plugin }) => plugin.provides),
    ...listed,
    ...added.filter(({ plugin }) => !plugin.provides),
    ...defaults,
  ].filter((plugin) => !without.includes(nameAsRun(plugin)));
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

/** The name of a plugin in a run: that of a shadow says so; `""` if it has none. */
export function nameAsRun(item: unknown): string {
  const { plugin = item, shadow } = Object(item) as Partial<FilePlugin>;
  const { name } = Object(plugin) as { name?: unknown };
  if (typeof plugin !== "object" || typeof name !== "string") return "";
  return shadow ? SHADOW + name : name;
}
