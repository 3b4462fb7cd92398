/**
 * The best epoch of a history.
 *
 * @module
 */
import { BEST_BY_DEFAULT, isBetter } from "../contract/best_by.ts";
import { allDirections } from "../contract/log_keys.ts";
import { InputError } from "../errors.ts";
import type { Direction } from "../plugin.ts";
import { directionOf } from "../tf/model/metric_names.ts";
import type { Given } from "./given.ts";
import { checkKey, isRate, metricOf } from "./keys.ts";
import type { BestOption } from "./options.ts";

/** The best epoch, counted from 1, and what it is best in. */
export interface Best {
  readonly epoch: number;
  readonly key: string;
  readonly value: number;
}

/**
 * The best epoch: what was asked for, else what the history says, else the
 * lowest `val_loss`, else the lowest `loss`.
 *
 * @throws {InputError} If there is no such key, or its direction is not known.
 */
export function bestOf(
  given: Given,
  option: BestOption | undefined,
): Best | undefined {
  if (option === false) return undefined;
  if (option === undefined) {
    const { best } = given;
    if (best) return { ...best, epoch: best.epoch + 1 };
    for (const { key, direction } of BEST_BY_DEFAULT) {
      const found = bestIn(given, key, direction);
      if (found) return found;
    }
    return undefined;
  }
  const { key, direction } = typeof option === "string"
    ? { key: option, direction: directionIn(given, option) }
    : option;
  checkKey(key, [...given.columns.keys()]);
  return bestIn(given, key, direction);
}

function directionIn({ directions, columns }: Given, key: string): Direction {
  checkKey(key, [...columns.keys()]);
  const found = { ...allDirections(), ...directions }[key] ??
    directionOf(metricOf(key));
  if (found && !isRate(key)) return found;
  throw new InputError(
    `Cannot tell the best epoch by "${key}": whether lower or higher is better is not known, so give { key: "${key}", direction: "min" } or "max" as 'best'`,
  );
}

function bestIn(
  { epochs, columns }: Given,
  key: string,
  direction: Direction,
): Best | undefined {
  let best: Best | undefined;
  for (const [i, value] of (columns.get(key) ?? []).entries()) {
    if (isBetter(value, best?.value, direction)) {
      best = { epoch: epochs[i]!, key, value };
    }
  }
  return best;
}
