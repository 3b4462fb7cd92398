/**
 * The text of progress: times and logs.
 *
 * @module
 */
import type { Logs } from "../core/plugin.ts";
import { nonFinite } from "./_non_finite.ts";

/**
 * A time in the unit that suits it: `1.5ms`, `12ms`, `3s`, `2m05s`, `1h02m`.
 *
 * @param ms Milliseconds.
 */
export function duration(ms: number): string {
  if (ms < 0.9995) return ms === 0 ? "0s" : `${Math.round(ms * 1000)}us`;
  if (ms < 10) return `${Number(ms.toFixed(1))}ms`;
  if (ms < 999.5) return `${Math.round(ms)}ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  const two = (value: number) => String(value).padStart(2, "0");
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  }
  return `${Math.floor(seconds / 3600)}h${two(Math.floor(seconds / 60) % 60)}m`;
}

/**
 * Logs as Keras prints them: four decimals, or an exponent where those would
 * show nothing.
 */
export function logsText(logs: Logs): string {
  return Object.entries(logs).map(([key, value]) =>
    `${key}: ${kerasNumber(value!)}`
  )
    .join(" - ");
}

/** A number as Keras prints it. */
export function kerasNumber(value: number): string {
  const word = nonFinite(value);
  if (word !== undefined) return word;
  return isSmall(value) ? value.toExponential(4) : value.toFixed(4);
}

/**
 * A number as Keras prints it, or with fewer digits where that is wider than a
 * column: nine characters hold any.
 *
 * @param value The number.
 * @param width Width of the column.
 */
export function fitted(value: number, width: number): string {
  const most = kerasNumber(value);
  if (most.length <= width) return most;
  const forms = [3, 2, 1, 0].map((digits) =>
    isSmall(value) ? value.toExponential(digits) : value.toFixed(digits)
  );
  const exponents = [4, 3, 2, 1, 0].map((digits) =>
    value.toExponential(digits)
  );
  return [...forms, ...exponents].find((it) => it.length <= width) ?? most;
}

function isSmall(value: number): boolean {
  return value !== 0 && Math.abs(value) <= 1e-3;
}
