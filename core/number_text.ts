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

/** A whole number, with its thousands apart. */
export function count(value: number): string {
  return Number.isFinite(value) ? value.toLocaleString("en-US") : String(value);
}

/** `1 epoch`, `2 epochs`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
