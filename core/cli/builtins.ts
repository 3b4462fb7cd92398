/**
 * The built-in plugins by name, for command lines that run far from their
 * folder.
 *
 * @module
 */
import { type Found, inspect } from "../discover.ts";
import { InputError } from "../errors.ts";

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
 *
 * @param name Its name.
 */
export async function loadBuiltin(name: string): Promise<Found> {
  const file = `${name.replaceAll("-", "_")}.ts`;
  const url = new URL(`../../plugins/${file}`, import.meta.url).href;
  const found = await inspect(`plugins/${file}`, {
    list: () => Promise.resolve([]),
    load: () => import(url),
  });
  if ("problem" in found) throw new InputError(found.problem);
  return found;
}
