/**
 * A plugin's state: plain data that starts afresh with each run.
 *
 * @module
 */
import type { Plugin } from "../plugin.ts";

/** What each state was when the core first saw it. */
const initial = new WeakMap<object, object>();

/** Set a plugin's state back, in place, to what it was before its first run. */
export function resetState({ state }: Plugin): void {
  if (!state) return;
  const first = initial.get(state);
  if (first) putState(state, structuredClone(first));
  else initial.set(state, structuredClone(state));
}

/** Give a state other contents, in place: the plugin's hooks hold the object. */
export function putState(state: object, contents: object): void {
  for (const key of Object.keys(state)) {
    delete (state as Record<string, unknown>)[key];
  }
  Object.assign(state, contents);
}
