/**
 * Whether the logs that are passed in hold the keys that were declared.
 *
 * @module
 */
import { suggestion } from "../did_you_mean.ts";
import { InputError } from "../errors.ts";

/**
 * Refuse keys that were not declared and, unless they are optional, missing ones.
 *
 * @param what Whose logs they are, for the message.
 * @param logs What is passed in.
 * @param metrics The keys that must be there.
 * @param optional Keys that may be there besides.
 * @throws {InputError} If a key is unknown or missing.
 */
export function checkHanded(
  what: string,
  logs: Readonly<Record<string, unknown>>,
  metrics: readonly string[],
  optional: readonly string[] = [],
): void {
  let found = 0;
  for (const key in logs) {
    if (metrics.includes(key)) found++;
    else if (!optional.includes(key)) {
      const known = [...metrics, ...optional];
      throw new InputError(
        `Cannot use ${what}: "${key}" is not among the declared keys ${
          known.map((it) => `"${it}"`).join(", ")
        }${suggestion(key, known)}`,
      );
    }
  }
  if (found === metrics.length) return;
  const missing = metrics.filter((key) => !(key in Object(logs)));
  throw new InputError(
    `Cannot use ${what}: ${
      missing.map((key) => `"${key}"`).join(", ")
    } was declared in 'metrics' and is missing`,
  );
}
