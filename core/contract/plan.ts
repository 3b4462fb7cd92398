/**
 * The contract, checked before the first step: plugins and the loop's log keys
 * in, out comes who runs in each hook, in which order, getting which keys; or
 * every problem at once.
 *
 * @module
 */
import { HOOK_NAMES, type HookName } from "../plugin.ts";
import { type BestBy, bestBy, isEpochKey, monitorOf } from "./best_by.ts";
import type { Facts } from "./facts.ts";
import type { KeysOfHook, Validation } from "./log_keys.ts";
import { directedKeys, neededKeys } from "./needs.ts";
import { orderWarnings } from "./parameters.ts";
import type { Entry } from "./plugin_list.ts";
import {
  cycleProblem,
  directionProblem,
  missingKey,
  nameProblems,
  requirementProblems,
} from "./problems.ts";

/** One plugin's call in a hook. */
export interface PlannedCall {
  /** Who. */
  readonly entry: Entry;
  /** The keys that are there: the loop's, and those of plugins before it. */
  readonly sees: KeysOfHook;
  /** The keys it is handed: all of these, or those of a list. */
  readonly gets: "all" | readonly string[];
}

/** Who runs in a hook, in order. */
export interface HookPlan {
  /** The calls, in order. */
  readonly calls: readonly PlannedCall[];
  /** Whether any of them reads one of the loop's own keys. If not, nothing need be read from the device. */
  readonly reads: boolean;
  /** All keys after the last call. */
  readonly keys: KeysOfHook;
}

/** The plan of one hook, with what is wrong in it and what is worth a warning. */
export interface CheckedHook extends HookPlan {
  /** Why the run cannot start. */
  readonly problems: readonly string[];
  /** What the user should know. */
  readonly warnings: readonly string[];
}

/** The plan of a run. */
export interface Plan {
  /** By hook; hooks that no plugin has, or whose keys are not known yet, are missing. */
  readonly hooks: { readonly [H in HookName]?: HookPlan };
  /** Why the run cannot start; empty if it can. */
  readonly problems: readonly string[];
  /** What the user should know, each once. */
  readonly warnings: readonly string[];
  /** What the best epoch goes by; undefined for `val_loss`, or `loss`. */
  readonly best: BestBy | undefined;
}

/**
 * Work out the plan of a run. Only what hooks that will run need counts.
 *
 * @param entries The plugins, in the order they were listed.
 * @param facts What the loop knows of itself.
 */
export function makePlan(entries: readonly Entry[], facts: Facts): Plan {
  const hooks: { [H in HookName]?: HookPlan } = {};
  const problems = [
    ...nameProblems(entries.filter(({ ifPossible }) => !ifPossible)),
    ...entries.flatMap((entry) => requirementProblems(entry, facts)),
    ...unknownDirections(entries, facts),
  ];
  const { best, warnings: disagreements } = bestBy(entries, facts);
  const warnings = [
    ...disagreements,
    ...orderWarnings(entries, facts.runs),
    ...entries.filter(reachesPast).map(({ name }) =>
      `Plugin "${name}" has the model itself: what it does to it directly is not held back`
    ),
  ];
  for (const hook of HOOK_NAMES) {
    const base = facts.keys(hook);
    const listened = facts.runs(hook) &&
      entries.some((entry) => entry.hooks[hook]);
    if (base === undefined || !listened) continue;
    const checked = planHook(hook, entries, base, facts.validation);
    hooks[hook] = checked;
    problems.push(...checked.problems);
    warnings.push(...checked.warnings);
  }
  return { hooks, problems, warnings, best };
}

/**
 * Work out one hook: order the plugins that have it, prove that each key they
 * need is there. A plugin whose key is missing is not among the calls.
 *
 * @param entries All plugins, in the order they were listed.
 * @param base The keys the loop puts into the hook.
 * @param validation How often validation runs, for messages.
 */
export function planHook(
  hook: HookName,
  entries: readonly Entry[],
  base: KeysOfHook,
  validation: Validation,
): CheckedHook {
  const mine = byTier(entries.filter((entry) => entry.hooks[hook]));
  const { order, waiting } = providersFirst(hook, mine, base);
  const problems = waiting.length ? [cycleProblem(hook, waiting)] : [];
  const warnings: string[] = [];
  const calls: PlannedCall[] = [];
  let sees = base;
  for (const entry of order) {
    const keys = neededKeys(entry.plugin, hook);
    const listed = keys === "all" ? [] : keys;
    const missing = listed.filter((key) => !sees.has(key));
    for (const key of missing) {
      problems.push(missingKey(hook, entry, key, sees, entries, validation));
    }
    if (!entry.ifPossible) {
      warnings.push(...rareKeys(hook, entry, listed, sees, validation));
    }
    // Where a list holds all there is, nothing need be picked from the logs.
    const gets = listed.length === sees.size ? "all" : keys;
    if (!missing.length) calls.push({ entry, sees, gets });
    sees = withProvided(sees, entry.heeded.provides?.[hook] ?? []);
  }
  warnings.push(...blindCalls(hook, order, calls, sees));
  const reads = calls.some(({ gets }) =>
    gets === "all" ? base.size > 0 : gets.some((key) => base.has(key))
  );
  return { calls, reads, keys: sees, problems, warnings };
}

