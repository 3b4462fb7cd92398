/**
 * From what a user lists under `plugins` to the plugins of a run: nested lists
 * are flattened, falsy entries dropped, bare hook objects and tf.js callbacks
 * given a name.
 *
 * @module
 */
import type { Hooks, Plugin } from "../plugin.ts";
import { type HooksByName, hooksOf, type TfCallback } from "./callback.ts";
import { pluginProblem } from "./check_plugin.ts";

/** A plugin and the file it came from. */
export interface FilePlugin {
  /** The plugin. */
  readonly plugin: Plugin;
  /** Its file, for messages. */
  readonly file: string;
}

/**
 * A list of plugins, bare hook objects and tf.js callbacks: falsy entries are
 * left out, lists may nest.
 */
export type PluginList = readonly (
  | Plugin
  | Hooks
  | TfCallback
  | { readonly plugin: Plugin; readonly file: string }
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
  /** Its name, or one made for it. */
  readonly name: string;
  /** File it came from. */
  readonly file?: string | undefined;
  /** Whether it declared nothing, not even a name: then what its hooks return means nothing. */
  readonly bare: boolean;
  /** Its hooks, to be called with `plugin` as `this`. */
  readonly hooks: HooksByName;
}

/**
 * The plugins of a list, in its order, and what is wrong with the rest.
 *
 * @param list What the user gave.
 */
export function readPluginList(
  list: PluginList,
): { entries: Entry[]; problems: string[] } {
  const entries: Entry[] = [];
  const problems: string[] = [];
  const flat = (list as readonly unknown[]).flat(Infinity).filter(Boolean);
  for (const [i, item] of flat.entries()) {
    const { plugin, file } = isFilePlugin(item)
      ? item
      : { plugin: item, file: undefined };
    const problem = pluginProblem(plugin);
    if (problem) {
      problems.push(`${labelOf(plugin, i)} ${problem}${inFile(file)}`);
    } else entries.push(entryOf(plugin as Plugin & TfCallback, i, file));
  }
  return { entries, problems };
}

function entryOf(
  plugin: Plugin & TfCallback,
  index: number,
  file: string | undefined,
): Entry {
  const bare = plugin.name === undefined;
  const name = plugin.name ?? `callback-${index + 1}`;
  return { plugin, name, file, bare, hooks: hooksOf(plugin) };
}

function isFilePlugin(item: unknown): item is FilePlugin {
  return "plugin" in Object(item);
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
