/**
 * JSON of what JSON does not have: `NaN` and the infinities are text there, an
 * error is its message, a function its name.
 *
 * @module
 */

import type { LogsEvent } from "../../events.ts";

/**
 * A value as JSON.
 *
 * @param indent Spaces before each level. Default: all in one line.
 */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, written, indent);
}

/** The same of logs, which are many, and nearly all of which JSON has as they are. */
export function jsonOfLogs(value: LogsEvent & { readonly at: number }): string {
  for (const key in value.logs) {
    if (!Number.isFinite(value.logs[key])) return jsonText(value);
  }
  return JSON.stringify(value);
}

function written(_key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    return String(value);
  }
  if (typeof value === "function") return `function ${value.name}`.trim();
  return value instanceof Error ? value.message : value;
}

/** The number that was written; undefined if it is none. */
export function numberFrom(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^(NaN|-?Infinity)$/.test(value)
    ? Number(value)
    : undefined;
}