/** Keys that are there now and then. */
function rareKeys(
  hook: HookName,
  { name }: Entry,
  keys: readonly string[],
  sees: KeysOfHook,
  { why }: Validation,
): string[] {
  return keys.filter((key) => sees.get(key) === "sometimes").map((key) =>
    `Plugin "${name}" needs log key "${key}" in ${hook}, which is there in some epochs only: ${why}`
  );
}

function withProvided(sees: KeysOfHook, keys: readonly string[]): KeysOfHook {
  return new Map([...sees, ...keys.map((key) => [key, "always"] as const)]);
}

/** Keys whose direction is missing; a key that does not exist at all is reported once, as such. */
function unknownDirections(
  entries: readonly Entry[],
  facts: Facts,
): string[] {
  const { mode, runs, keys, directions } = facts;
  const mayExist = (hook: HookName, key: string) =>
    (keys(hook)?.has(key) ?? true) ||
    entries.some((entry) => provides(entry, hook, key));
  return entries.flatMap((entry) => {
    const asked = HOOK_NAMES.filter(runs)
      .flatMap((hook) =>
        directedKeys(entry.plugin, hook).filter((key) => mayExist(hook, key))
      );
    const { key, direction } = monitorOf(entry.plugin) ?? {};
    if (
      mode === "fit" && !entry.bare && key !== undefined && !direction &&
      isEpochKey(key, entries, facts)
    ) asked.push(key);
    return [...new Set(asked)].filter((key) => directions[key] === undefined)
      .map((key) => directionProblem(entry, key));
  });
}

/** Plugins that ask for all keys, but stand before one that adds some. */
function blindCalls(
  hook: HookName,
  order: readonly Entry[],
  calls: readonly PlannedCall[],
  all: KeysOfHook,
): string[] {
  return calls.filter(({ entry }) => entry.plugin.needs?.[hook] === "all")
    .flatMap(({ entry, sees }) =>
      [...all.keys()].filter((key) =>
        !sees.has(key) && !provides(entry, hook, key)
      )
        .map((key) => {
          const giver = order.find((entry) => provides(entry, hook, key))!;
          return `Plugin "${entry.name}" does not see "${key}" in ${hook}, for it stands before "${giver.name}", which adds it: ${
            remedy(entry, giver)
          }`;
        })
    );
}

/** How to get `blind` behind `giver`. */
function remedy(blind: Entry, giver: Entry): string {
  if (blind.plugin.order === "pre") return `"${blind.name}" has order "pre"`;
  if (giver.plugin.order === "post") return `"${giver.name}" has order "post"`;
  return giver.file === undefined
    ? "list it behind"
    : `give "${giver.name}" order: "pre"`;
}

function provides({ heeded }: Entry, hook: HookName, key: string): boolean {
  return heeded.provides?.[hook]?.includes(key) === true;
}

/** Whether a shadow may act on the run in another way than through `run`. */
function reachesPast({ shadow, plugin }: Entry): boolean {
  return shadow &&
    (plugin.requires?.includes("model") || "setModel" in plugin);
}

/** `order: "pre"` first, `"post"` last, else as listed. */
function byTier(entries: readonly Entry[]): Entry[] {
  const tier = ({ plugin }: Entry) =>
    Number(plugin.order === "post") - Number(plugin.order === "pre");
  return entries.toSorted((a, b) => tier(a) - tier(b));
}

/**
 * The listed order, save that a provider goes before whoever needs its key.
 * Whoever is still `waiting` at the end waits for another that waits too.
 */
function providersFirst(
  hook: HookName,
  entries: readonly Entry[],
  base: KeysOfHook,
): { order: readonly Entry[]; waiting: readonly Entry[] } {
  const order: Entry[] = [];
  let waiting = entries;
  const ready = (entry: Entry, ofBaseToo: boolean) => {
    const keys = neededKeys(entry.plugin, hook);
    return keys === "all" ||
      keys.every((key) =>
        (!ofBaseToo && base.has(key)) ||
        !waiting.some((other) => other !== entry && provides(other, hook, key))
      );
  };
  for (;;) {
    // Two plugins that each rewrite a key the other reads need not wait: the loop gives it.
    const next = waiting.find((entry) => ready(entry, true)) ??
      waiting.find((entry) => ready(entry, false));
    if (!next) return { order, waiting };
    order.push(next);
    waiting = waiting.filter((entry) => entry !== next);
  }
}
