/**
 * The built-in plugins by name, for command lines that run far from their
 * folder.
 *
 * @module
 */
import { type Found, inspect } from "../../contract/discover.ts";
import { InputError } from "../../errors.ts";

/** Their names. */
export const BUILTINS: readonly string[] = [
  "batch-lr-decay",
  "csv-logger",
  "early-stopping",
  "learning-rate-scheduler",
  "model-checkpoint",
  "momentum-schedule",
  "print-logs",
  "progress",
  "reduce-lr-on-plateau",
  "remote-monitor",
  "stop-on-threshold",
  "swap-ema-weights",
  "terminate-on-nan",
];

/**
 * A built-in plugin, loaded.
 */
export async function loadBuiltin(name: string): Promise<Found> {
  const { href } = builtinUrl(name);
  const found = await inspect(`plugins/${fileOf(name)}`, {
    list: () => Promise.resolve([]),
    load: () => import(href),
  });
  if ("problem" in found) throw new InputError(found.problem);
  return found;
}

/**
 * Where a built-in plugin's file is.
 */
export function builtinUrl(name: string): URL {
  return new URL(`../../../plugins/${fileOf(name)}`, import.meta.url);
}

function fileOf(name: string): string {
  return `${name.replaceAll("-", "_")}.ts`;
}
