/**
 * Which log keys the loop puts into which hook: the table the contract is
 * checked against.
 *
 * @module
 */
import type { Direction, HookName } from "../plugin.ts";

/** Whether a key is there each time, or in some epochs only. */
export type Presence = "always" | "sometimes";

/** Log key -> how often it is there. */
export type KeysOfHook = ReadonlyMap<string, Presence>;

/** How often validation runs, and why not more often. */
export interface Validation {
  /** In each epoch, in some, or in none. */
  readonly presence: Presence | "never";
  /** The reason, to stand behind a colon in a message. */
  readonly why: string;
}

/** What an epoch's logs are called after validation. */
export const VALIDATION_PREFIX = "val_";

/** The batches of validation do not count as the epoch's: these hooks see no `val_` keys. */
const TRAINING_KEYS: readonly HookName[] = ["onTrainBatchEnd"];
const EPOCH_KEYS: readonly HookName[] = ["onEpochEnd", "onTrainEnd"];
const TEST_KEYS: readonly HookName[] = ["onTestBatchEnd", "onTestEnd"];

/**
 * The keys the loop puts into a hook.
 *
 * @param hook The hook.
 * @param metrics What a step reports, such as `["loss", "accuracy"]`.
 * @param validation How often validation runs.
 */
export function keysOfHook(
  hook: HookName,
  metrics: readonly string[],
  validation: Validation,
): KeysOfHook {
  if (hook === "onPredictBatchEnd") return new Map([["outputs", "always"]]);
  if (TRAINING_KEYS.includes(hook) || TEST_KEYS.includes(hook)) {
    return new Map(metrics.map((key) => [key, "always"]));
  }
  if (!EPOCH_KEYS.includes(hook)) return new Map();
  const { presence } = validation;
  return new Map<string, Presence>([
    ...metrics.map((key) => [key, "always"] as const),
    ...presence === "never"
      ? []
      : metrics.map((key) => [VALIDATION_PREFIX + key, presence] as const),
  ]);
}

/**
 * How often validation runs.
 *
 * @param given Whether there are validation data.
 * @param frequency Every so many epochs, or after the epochs listed (counted from 1).
 * @param initialEpoch Index of the first epoch.
 * @param epochs Index after the last epoch.
 */
export function validationOf(
  given: boolean,
  frequency: number | readonly number[],
  initialEpoch: number,
  epochs: number,
): Validation {
  if (!given) {
    return {
      presence: "never",
      why:
        "val_ keys exist when validation data is given: pass `validationData` or `validationSplit`, or take a key without val_",
    };
  }
  const when = typeof frequency === "number"
    ? `every ${frequency} epochs`
    : `after epochs ${frequency.join(", ")}`;
  const count = Math.max(0, epochs - initialEpoch);
  let hits = 0;
  for (let e = initialEpoch; e < epochs; e++) {
    if (validates(e, frequency)) hits++;
  }
  if (hits === count) return { presence: "always", why: "" };
  return hits > 0
    ? { presence: "sometimes", why: `validation runs ${when}` }
    : {
      presence: "never",
      why:
        `validation runs ${when} and so never in this run, whose last epoch is ${epochs}`,
    };
}

/**
 * Whether validation runs after an epoch.
 *
 * @param epoch Index of the epoch, from 0.
 * @param frequency As in {@linkcode validationOf}.
 */
export function validates(
  epoch: number,
  frequency: number | readonly number[],
): boolean {
  return typeof frequency === "number"
    ? (epoch + 1) % frequency === 0
    : frequency.includes(epoch + 1);
}

/**
 * Directions by log key, `val_` keys included.
 *
 * @param known Directions by log key without `val_`; `loss` need not be there.
 */
export function directionsOf(
  known: Readonly<Record<string, Direction>> = {},
): Record<string, Direction> {
  const directions: Record<string, Direction> = {};
  const base = { loss: "min", accuracy: "max", acc: "max", ...known } as const;
  for (const [key, direction] of Object.entries(base)) {
    directions[key] = direction;
    directions[VALIDATION_PREFIX + key] ??= direction;
  }
  return directions;
}
