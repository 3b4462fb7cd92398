/**
 * What a plugin needs in a hook, read off its table.
 *
 * @module
 */
import type { HookName, Need, Plugin } from "../plugin.ts";

/** The log keys a plugin gets in a hook: all there are, or those of a list. */
export function neededKeys(
  { needs }: Plugin,
  hook: HookName,
): "all" | readonly string[] {
  if (!needs) return "all";
  const listed = needs[hook] ?? [];
  return listed === "all" ? "all" : [...new Set(listed.map(keyOf))];
}

/** The keys whose direction a plugin must know in a hook. */
export function directedKeys(
  { needs }: Plugin,
  hook: HookName,
): readonly string[] {
  const listed = needs?.[hook] ?? [];
  return listed === "all"
    ? []
    : listed.filter((need) => typeof need === "object").map(keyOf);
}

function keyOf(need: Need): string {
  return typeof need === "string" ? need : need.key;
}
