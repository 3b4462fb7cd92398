/**
 * The text of a progress bar: times, logs and the bar itself.
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
  return Object.entries(logs).map(([key, value]) => `${key}: ${number(value!)}`)
    .join(" - ");
}

/**
 * A bar that fits the terminal. The logs are cut first, then the bar shrinks.
 *
 * @param title Text in front.
 * @param done Batches done.
 * @param total Batches in total; undefined if not known.
 * @param elapsed Milliseconds so far.
 * @param logs The logs as text.
 * @param columns Width of the terminal.
 */
export function bar(
  title: string,
  done: number,
  total: number | undefined,
  elapsed: number,
  logs: string,
  columns: number,
): string {
  const perStep = elapsed / done;
  const count = total === undefined ? `${done}` : `${done}/${total}`;
  const time = total === undefined
    ? `${duration(elapsed)} ${duration(perStep)}/step`
    : `ETA ${duration(perStep * Math.max(0, total - done))}`;
  const width = Math.max(
    0,
    Math.min(24, columns - title.length - count.length - time.length - 12),
  );
  const head = total === undefined
    ? `${title}  ${count}`
    : `${title}  ${count} ${blocks(done / total, width)}`;
  const line = `${head} ${time}${logs && ` - ${logs}`}`;
  return line.length < columns
    ? line
    : line.slice(0, Math.max(0, columns - 2)) + "…";
}

function blocks(part: number, width: number): string {
  const full = Math.round(Math.min(1, part) * width);
  return "━".repeat(full) + "─".repeat(width - full);
}

function number(value: number): string {
  const word = nonFinite(value);
  if (word !== undefined) return word;
  return value === 0 || Math.abs(value) > 1e-3
    ? value.toFixed(4)
    : value.toExponential(4);
}
