/**
 * Which keys of a history are drawn together.
 *
 * @module
 */
import { VALIDATION_PREFIX } from "../contract/log_keys.ts";
import { synonymOf } from "../contract/synonyms.ts";
import { suggestion } from "../did_you_mean.ts";
import { InputError } from "../errors.ts";
import { listed } from "./options.ts";

/** What the learning rate is called: by Keras 3, and before. */
const RATES: readonly string[] = ["learning_rate", "lr"];

/** Whether a key is the learning rate. */
export function isRate(key: string): boolean {
  return RATES.includes(key);
}

/** The key without `val_`. */
export function metricOf(key: string): string {
  return isOfValidation(key) ? key.slice(VALIDATION_PREFIX.length) : key;
}

/** Whether a key is one of the validation's. */
export function isOfValidation(key: string): boolean {
  return key.startsWith(VALIDATION_PREFIX);
}

/** The key of the same metric in the validation. */
export function ofValidation(metric: string): string {
  return VALIDATION_PREFIX + metric;
}

/**
 * The keys that an option names, each once.
 *
 * @param given The option; undefined for all.
 * @param known The keys there are.
 * @param valid What else may be named.
 * @throws {InputError} If one is not there.
 */
export function chosenKeys(
  given: string | readonly string[] | undefined,
  known: readonly string[],
  valid: readonly string[] = [],
): readonly string[] {
  if (given === undefined) return known;
  const chosen = [...new Set(typeof given === "string" ? [given] : given)];
  for (const key of chosen) checkKey(key, known, valid);
  return chosen;
}

/**
 * Refuse a key that is not there.
 *
 * @throws {InputError} With the keys there are, and the one that was meant.
 */
export function checkKey(
  key: string,
  known: readonly string[],
  valid: readonly string[] = [],
): void {
  if (known.includes(key) || valid.includes(key)) return;
  const meant = synonymOf(key, known);
  throw new InputError(
    `Cannot draw ${JSON.stringify(key)}: ${
      known.length ? `there are ${listed(known)}` : "the history has no values"
    }${meant ? `, did you mean "${meant}"?` : suggestion(key, known)}`,
  );
}
