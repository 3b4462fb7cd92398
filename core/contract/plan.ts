/**
 * The contract, checked before the first step: plugins and the loop's log keys
 * in, out comes who runs in each hook, in which order, seeing which keys; or
 * every problem at once.
 *
 * @module
 */
import {
  type Capability,
  type Direction,
  HOOK_NAMES,
  type HookName,
} from "../plugin.ts";
import type { Entry } from "./plugin_list.ts";
import type { KeysOfHook, Validation } from "./log_keys.ts";
import {
  cycleProblem,
  entryProblems,
  missingKey,
  nameProblems,
} from "./problems.ts";

/** What the loop knows of itself before it starts. */
export interface Facts {
  /** The keys it puts into a hook; undefined if only known as they come. */
  readonly keys: (hook: HookName) => KeysOfHook | undefined;
  /** How often validation runs. */
  readonly validation: Validation;
  /** Directions by log key. */
  readonly directions: Readonly<Record<string, Direction>>;
  /** What the run can offer. */
  readonly offers: ReadonlySet<Capability>;
}

/** One plugin's turn in a hook. */
export interface Turn {
  /** Who. */
  readonly entry: Entry;
  /** The keys it sees: the loop's, and those of plugins before it. */
  readonly sees: KeysOfHook;
}

/** Who runs in a hook, in order. */
export interface HookPlan {
  /** The turns, in order. */
  readonly turns: readonly Turn[];
  /** Whether any of them reads one of the loop's own keys. If not, nothing need be read from the device. */
  readonly reads: boolean;
  /** All keys after the last turn. */
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
  /** By hook; a hook that nobody has is missing, one whose keys are not known yet too. */
  readonly hooks: { readonly [H in HookName]?: HookPlan };
  /** Why the run cannot start; empty if it can. */
  readonly problems: readonly string[];
  /** What the user should know, each once. */
  readonly warnings: readonly string[];
}

/**
 * Work out the plan of a run.
 *
 * @param entries The plugins, in the order they were listed.
 * @param facts What the loop knows of itself.
 */
export function makePlan(entries: readonly Entry[], facts: Facts): Plan {
  const hooks: { [H in HookName]?: HookPlan } = {};
  const exists = (key: string) =>
    HOOK_NAMES.some((hook) => facts.keys(hook)?.has(key) ?? true) ||
    entries.some(({ plugin }) =>
      Object.values(plugin.provides ?? {}).some((keys) => keys?.includes(key))
    );
  const problems = [
    ...nameProblems(entries),
    ...entries.flatMap((entry) => entryProblems(entry, facts, exists)),
  ];
  const warnings: string[] = [];
  for (const hook of HOOK_NAMES) {
    const base = facts.keys(hook);
    if (base === undefined || !entries.some(({ plugin }) => plugin[hook])) {
      continue;
    }
    const checked = planHook(hook, entries, base, facts.validation);
    hooks[hook] = checked;
    problems.push(...checked.problems);
    warnings.push(...checked.warnings);
  }
  return { hooks, problems, warnings };
}

/**
 * Work out one hook: order the plugins that have it, prove that each key they
 * need is there.
 *
 * @param hook The hook.
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
  const mine = byTier(entries.filter(({ plugin }) => plugin[hook]));
  const { order, waiting } = providersFirst(hook, mine, base);
  const problems: string[] = waiting.length
    ? [cycleProblem(hook, waiting)]
    : [];
  const warnings: string[] = [];
  const turns: Turn[] = [];
  let sees = base;
  for (const entry of order) {
    turns.push({ entry, sees });
    for (const key of entry.plugin.needs?.[hook] ?? []) {
      const presence = sees.get(key);
      if (presence === undefined) {
        problems.push(missingKey(hook, entry, key, sees, entries, validation));
      } else if (presence === "sometimes") {
        warnings.push(
          `Plugin "${entry.plugin.name}" needs log key "${key}" in ${hook}, which is there in some epochs only: ${validation.why}`,
        );
      }
    }
    const provided = entry.plugin.provides?.[hook] ?? [];
    if (provided.length) {
      sees = new Map([
        ...sees,
        ...provided.map((key) => [key, "always"] as const),
      ]);
    }
  }
  warnings.push(...blindTurns(hook, turns, sees));
  const reads = turns.some(({ entry }) => {
    const needs = entry.plugin.needs?.[hook];
    return needs === undefined || needs.some((key) => base.has(key));
  });
  return { turns, reads, keys: sees, problems, warnings };
}

/** Plugins that take all keys there are, but stand before one that adds some. */
function blindTurns(
  hook: HookName,
  turns: readonly Turn[],
  all: KeysOfHook,
): string[] {
  return turns.filter(({ entry }) =>
    !entry.bare && entry.plugin.needs && !entry.plugin.needs[hook]
  ).flatMap(({ entry, sees }) => {
    const missed = [...all.keys()].filter((key) =>
      !sees.has(key) && !entry.plugin.provides?.[hook]?.includes(key)
    );
    return missed.map((key) => {
      const giver = turns.find(({ entry }) =>
        entry.plugin.provides?.[hook]?.includes(key)
      )!.entry.plugin.name;
      return `Plugin "${entry.plugin.name}" does not see "${key}" in ${hook}, for it stands before "${giver}", which adds it: list it behind`;
    });
  });
}

/** `order: "pre"` first, `"post"` last, else as listed. */
function byTier(entries: readonly Entry[]): Entry[] {
  const tier = { pre: 0, none: 1, post: 2 };
  return entries.toSorted((a, b) =>
    tier[a.plugin.order ?? "none"] - tier[b.plugin.order ?? "none"]
  );
}

/**
 * The listed order, save that a provider goes before whoever needs its key.
 * Whoever is still `waiting` at the end waits for another that waits too.
 */
function providersFirst(
  hook: HookName,
  entries: readonly Entry[],
  base: KeysOfHook,
): { order: Entry[]; waiting: Entry[] } {
  const order: Entry[] = [];
  const waiting = [...entries];
  const provides = (e: Entry, key: string) =>
    e.plugin.provides?.[hook]?.includes(key) ?? false;
  const ready = (entry: Entry, ofBaseToo: boolean) =>
    (entry.plugin.needs?.[hook] ?? []).every((key) =>
      (!ofBaseToo && base.has(key)) ||
      !waiting.some((other) => other !== entry && provides(other, key))
    );
  while (waiting.length) {
    let next = waiting.findIndex((entry) => ready(entry, true));
    // Two plugins that each rewrite a key the other reads need not wait: the loop gives it.
    if (next < 0) next = waiting.findIndex((entry) => ready(entry, false));
    if (next < 0) break;
    order.push(...waiting.splice(next, 1));
  }
  return { order, waiting };
}
