/**
 * Numbers for people.
 *
 * @module
 */

/** A number in few digits. */
export function short(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 1e-3 ||
      !Number.isFinite(value)
    ? String(Number(value.toFixed(4)))
    : value.toExponential(2);
}
