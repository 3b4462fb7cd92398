/**
 * Plugins that run only if possible: each is left out, with a reason, where the
 * run cannot give it what it needs or has another plugin of its name. Several of
 * one name are alternatives, of which the first that can run does.
 *
 * @module
 */
import type { Entry } from "./plugin_list.ts";

/** The plugins that can run, and why others cannot. */
export interface Possible {
  /** In the order they were listed. */
  readonly entries: readonly Entry[];
  /** A line for each name that none of its alternatives took. */
  readonly leftOut: readonly string[];
}

/**
 * Leave out what cannot run.
 *
 * @param entries All plugins, in the order they were listed.
 * @param problemsOf What stands in the way of some of them.
 * @param settled Whether all that a plugin depends on is known by now; until
 * then its alternatives stay.
 */
export function possible(
  entries: readonly Entry[],
  problemsOf: (entries: readonly Entry[]) => readonly string[],
  settled: (entry: Entry) => boolean,
): Possible {
  const asked = entries.filter((entry) => !entry.ifPossible);
  if (asked.length === entries.length) return { entries, leftOut: [] };
  const kept = new Set(asked);
  const taken = new Set(asked.map(({ name }) => name));
  const reasons = new Map<string, string>();
  const without = new Set(problemsOf(asked));
  for (const entry of entries) {
    if (taken.has(entry.name)) continue;
    const reason = problemsOf([...asked, entry])
      .find((problem) => !without.has(problem));
    if (reason === undefined) {
      kept.add(entry);
      if (settled(entry)) taken.add(entry.name);
    } else reasons.set(entry.name, reason);
  }
  for (const { name } of kept) reasons.delete(name);
  return {
    entries: entries.filter((entry) => kept.has(entry)),
    leftOut: [...reasons.values()].map((it) => `Left out: ${withoutHint(it)}`),
  };
}

/** The hint and the file are for who asked for the plugin. */
function withoutHint(problem: string): string {
  return problem.replace(/(\n| {3}\().*/s, "");
}
