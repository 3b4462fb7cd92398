/**
 * What the tests of runs are given, and what they read.
 *
 * @module
 */
import type { Context } from "../../../../core/cli/experiment/context.ts";
import { silent } from "../../../../core/terminal.ts";

/** A context with a folder of its own, which is not there yet. */
export async function context(given: Partial<Context> = {}): Promise<Context> {
  return {
    seed: 1,
    options: {},
    dir: `${await Deno.makeTempDir()}/run`,
    plugins: (own = []) => own,
    printer: silent(),
    about: { seed: 1 },
    ...given,
  };
}

/** The record in the folder of a run. */
// deno-lint-ignore no-explicit-any
export function recordIn(dir: string): any {
  return JSON.parse(Deno.readTextFileSync(`${dir}/run.json`));
}
