/**
 * Numbers as Python prints them, where Keras does.
 *
 * @module
 */
import { nonFinite } from "./_non_finite.ts";

/**
 * A float as Python's `repr` writes it: the shortest text that gives the same
 * number, with `.0` where it is whole, and with an exponent sooner than in
 * JavaScript: below 1e-4 and from 1e16 on.
 *
 * @param value The number.
 */
export function pythonFloat(value: number): string {
  const word = nonFinite(value);
  if (word !== undefined) return word;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    return pythonExponent(value.toExponential());
  }
  const sign = Object.is(value, -0) ? "-" : "";
  return sign + value + (Number.isInteger(value) ? ".0" : "");
}

/**
 * Python writes at least two exponent digits.
 *
 * @param text A number with an exponent, as JavaScript writes it.
 */
export function pythonExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, "e$10$2");
}
