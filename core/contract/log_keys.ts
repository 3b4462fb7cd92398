/**
 * Which log keys the loop puts into which hook: the table the contract is
 * checked against.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import {
  type Direction,
  type HookName,
  HOOKS,
  type LogRecord,
} from "../plugin.ts";

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

/** The results of a validation, as the logs of its epoch hold them. */
export function ofValidation(results: LogRecord): LogRecord {
  const logs: Record<string, number> = {};
  for (const [key, value] of Object.entries(results)) {
    logs[VALIDATION_PREFIX + key] = value;
  }
  return logs;
}

/** What the table of hooks says of a hook's logs: which keys they are, and the words for them. */
export const LOGS = {
  none: { keys: "none", text: "none" },
  trainingMeans: {
    keys: "steps",
    text: "`loss` and the metrics: means over the epoch so far",
  },
  testMeans: { keys: "steps", text: "`loss` and the metrics: means so far" },
  results: { keys: "steps", text: "`loss` and the metrics" },
  epoch: {
    keys: "epoch",
    text: "`loss`, the metrics and, when validation ran, the same with `val_`",
  },
  lastEpoch: { keys: "epoch", text: "those of the last epoch" },
  outputs: { keys: "outputs", text: "`outputs`" },
} as const;

/**
 * The keys the loop puts into a hook.
 *
 * @param metrics What a step reports, such as `["loss", "accuracy"]`;
 * undefined where that is known only as it comes.
 * @param validation How often validation runs.
 * @returns The keys; undefined where they are known only as they come.
 */
export function keysOfHook(
  hook: HookName,
  metrics: readonly string[] | undefined,
  validation: Validation,
): KeysOfHook | undefined {
  const { keys } = LOGS[HOOKS[hook].logs];
  if (keys === "none") return new Map();
  if (keys === "outputs") return new Map([["outputs", "always"]]);
  if (metrics === undefined) return undefined;
  const own = metrics.map((key) => [key, "always"] as const);
  const { presence } = validation;
  if (keys === "steps" || presence === "never") return new Map(own);
  return new Map<string, Presence>([
    ...own,
    ...metrics.map((key) => [VALIDATION_PREFIX + key, presence] as const),
  ]);
}

/**
 * The same, from the keys that came: a validation that runs now and then may
 * add its own later.
 *
 * @throws {InputError} If one of them cannot be a log key.
 */
export function keysThatCame(
  hook: HookName,
  came: readonly string[],
  validation: Validation,
): KeysOfHook {
  checkKeys(came);
  const keys = new Map<string, Presence>(came.map((key) => [key, "always"]));
  const stems = came.filter((key) => !key.startsWith(VALIDATION_PREFIX));
  for (const [key, presence] of keysOfHook(hook, stems, validation)!) {
    if (presence === "sometimes") keys.set(key, presence);
  }
  return keys;
}

/**
 * Why a value cannot be a log key, to stand behind it in a sentence; undefined
 * if it can.
 */
export function keyProblem(key: unknown): string | undefined {
  if (typeof key !== "string" || key === "") {
    return `is no log key: expected a name such as "loss"`;
  }
  // Logs are plain objects, on which these names always mean something.
  return key in Object.prototype
    ? "cannot be a log key: every object has something of that name"
    : undefined;
}

/**
 * Refuse log keys that cannot be.
 *
 * @throws {InputError} If one cannot.
 */
export function checkKeys(keys: readonly string[] | undefined): void {
  for (const key of keys ?? []) {
    const problem = keyProblem(key);
    if (problem) {
      throw new InputError(
        `Cannot use the metrics: ${JSON.stringify(key)} ${problem}`,
      );
    }
  }
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
  const hits = count && countBetween(frequency, initialEpoch, epochs);
  if (hits === count) return { presence: "always", why: "" };
  return hits > 0
    ? { presence: "sometimes", why: `validation runs ${when}` }
    : {
      presence: "never",
      why:
        `validation runs ${when} and so never in this run, whose last epoch is ${epochs}`,
    };
}

/** In how many epochs validation runs; their number may be huge. */
function countBetween(
  frequency: number | readonly number[],
  from: number,
  to: number,
): number {
  return typeof frequency === "number"
    ? Math.floor(to / frequency) - Math.floor(from / frequency)
    : new Set(frequency.filter((epoch) => epoch > from && epoch <= to)).size;
}

/** Whether validation runs after an epoch, whose index counts from 0. */
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
export function allDirections(
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
