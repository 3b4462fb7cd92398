/**
 * A value as it appears in a message, whatever was given for an option.
 *
 * @module
 */

/** Text as it is, an object as it would stand in code, as far as it can be shown. */
export function shown(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return "an object";
  }
}
