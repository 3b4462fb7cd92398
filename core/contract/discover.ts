/**
 * From a folder to plugins. Every `plugins/*.ts` (`.js`, `.mjs`, `.tsx`) is a
 * plugin unless its name starts with `_` or ends in `_test`. If its default
 * export is an object it is on; if it is a function it is on when a run names
 * it, with the options given there.
 *
 * @module
 */
import { InputError, PluginError } from "../errors.ts";
import type { Defaults, OptionValues } from "./plugin_options.ts";
import type { Plugin } from "../plugin.ts";
import { pluginProblem } from "./check_plugin.ts";
import { callName, isClass } from "./show.ts";
import { denoHost, type DiscoveryHost, loadMessage } from "./discovery_host.ts";

export type { Defaults, DiscoveryHost, OptionValues };

/** A plugin found in a folder. */
export interface Found {
  /** Name to use it by: its own, or that of its file in kebab-case. */
  readonly name: string;
  /** Path of its file. */
  readonly file: string;
  /** Whether it is on without being named. */
  readonly on: boolean;
  /** Its options at their defaults; empty if it has none, undefined if its module does not say. */
  readonly defaults: Defaults | undefined;
  /** A line on each option, where the module exports `help`. */
  readonly help: Readonly<Record<string, string>>;
  /**
   * Make the plugin.
   *
   * @throws {InputError} If an option is refused (see `OptionError`).
   * @throws {PluginError} If its function throws anything else.
   */
  create(options?: OptionValues): Plugin;
}

/** A file that is no plugin though it should be. */
export interface Broken {
  /** Path of the file. */
  readonly file: string;
  /** What is wrong and what would be right. */
  readonly problem: string;
}

/** What a folder holds, sorted by file name. */
export interface Discovery {
  /** The plugins. */
  readonly found: readonly Found[];
  /** The files that are broken. */
  readonly broken: readonly Broken[];
}

const EXAMPLE =
  'export default { name: "my-plugin", onEpochEnd(epoch, logs, run) {} };';

/**
 * Find the plugins in a folder.
 *
 * @param dir The folder, such as `"plugins"`.
 * @param host How to list it and to load from it. Default: Deno.
 * @returns The plugins and the broken files, each sorted by file name.
 * @throws {InputError} If the folder cannot be read.
 */
export async function discover(
  dir: string,
  host: DiscoveryHost = denoHost(),
): Promise<Discovery> {
  const names = (await host.list(dir)).filter(isPluginFile).sort();
  const results = await Promise.all(
    names.map((name) => inspect(`${dir.replace(/\/+$/, "")}/${name}`, host)),
  );
  const found = results.filter((result) => "create" in result);
  const broken = results.filter((result) => "problem" in result);
  return { found, broken: [...broken, ...sameNames(found)] };
}

/**
 * Whether a file of this name in a plugins folder is a plugin.
 *
 * @param name Name of the file.
 */
export function isPluginFile(name: string): boolean {
  return /\.(ts|tsx|js|mjs)$/.test(name) && !name.endsWith(".d.ts") &&
    !name.startsWith("_") && !/_test\.\w+$/.test(name);
}

/**
 * Look at one file.
 *
 * @param file Its path.
 * @param host How to load it.
 * @param kebab The name of a plugin that does not say its own. Default that of
 * its file.
 */
export async function inspect(
  file: string,
  host: DiscoveryHost = denoHost(),
  kebab: string = fileName(file).replaceAll("_", "-"),
): Promise<Found | Broken> {
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await host.load(file);
  } catch (error) {
    return { file, problem: `Cannot load ${file}: ${loadMessage(error)}` };
  }
  const main = module.default;
  if (main === undefined) {
    return wrongExport(
      file,
      "it has no default export; expected an object with hooks, or a function that returns one",
    );
  }
  if (isClass(main)) {
    return wrongExport(
      file,
      `its default export is a class; export an object, or a function that makes one: export default () => new ${
        callName(main, "MyPlugin")
      }();`,
    );
  }
  if (typeof main === "function") {
    return {
      name: kebab,
      file,
      on: false,
      defaults: module.defaults as Defaults | undefined,
      help: (module.help ?? {}) as Readonly<Record<string, string>>,
      create: (options = {}) =>
        made(callFactory(main as Factory, options, kebab, file), kebab, file),
    };
  }
  const problem = pluginProblem(main);
  if (problem) return wrongExport(file, `its default export ${problem}`);
  const plugin = named(main as Plugin, kebab);
  const { name } = plugin;
  return { name, file, on: true, defaults: {}, help: {}, create: () => plugin };
}

type Factory = (options: OptionValues) => unknown;

/** A factory's word on its options is a word to the user; whatever else it throws is its own bug. */
function callFactory(
  factory: Factory,
  options: OptionValues,
  plugin: string,
  file: string,
): unknown {
  try {
    return factory(options);
  } catch (error) {
    if (error instanceof Error && error.name === "OptionError") {
      throw new InputError(`${error.message}   (${file})`, { cause: error });
    }
    throw new PluginError({ plugin, file }, error);
  }
}

/** What a factory made, which must be a plugin. */
function made(value: unknown, name: string, file: string): Plugin {
  const problem = pluginProblem(value);
  if (!problem) return named(value as Plugin, name);
  throw new InputError(
    `Cannot use "${name}": what its function returned ${problem}   (${file})`,
  );
}

/** A bare hook object takes the name of its file. */
function named(plugin: Plugin, name: string): Plugin {
  return plugin.name
    ? plugin
    : Object.create(plugin, { name: { value: name } });
}

function wrongExport(file: string, what: string): Broken {
  return {
    file,
    problem: `Cannot load ${file}: ${what}\n    ${EXAMPLE}`,
  };
}

function sameNames(found: readonly Found[]): Broken[] {
  const groups = Map.groupBy(found, ({ name }) => name);
  return [...groups].filter(([, same]) => same.length > 1).map(
    ([name, same]) => ({
      file: same[0]!.file,
      problem: `${same.length} plugins are named "${name}" (${
        same.map(({ file }) => file).join(", ")
      }): a name must be unique, rename one`,
    }),
  );
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.\w+$/, "");
}
