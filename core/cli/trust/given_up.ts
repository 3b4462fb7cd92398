/**
 * What to do about a permission that was there when the process began, and is
 * not any more.
 *
 * @module
 */
import { isA } from "../../errors.ts";
import type { Permissions } from "../../plugin.ts";
import { DATA_HOSTS } from "../../data/remote_sets.ts";

/** A process never gets back what it gave up. */
let givenUp: Permissions | undefined;

/**
 * From now on a permission that is missing may have been given up.
 *
 * @param granted What the tasks grant.
 */
export function rememberGivenUp(granted: Permissions): void {
  givenUp = granted;
}

/**
 * A line of advice that names no flag of Deno, as the task may well have it;
 * empty if the error is about no permission that a run gives up.
 *
 * @param thrown What ended the command, itself or by one of its causes.
 */
export function givenUpAdvice(thrown: unknown): string {
  if (!givenUp) return "";
  const [, kind, what = ""] =
    /^Requires (write|net) access to "([^"]*)"/.exec(refusal(thrown)) ?? [];
  if (kind === undefined) return "";
  const inTasks = givenUp.write?.some((path) => isIn(what, path));
  if (kind === "write" && !inTasks) return "";
  return DATA_HOSTS.some((host) => what.startsWith(host))
    ? "\n    Data sets are downloaded before a run begins, which then gives up their hosts: name this one with --data, or load it at the top level of the experiment's file"
    : `\n    A run gives up what no file of it says it needs; say so at the top of the file: export const permissions = { ${kind}: [${
      JSON.stringify(what)
    }] };`;
}

function isIn(path: string, folder: string): boolean {
  const here = `${Deno.cwd()}/`;
  const shown = path.startsWith(here) ? path.slice(here.length) : path;
  return shown === folder || shown.startsWith(`${folder}/`);
}

/** What Deno says that it refused. */
function refusal(thrown: unknown): string {
  let error = thrown;
  try {
    while (isA(error, Error)) {
      const { message, cause }: Error = error;
      if (isA(error, Deno.errors.NotCapable)) return message;
      error = cause;
    }
  } catch {
    // It throws when it is looked at: no refusal of Deno's.
  }
  return "";
}
