/**
 * The best epoch of a history.
 *
 * @module
 */
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
    return best
      ? { ...best, epoch: best.epoch + 1 }
      : bestIn(given, "val_loss", "min") ?? bestIn(given, "loss", "min");
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

/** NaN is never the best; of equal values the first is. They are compared as 32-bit floats, as plugins do. */
function bestIn(
  { epochs, columns }: Given,
  key: string,
  direction: Direction,
): Best | undefined {
  let best: Best | undefined;
  for (const [i, value] of (columns.get(key) ?? []).entries()) {
    if (value === undefined || Number.isNaN(value)) continue;
    const [now, before] = [value, best?.value ?? NaN].map(Math.fround);
    const better = direction === "min" ? now! < before! : now! > before!;
    if (!best || better) best = { epoch: epochs[i]!, key, value };
  }
  return best;
}
