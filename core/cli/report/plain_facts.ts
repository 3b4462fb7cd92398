/**
 * Facts of a record as they come back from a file, which may hold anything.
 *
 * @module
 */
import type { Facts } from "./run_record.ts";

/** JSON has no NaN and no Infinity, which stand there as text; null is no value. */
export function numbers(values: unknown): (number | undefined)[] {
  if (!Array.isArray(values)) return [];
  return values.map((value) =>
    typeof value === "number" || typeof value === "string"
      ? Number(value)
      : undefined
  );
}

/** A text; undefined if it is none. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Whether a value has facts by name. */
export function isObject(value: unknown): value is Facts {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The facts in a list; none if it is no list. */
export function objects(value: unknown): Facts[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The texts in a list; none if it is no list. */
export function texts(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((it) => typeof it === "string")
    : [];
}
