/**
 * From what a user lists under `plugins` to the plugins of a run: nested lists
 * are flattened, falsy entries dropped, bare hook objects and tf.js callbacks
 * given a name.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { Hooks, Plugin } from "../plugin.ts";
import { type HooksByName, hooksOf, type TfCallback } from "./callback.ts";
import { pluginProblem } from "./check_plugin.ts";
import type { OptionValues } from "./plugin_options.ts";
import { SHADOW, type Shadow } from "./shadow.ts";
import { kindOf } from "./show.ts";

/** What a plugin was made of, as far as it is known: what changes with its code. */
export interface PluginSource {
  /** The version of its package, such as `jsr:@scope/hookloop-x@1.2.3`. */
  readonly version?: string;
  /** The SHA-256 of its file, in hexadecimal. */
  readonly sha256?: string;
  /** The same of each file that it imports by its path. */
  readonly imports?: Readonly<Record<string, string>>;
}

/** A plugin and the file it came from. */
export interface FilePlugin {
  /** The plugin. */
  readonly plugin: Plugin;
  /** Its file, for messages. */
  readonly file: string;
  /**
   * Whether it is left out where the run lacks what it needs, or has another
   * plugin of its name, instead of the run being refused. Default false.
   */
  readonly ifPossible?: boolean;
  /** Whether it is on trial (see `shadow`). Default false. */
  readonly shadow?: boolean;
  /** The options it was made with, defaults included. */
  readonly options?: OptionValues | undefined;
  /** What it was made of. */
  readonly source?: PluginSource | undefined;
}

/**
 * A list of plugins, bare hook objects and tf.js callbacks, and of those as
 * shadows: falsy entries are left out, lists may nest.
 */
export type PluginList = readonly (
  | Plugin
  | Hooks
  | TfCallback
  | Shadow
  | {
    readonly plugin: Plugin;
    readonly file: string;
    readonly ifPossible?: boolean;
    readonly shadow?: boolean;
    readonly options?: Readonly<Record<string, unknown>> | undefined;
    readonly source?: {
      readonly version?: string;
      readonly sha256?: string;
      readonly imports?: Readonly<Record<string, string>>;
    } | undefined;
  }
  | PluginList
  | false
  | null
  | undefined
  | ""
  | 0
)[];

/** One plugin of a run. */
export interface Entry {
  /** The plugin as it was given: its tables and its state. */
  readonly plugin: Plugin;
  /** Its name, or one made for it; that of a shadow begins with `shadow:`. */
  readonly name: string;
  /** File it came from. */
  readonly file?: string | undefined;
  /** The options it was made with, where they are known. */
  readonly options?: OptionValues | undefined;
  /** What it was made of, where that is known. */
  readonly source?: PluginSource | undefined;
  /** Whether it declared nothing, not even a name: then what its hooks return means nothing. */
  readonly bare: boolean;
  /** Whether it is left out where the run lacks what it needs. */
  readonly ifPossible: boolean;
  /** Whether what it asks for is told and not carried out. */
  readonly shadow: boolean;
  /** What the run heeds of what it says of itself: nothing that a shadow says changes anything for others. */
  readonly heeded: Pick<Plugin, "provides" | "monitor" | "onError">;
  /** Its hooks, to be called with `plugin` as `this`. */
  readonly hooks: HooksByName;
}

/**
 * The plugins of a list, in its order, and what is wrong with the rest.
 *
 * @param list What the user gave.
 * @param rehearsal Whether all are shadows, under their own names. Default false.
 */
export function readPluginList(
  list: PluginList,
  rehearsal = false,
): { entries: Entry[]; problems: string[] } {
  const entries: Entry[] = [];
  const problems: string[] = [];
  for (const [i, item] of flatPlugins(list).entries()) {
    const given: Given = "plugin" in Object(item)
      ? item as FilePlugin
      : { plugin: item };
    const problem = pluginProblem(given.plugin);
    if (problem) {
      const label = labelOf(given.plugin, i);
      problems.push(`${label} ${problem}${inFile(given.file)}`);
    } else entries.push(entryOf(given, i, rehearsal));
  }
  return { entries, problems: [...problems, ...doubled(entries)] };
}

/** A shadow shares nothing with a plugin of the run, least of all its state. */
function doubled(entries: readonly Entry[]): string[] {
  return entries.filter(({ shadow, plugin }) =>
    shadow && entries.some((it) => it.plugin === plugin && !it.shadow)
  ).map(({ name, plugin, file }) =>
    `Plugin "${
      plugin.name ?? name
    }" runs as itself and as "${name}", and is one object: make two, or leave one out${
      inFile(file)
    }`
  );
}

/**
 * The items of a list that may nest, without the falsy ones.
 *
 * @throws {InputError} If it is no list.
 */
export function flatPlugins(list: PluginList): unknown[] {
  if (Array.isArray(list)) return list.flat(Infinity).filter(Boolean);
  throw new InputError(
    `Cannot use the plugins: 'plugins' is ${
      kindOf(list)
    }; expected a list such as [earlyStopping({ patience: 3 })]`,
  );
}

/** An item of a list, not yet known to be a plugin. */
interface Given {
  readonly plugin: unknown;
  readonly file?: string;
  readonly options?: OptionValues | undefined;
  readonly source?: PluginSource | undefined;
  readonly ifPossible?: boolean;
  readonly shadow?: boolean;
}

function entryOf(given: Given, index: number, rehearsal: boolean): Entry {
  const { file, options, source, ifPossible = false } = given;
  const plugin = given.plugin as Plugin & TfCallback;
  const bare = plugin.name === undefined;
  const own = plugin.name ?? `callback-${index + 1}`;
  const shadow = rehearsal || given.shadow === true;
  return {
    plugin,
    name: shadow && !rehearsal ? SHADOW + own : own,
    ...{ file, options, source, bare, ifPossible, shadow },
    heeded: shadow ? { onError: "disable" } : plugin,
    hooks: hooksOf(plugin),
  };
}

/** What to call a plugin in a message: its name, or its place in the list. */
function labelOf(plugin: unknown, index: number): string {
  const name = Object.getOwnPropertyDescriptor(Object(plugin), "name")?.value;
  return typeof plugin === "object" && typeof name === "string" && name
    ? `Plugin "${name}"`
    : `Plugin ${index + 1} of the list`;
}

/** The file a message is about, to stand at its end. */
export function inFile(file: string | undefined): string {
  return file ? `   (${file})` : "";
}
