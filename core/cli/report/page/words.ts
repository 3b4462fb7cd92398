/**
 * Numbers and times as a page has them.
 *
 * @module
 */
import { duration } from "../run_lines.ts";
import { short } from "../../../number_text.ts";

/** A value of a log, or a dash for none. */
export function valueOf(value: number | undefined): string {
  return value === undefined ? "–" : short(value).replace(/^-/, "−");
}

/** A time in milliseconds, in the unit that suits it. */
export function milliseconds(ms: number): string {
  if (!Number.isFinite(ms)) return "–";
  if (ms < 10) return `${Number(ms.toFixed(2))} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return took(ms / 1000);
}

/** A time in seconds: `1.3 s`, `2 min 05 s`, `1 h 02 min`. */
export function took(seconds: number): string {
  return duration(seconds).replaceAll(
    /(\d)([smh])\b/g,
    (_, digit, unit) => `${digit} ${unit === "m" ? "min" : unit}`,
  );
}

/** The value in the middle; undefined if there is none. */
export function median(
  values: readonly (number | undefined)[],
): number | undefined {
  const known = values.filter((it): it is number => Number.isFinite(it))
    .sort((a, b) => a - b);
  return known[known.length >> 1];
}
