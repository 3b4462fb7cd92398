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
  const stack = stackOf(thrown);
  if (stack === undefined) return { by: "user", frames: [] };
  const all = stack.split("\n").filter((line) => /^\s+at .*:\/\//.test(line));
  const known = all.filter((line) => !isPackage(line));
  const frames = known.filter((line) => !line.includes(CORE));
  if (known[0] && known[0] === frames[0]) return { by: "user", frames };
  return { by: all[0] && isPackage(all[0]) ? "package" : "hookloop", frames };
}

function stackOf(thrown: unknown): string | undefined {
  try {
    return thrown instanceof Error ? String(thrown.stack) : undefined;
  } catch {
    return undefined; // It throws when it is looked at: a user's doing.
  }
}

/** Whether a line of a stack is in a package from npm or JSR; this package may be one. */
function isPackage(line: string): boolean {
  return !line.includes(CORE) &&
    /\/node_modules\/|\/npm\/|:\/\/jsr\.io\//.test(line);
}

/**
 * The file, line and column of a line of a stack, such as `plugins/x.ts:3:5`;
 * undefined if there is none.
 */
export function placeIn(line: string): string | undefined {
  const [, url, position] = /(\w+:\/\/[^)\s]+?)((?::\d+)*)\)?$/.exec(line) ??
    [];
  if (url === undefined) return undefined;
  if (!url.startsWith("file:")) return url + position;
  const path = decodeURIComponent(new URL(url).pathname);
  const here = `${Deno.cwd()}/`;
  return (path.startsWith(here) ? path.slice(here.length) : path) + position;
}

/**
 * The line of a stack that a call came from, and whether it is in the core.
 *
 * @param stack The stack of an error made in what was called.
 */
export function callerIn(
  stack: string,
): { readonly line: string; readonly own: boolean } | undefined {
  const line = stack.split("\n").slice(2).find((it) => /:\/\//.test(it));
  return line === undefined ? undefined : { line, own: line.includes(CORE) };
}
