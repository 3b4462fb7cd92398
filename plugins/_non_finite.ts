/**
 * Non-finite numbers as Python writes them, in files, bars and names.
 *
 * @module
 */

/**
 * `"nan"`, `"inf"` or `"-inf"`; undefined for any other number.
 *
 * @param value The number.
 */
export function nonFinite(value: number): string | undefined {
  if (Number.isFinite(value)) return undefined;
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}
