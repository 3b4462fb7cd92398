/**
 * From what a user lists under `plugins` to the plugins of a run: nested lists
 * are flattened, falsy entries dropped, bare hook objects and tf.js callbacks
 * given a name.
 *
 * @module
 */
import { adopt, type TfCallback } from "./callback.ts";
import { HOOK_NAMES, type Hooks, type Plugin } from "../plugin.ts";
import { suggestion } from "../did_you_mean.ts";

/** A plugin and the file it came from. */
export interface FilePlugin {
  /** The plugin. */
  readonly plugin: Plugin;
  /** Its file, for messages. */
  readonly file: string;
}

/** Whatever stands for a plugin in a list: falsy entries are left out, lists may nest. */
export type PluginLike =
  | Plugin
  | Hooks
  | TfCallback
  | FilePlugin
  | PluginList
  | false
  | null
  | undefined
  | ""
  | 0;

/** A list of plugins. */
export type PluginList = readonly PluginLike[];

/** One plugin of a run. */
export interface Entry {
  /** The plugin; always with a name. */
  readonly plugin: Plugin;
  /** File it came from. */
  readonly file?: string | undefined;
  /** Whether it declared nothing, not even a name: then what its hooks return means nothing. */
  readonly bare: boolean;
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
    const problem = hookProblem(plugin);
    if (problem) problems.push(`Plugin ${i + 1} of the list ${problem}`);
    else entries.push(toEntry(plugin as Plugin & TfCallback, i, file));
  }
  return { entries, problems };
}

/**
 * Why a value is no plugin, to follow its name in a sentence; or undefined.
 *
 * @param value What should be a plugin or a bare object of hooks.
 */
export function hookProblem(value: unknown): string | undefined {
  if (typeof value === "function") {
    return `is a function: call it (${
      value.name || "plugin"
    }()) and list what it returns`;
  }
  if (typeof value !== "object" || value === null) {
    return `is ${
      value === null ? "null" : `a ${typeof value}`
    }: expected an object with hooks`;
  }
  const names = propertyNames(value).filter((name) => /^on[A-Z]/.test(name));
  const known: readonly string[] = [
    ...HOOK_NAMES,
    "onBatchBegin",
    "onBatchEnd",
    "onError",
  ];
  for (const name of names) {
    if (!known.includes(name)) {
      return `has an unknown hook "${name}"${
        suggestion(name, HOOK_NAMES) || `: known are ${HOOK_NAMES.join(", ")}`
      }`;
    }
    const hook = (value as Record<string, unknown>)[name];
    if (
      name !== "onError" && hook !== undefined && typeof hook !== "function"
    ) {
      return `has a hook "${name}" that is a ${typeof hook}: expected a function`;
    }
  }
  if (!names.some((name) => name !== "onError")) {
    return `has no hook: expected at least one of ${HOOK_NAMES.join(", ")}`;
  }
  const given = (value as { name?: unknown }).name;
  if (given !== undefined && (typeof given !== "string" || given === "")) {
    return `has a name that is ${
      JSON.stringify(given)
    }: expected a string such as "my-plugin"`;
  }
  return undefined;
}

function isFilePlugin(item: unknown): item is FilePlugin {
  return typeof item === "object" && item !== null && "plugin" in item;
}

/** Names on the object and on its classes, so that instances are read too. */
function propertyNames(value: object): string[] {
  const names = new Set<string>();
  for (
    let o = value;
    o && o !== Object.prototype;
    o = Object.getPrototypeOf(o)
  ) {
    for (const name of Object.getOwnPropertyNames(o)) names.add(name);
  }
  return [...names];
}

function toEntry(
  given: Plugin & TfCallback,
  index: number,
  file: string | undefined,
): Entry {
  const bare = given.name === undefined;
  const foreign = bare || given.onBatchBegin || given.onBatchEnd ||
    given.setModel;
  const plugin = foreign
    ? adopt(given, given.name ?? `callback-${index + 1}`)
    : given;
  return { plugin, file, bare };
}
