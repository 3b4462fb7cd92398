/**
 * The words for what is wrong with a plan: what, where, what was expected and
 * what to do.
 *
 * @module
 */
import { didYouMean } from "../did_you_mean.ts";
import { HOOK_NAMES, type HookName, HOOKS } from "../plugin.ts";
import type { Facts } from "./facts.ts";
import {
  type KeysOfHook,
  LOGS,
  type Validation,
  VALIDATION_PREFIX,
} from "./log_keys.ts";
import { neededKeys } from "./needs.ts";
import { type Entry, inFile } from "./plugin_list.ts";
import { REQUIREMENTS } from "./requirements.ts";
import { synonymOf } from "./synonyms.ts";

/** Plugins that wait for each other. */
export function cycleProblem(
  hook: HookName,
  waiting: readonly Entry[],
): string {
  const names = waiting.map(({ name }) => `"${name}"`);
  const needs = waiting.map(({ name, plugin }) => {
    // A plugin that takes all keys waits for no other.
    const keys = neededKeys(plugin, hook) as readonly string[];
    return `"${name}" needs ${quote(keys)} and provides ${
      quote(plugin.provides?.[hook] ?? [])
    }`;
  });
  return `Plugins ${names.join(" and ")} wait for each other in ${hook}: ${
    needs.join(", ")
  }`;
}

/** Names that more than one plugin has. */
export function nameProblems(entries: readonly Entry[]): string[] {
  const byName = Map.groupBy(entries, ({ name }) => name);
  return [...byName].filter(([, same]) => same.length > 1).map(
    ([name, same]) => {
      const files = same.map(({ file }) => file).filter(Boolean).join(", ");
      return `${same.length} plugins are named "${name}"${
        files ? ` (${files})` : ""
      }: a name must be unique in a run; give one another, such as { name: "${name}-2" }, or leave one out`;
    },
  );
}

/** What a plugin requires of the run and cannot have; a plugin none of whose hooks will run requires nothing. */
export function requirementProblems(
  { plugin, name, file, hooks }: Entry,
  { mode, runs, offers, recorded }: Facts,
): string[] {
  if (!(Object.keys(hooks) as HookName[]).some(runs)) return [];
  return (plugin.requires ?? [])
    .filter((it) => REQUIREMENTS[it].modes.includes(mode) && !offers.has(it))
    .map((it) =>
      `Plugin "${name}" requires ${REQUIREMENTS[it].what}, ${
        recorded ? "which a recording does not hold" : REQUIREMENTS[it].missing
      }${inFile(file)}`
    );
}

/** A key that it is not known of whether lower or higher is better. */
export function directionProblem({ name, file }: Entry, key: string): string {
  return `Plugin "${name}" cannot tell whether lower or higher "${key}" is better: set its option mode to "min" or "max"${
    inFile(file)
  }`;
}

/**
 * The message of a key that is not there, and the likeliest reason.
 *
 * @param hook The hook that needs it.
 * @param entry The plugin that needs it.
 * @param sees The keys that are there.
 * @param all All plugins, which may provide it elsewhere.
 * @param validation How often validation runs.
 */
export function missingKey(
  hook: HookName,
  { name, file }: Entry,
  key: string,
  sees: KeysOfHook,
  all: readonly Entry[],
  validation: Validation,
): string {
  const { why, hint } = reasonFor(hook, key, sees, all, validation);
  const head = `Plugin "${name}" needs log key "${key}" in ${hook}: ${why}`;
  return (hint ? `${head}\n    ${hint}` : head) + inFile(file);
}

interface Reason {
  readonly why: string;
  readonly hint?: string;
}

function reasonFor(
  hook: HookName,
  key: string,
  sees: KeysOfHook,
  all: readonly Entry[],
  validation: Validation,
): Reason {
  const why = sees.size
    ? `available are ${quote([...sees.keys()])}`
    : "it gets no keys";
  const ofEpoch = LOGS[HOOKS[hook].logs].keys === "epoch";
  const stem = key.slice(VALIDATION_PREFIX.length);
  if (key.startsWith(VALIDATION_PREFIX) && sees.has(stem)) {
    return validationReason(hook, stem, why, ofEpoch, validation);
  }
  const validated = [...sees.keys()].map((known) => VALIDATION_PREFIX + known);
  const later = ofEpoch ? validated : [];
  const near = synonymOf(key, [...sees.keys(), ...later]) ??
    didYouMean(key, sees.keys()) ?? didYouMean(key, later);
  if (near !== undefined) {
    const hint = `did you mean "${near}"?`;
    return { why, hint: sees.has(near) ? hint : `${hint} ${validation.why}` };
  }
  const provider = providerElsewhere(key, all);
  if (provider) return { why, hint: provider };
  return HOOKS[hook].side === "begin"
    ? { why: "begin hooks get no keys" }
    : { why };
}

/** A `val_` key where the key without it is there. */
function validationReason(
  hook: HookName,
  stem: string,
  why: string,
  ofEpoch: boolean,
  validation: Validation,
): Reason {
  if (ofEpoch) return { why, hint: validation.why };
  const { phase } = HOOKS[hook];
  return phase === "test" || phase === "testBatch"
    ? {
      why,
      hint: `did you mean "${stem}"? In the test hooks keys have no val_`,
    }
    : { why: "validation runs at the end of an epoch only" };
}

function providerElsewhere(
  key: string,
  all: readonly Entry[],
): string | undefined {
  for (const { name, plugin, shadow } of all) {
    const hook = HOOK_NAMES.find((it) => plugin.provides?.[it]?.includes(key));
    if (hook && shadow) {
      return `"${name}" would add it, but a shadow adds nothing`;
    }
    if (hook) return `"${name}" provides "${key}", but in ${hook}`;
  }
  return undefined;
}

function quote(words: readonly string[]): string {
  return words.length ? words.map((word) => `"${word}"`).join(", ") : "nothing";
}
