/**
 * What to do about a permission that was there when the process began, and is
 * not any more.
 *
 * @module
 */
import { DATA_HOSTS } from "../../data/remote_sets.ts";

/** A process never gets back what it gave up. */
let givenUp = false;

/** From now on a permission that is missing may have been given up. */
export function rememberGivenUp(): void {
  givenUp = true;
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
  return DATA_HOSTS.some((host) => what.startsWith(host))
    ? "\n    Data sets are downloaded before a run begins, which then gives up their hosts: name this one with --data, or load it at the top level of the experiment's file"
    : `\n    A run gives up what no file of it says it needs; say so at the top of the file: export const permissions = { ${kind}: [${
      JSON.stringify(what)
    }] };`;
}

/** What Deno says that it refused. */
function refusal(thrown: unknown): string {
  let error = thrown;
  while (error instanceof Error) {
    if (error instanceof Deno.errors.NotCapable) return error.message;
    error = error.cause;
  }
  return "";
}
