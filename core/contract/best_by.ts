/**
 * What tells a run's best epoch: one notion for all that speak of it.
 *
 * @module
 */
import type { Direction, Monitor, Plugin } from "../plugin.ts";
import type { Facts } from "./facts.ts";
import type { Entry } from "./plugin_list.ts";

/** A log key, and in which direction it is better. */
export interface BestBy {
  /** The log key. */
  readonly key: string;
  /** Whether lower or higher is better. */
  readonly direction: Direction;
  /** The plugin that goes by it. */
  readonly by: string;
}

/** What the best epoch goes by where nobody says so: the first of these keys that has a value. */
export const BEST_BY_DEFAULT: readonly Pick<BestBy, "key" | "direction">[] = [
  { key: "val_loss", direction: "min" },
  { key: "loss", direction: "min" },
];

/**
 * Whether a value is better than the best so far: NaN never is, nor is an equal
 * one. They are compared as 32-bit floats, as plugins do.
 *
 * @param value The value of an epoch; undefined if it has none.
 * @param best The best so far; undefined if there is none.
 */
export function isBetter(
  value: number | undefined,
  best: number | undefined,
  direction: Direction,
): value is number {
  if (value === undefined || Number.isNaN(value)) return false;
  if (best === undefined) return true;
  const [a, b] = [Math.fround(value), Math.fround(best)];
  return direction === "min" ? a < b : a > b;
}

/** What a plugin goes by, in full; undefined if it keeps no best. */
export function monitorOf(
  { monitor }: Pick<Plugin, "monitor">,
): Exclude<Monitor, string> | undefined {
  return typeof monitor === "string" ? { key: monitor } : monitor;
}

/**
 * What the best epoch of a run goes by: the first plugin that monitors a key of
 * its epochs.
 *
 * @param entries The plugins, in the order they were listed.
 * @param facts What the loop knows of itself.
 * @returns Nothing if no plugin keeps a best; and a warning if two of them do
 * not agree.
 */
export function bestBy(
  entries: readonly Entry[],
  facts: Facts,
): { readonly best: BestBy | undefined; readonly warnings: string[] } {
  if (facts.mode !== "fit") return { best: undefined, warnings: [] };
  const all = entries.flatMap(({ heeded, name: by }) => {
    const monitor = monitorOf(heeded);
    if (!monitor) return [];
    const { key, direction = facts.directions[key] } = monitor;
    return direction && isEpochKey(key, entries, facts)
      ? [{ key, direction, by }]
      : [];
  });
  const [best] = all;
  const other = all.find(({ key, direction }) =>
    key !== best!.key || direction !== best!.direction
  );
  return { best, warnings: other ? [disagreement(best!, other)] : [] };
}

/** Whether a key can be in the logs of an epoch. */
export function isEpochKey(
  key: string,
  entries: readonly Entry[],
  { keys }: Facts,
): boolean {
  return (keys("onEpochEnd")?.has(key) ?? true) ||
    entries.some(({ heeded }) => heeded.provides?.onEpochEnd?.includes(key));
}

function disagreement(best: BestBy, other: BestBy): string {
  const text = ({ key, direction }: BestBy) =>
    best.key === other.key ? `the ${direction} of "${key}"` : `"${key}"`;
  return `Plugin "${best.by}" goes by ${
    text(best)
  } to tell what is best, and "${other.by}" by ${
    text(other)
  }: "best epoch" goes by ${text(best)}; give both the same 'monitor' to agree`;
}
