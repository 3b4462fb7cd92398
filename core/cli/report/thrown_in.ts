/**
 * Whose code threw an error, by its stack.
 *
 * @module
 */

/** Where something was thrown. */
export interface ThrownIn {
  /** Whose code it was: the user's, a package's such as tf.js, or hookloop's. */
  readonly by: "user" | "package" | "hookloop";
  /** The lines of the stack that are in the user's files, the innermost first. */
  readonly frames: readonly string[];
}

/** The folder `core/`, wherever this package was loaded from. */
const CORE = new URL("../../", import.meta.url).href;

/**
 * Look at a stack. Of the code that is neither Deno's nor a package's, whoever is
 * innermost is held to have caused it: a model that tf.js refuses is the doing of
 * whoever built it.
 *
 * @param thrown What was thrown. Only a user throws what is no error.
 */
export function thrownIn(thrown: unknown): ThrownIn {
  const lines = thrown instanceof Error ? String(thrown.stack).split("\n") : [];
  const all = lines.filter((line) => /^\s+at .*:\/\//.test(line));
  const known = all.filter((line) => !isPackage(line));
  const frames = known.filter((line) => !line.includes(CORE));
  const users = !(thrown instanceof Error) ||
    known[0] && known[0] === frames[0];
  const by = users
    ? "user"
    : all[0] && isPackage(all[0])
    ? "package"
    : "hookloop";
  return { by, frames };
}

/** Whether a line of a stack is in a package from npm or JSR; this package may be one. */
function isPackage(line: string): boolean {
  return !line.includes(CORE) &&
    /\/node_modules\/|\/npm\/|:\/\/jsr\.io\//.test(line);
}

/**
 * Where in the user's files or the core a call came from, such as
 * `/home/ada/plugins/x.ts:3:5`.
 *
 * @param stack The stack of an error made in what was called.
 */
export function callerIn(
  stack: string,
): { readonly place: string; readonly own: boolean } | undefined {
  const line = stack.split("\n").slice(2).find((it) => /:\/\//.test(it));
  const place = line && /(\w+:\/\/[^)\s]+)/.exec(line)?.[1];
  return place === undefined ? undefined : {
    place: place.replace(/^file:\/\//, ""),
    own: place.startsWith(CORE),
  };
}
