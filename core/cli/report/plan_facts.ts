/**
 * The plan of a run as its record has it: who runs when, what it reads and what
 * it adds.
 *
 * @module
 */
import { HOOK_NAMES } from "../../plugin.ts";
import type { PlannedRun } from "../../run/planned_run.ts";
import { isObject, objects, text, texts } from "./plain_facts.ts";
import { planHeader, readsOf } from "./plan_text.ts";

/** A plan, as plain data. */
export interface PlanFacts {
  /** What is planned, in a line: `Training: 5 epochs of 94 batches`. */
  readonly what: string;
  /** The hooks that plugins have, in the order in which they first run. */
  readonly hooks: readonly PlannedHook[];
  /** Why plugins that run only if possible do not: a line for each. */
  readonly leftOut: readonly string[];
  /** What the user was told of the plan. */
  readonly warnings: readonly string[];
}

/** Who runs in a hook. */
export interface PlannedHook {
  /** Its name. */
  readonly hook: string;
  /** The log keys that are there in the end. */
  readonly keys: readonly string[];
  /** The plugins, in their order. */
  readonly calls: readonly {
    /** Its name. */
    readonly plugin: string;
    /** The log keys it reads, as text: `all`, or a list; absent for none. */
    readonly reads?: string;
    /** The log keys it adds. */
    readonly adds?: readonly string[];
    /** Whether it is on trial. */
    readonly shadow?: true;
    /** Whether it only looks on, and acts when people ask it to. */
    readonly onlooker?: true;
  }[];
}

/** The plan of a run, for its record. */
export function planFacts(
  { plan, params, leftOut }: PlannedRun,
): PlanFacts {
  const hooks = HOOK_NAMES.flatMap((hook): PlannedHook[] => {
    const planned = plan.hooks[hook];
    if (!planned) return [];
    const calls = planned.calls.map(({ entry: { name, plugin, shadow } }) => {
      const reads = readsOf(hook, plugin.needs);
      const adds = plugin.provides?.[hook] ?? [];
      return {
        plugin: name,
        ...reads && { reads },
        ...adds.length && { adds },
        ...shadow && { shadow: true as const },
        ...plugin.onlooker && { onlooker: true as const },
      };
    });
    return [{ hook, keys: [...planned.keys.keys()], calls }];
  });
  return {
    what: planHeader(params),
    hooks,
    leftOut,
    warnings: plan.warnings,
  };
}

/**
 * The plan in a record.
 *
 * @returns Undefined if there is none.
 */
export function planFrom(facts: unknown): PlanFacts | undefined {
  if (!isObject(facts)) return undefined;
  return {
    what: text(facts.what) ?? "",
    hooks: objects(facts.hooks).map(({ hook, keys, calls }) => ({
      hook: text(hook) ?? "?",
      keys: texts(keys),
      calls: objects(calls).map(({ plugin, reads, adds, ...is }) => ({
        plugin: text(plugin) ?? "?",
        ...text(reads) && { reads: text(reads)! },
        ...texts(adds).length && { adds: texts(adds) },
        ...is.shadow === true && { shadow: true as const },
        ...is.onlooker === true && { onlooker: true as const },
      })),
    })),
    leftOut: texts(facts.leftOut),
    warnings: texts(facts.warnings),
  };
}
