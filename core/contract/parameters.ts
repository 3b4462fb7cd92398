/**
 * Hooks that take their arguments in another order, told by the name of the
 * first parameter: a guess, so it is a warning.
 *
 * @module
 */
import { HOOK_NAMES, type HookName, HOOKS } from "../plugin.ts";
import { type Entry, inFile } from "./plugin_list.ts";

/**
 * A warning for each hook whose first parameter is named after another one.
 *
 * @param entries The plugins.
 * @param runs Whether a hook will run.
 */
export function orderWarnings(
  entries: readonly Entry[],
  runs: (hook: HookName) => boolean,
): string[] {
  return entries.flatMap(({ plugin, name, file }) =>
    HOOK_NAMES.filter(runs).flatMap((hook) => {
      const { indexed } = HOOKS[hook];
      const first = firstParameter(plugin[hook]);
      const odd = indexed
        ? /^_?logs?$|^\{/
        : /^_?(epoch|batch|index|step)(index)?$/i;
      if (first === undefined || !odd.test(first)) return [];
      const order = indexed ? `(${indexed}, logs, run)` : "(logs, run)";
      return `Plugin "${name}": ${hook} is called with ${order}, but its first parameter is ${
        first === "{" ? "taken apart" : `named "${first}"`
      }${inFile(file)}`;
    })
  );
}

/** Its name, or `{` if it is taken apart; undefined if there is none to be seen. */
function firstParameter(hook: unknown): string | undefined {
  if (typeof hook !== "function") return undefined;
  const source = Function.prototype.toString.call(hook);
  const [, listed, alone] =
    /^(?:[^(){}=]*\(\s*([\w$]+|\{)|(?:async\s+)?([\w$]+)\s*=>)/.exec(source) ??
      [];
  return listed ?? alone;
}
