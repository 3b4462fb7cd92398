/**
 * The words for what is wrong with a plan: what, where, what was expected and
 * what to do.
 *
 * @module
 */
import { type Capability, HOOK_NAMES, type HookName } from "../plugin.ts";
import type { Entry } from "./plugin_list.ts";
import {
  type KeysOfHook,
  type Validation,
  VALIDATION_PREFIX,
} from "./log_keys.ts";
import type { Facts } from "./plan.ts";
import { didYouMean, suggestion } from "../did_you_mean.ts";

/**
 * Plugins that wait for each other.
 *
 * @param hook The hook.
 * @param waiting Who waits.
 */
export function cycleProblem(
  hook: HookName,
  waiting: readonly Entry[],
): string {
  const names = waiting.map(({ plugin }) => `"${plugin.name}"`);
  const needs = waiting.map(({ plugin }) =>
    `"${plugin.name}" needs ${quote(plugin.needs?.[hook] ?? [])} and provides ${
      quote(plugin.provides?.[hook] ?? [])
    }`
  );
  return `Plugins ${names.join(" and ")} wait for each other in ${hook}: ${
    needs.join(", ")
  }`;
}

/**
 * Names that more than one plugin has.
 *
 * @param entries All plugins.
 */
export function nameProblems(entries: readonly Entry[]): string[] {
  const byName = Map.groupBy(entries, ({ plugin }) => plugin.name);
  return [...byName].filter(([, same]) => same.length > 1).map(
    ([name, same]) => {
      const files = same.map(({ file }) => file).filter(Boolean).join(", ");
      return `${same.length} plugins are named "${name}"${
        files ? ` (${files})` : ""
      }: a name must be unique in a run, rename one or leave one out`;
    },
  );
}

/**
 * What does not hang on a hook: capabilities, directions, keys listed under
 * hooks it has not.
 *
 * @param entry The plugin.
 * @param facts What the loop knows of itself.
 * @param exists Whether a key is there in any hook.
 */
export function entryProblems(
  { plugin, file }: Entry,
  facts: Facts,
  exists: (key: string) => boolean,
): string[] {
  const problems: string[] = [];
  for (const capability of plugin.uses ?? []) {
    if (!facts.offers.has(capability)) {
      problems.push(
        `Plugin "${plugin.name}" uses ${CAPABILITIES[capability]}`,
      );
    }
  }
  for (const key of plugin.directions ?? []) {
    // A key that is not there at all is told as such, once.
    if (!exists(key)) continue;
    if (facts.directions[key] === undefined) {
      problems.push(
        `Plugin "${plugin.name}" cannot tell whether lower or higher "${key}" is better: set its option mode to "min" or "max"`,
      );
    }
  }
  for (const table of ["needs", "provides"] as const) {
    for (const [hook, keys] of Object.entries(plugin[table] ?? {})) {
      if (!(HOOK_NAMES as readonly string[]).includes(hook)) {
        problems.push(
          `Plugin "${plugin.name}" declares ${table} for an unknown hook "${hook}"${
            suggestion(hook, HOOK_NAMES)
          }`,
        );
      } else if (keys?.length && !plugin[hook as HookName]) {
        problems.push(
          `Plugin "${plugin.name}" declares ${table} ${
            quote(keys)
          } for ${hook}, but has no such hook`,
        );
      }
    }
  }
  return file ? problems.map((problem) => `${problem}   (${file})`) : problems;
}

const CAPABILITIES: Readonly<Record<Capability, string>> = {
  learningRate:
    "the learning rate, which this run does not offer: pass `optimizer`",
  momentum:
    "the optimizer's momentum, which this optimizer has not: take SGD with momentum (tf.train.momentum) or RMSProp",
  weights: "the model's weights, which this run does not offer: pass `weights`",
  save: "saving, which this run does not offer: pass `save`",
  model: "the model, which this run does not offer: pass `model`",
};

/**
 * The message of a key that is not there, and the likeliest reason.
 *
 * @param hook The hook that needs it.
 * @param entry The plugin that needs it.
 * @param key The key.
 * @param sees The keys that are there.
 * @param all All plugins, which may provide it elsewhere.
 * @param validation How often validation runs.
 */
export function missingKey(
  hook: HookName,
  { plugin, file }: Entry,
  key: string,
  sees: KeysOfHook,
  all: readonly Entry[],
  validation: Validation,
): string {
  const { why, hint } = reasonFor(hook, key, sees, all, validation);
  const where = file ? `   (${file})` : "";
  const head =
    `Plugin "${plugin.name}" needs log key "${key}" in ${hook}: ${why}`;
  return hint ? `${head}\n    ${hint}${where}` : head + where;
}

function reasonFor(
  hook: HookName,
  key: string,
  sees: KeysOfHook,
  all: readonly Entry[],
  validation: Validation,
): { why: string; hint?: string } {
  const available = sees.size
    ? `available are ${quote([...sees.keys()])}`
    : "it gets no keys";
  const epochKeys = hook === "onEpochEnd" || hook === "onTrainEnd";
  const stem = key.startsWith(VALIDATION_PREFIX)
    ? key.slice(VALIDATION_PREFIX.length)
    : undefined;
  if (stem !== undefined && sees.has(stem)) {
    if (epochKeys) return { why: available, hint: validation.why };
    return hook.startsWith("onTest")
      ? {
        why: available,
        hint: `did you mean "${stem}"? In the test hooks keys have no val_`,
      }
      : { why: "validation runs at the end of an epoch only" };
  }
  const validated = [...sees.keys()].map((known) => VALIDATION_PREFIX + known);
  const near = didYouMean(key, sees.keys()) ??
    (epochKeys ? didYouMean(key, validated) : undefined);
  if (near !== undefined) {
    const hint = `did you mean "${near}"?`;
    return {
      why: available,
      hint: sees.has(near) ? hint : `${hint} ${validation.why}`,
    };
  }
  for (const { plugin } of all) {
    for (const other of HOOK_NAMES) {
      if (plugin.provides?.[other]?.includes(key)) {
        return {
          why: available,
          hint: `"${plugin.name}" provides "${key}", but in ${other}`,
        };
      }
    }
  }
  if (hook.endsWith("Begin")) return { why: "begin hooks get no keys" };
  return { why: available };
}

function quote(words: readonly string[]): string {
  return words.length ? words.map((word) => `"${word}"`).join(", ") : "nothing";
}
