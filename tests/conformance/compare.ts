/**
 * What Keras did beside what we did: the first difference, in words.
 *
 * @module
 */
import { parse } from "@std/csv";
import { type Case, type Num, number } from "./cases.ts";
import type { Replay } from "./replay.ts";

/** Learning rates in Keras are float32. */
const TOLERANCE = 1e-6;
const RATE_TOLERANCE = 1e-5;

/**
 * The first difference, or undefined where there is none.
 *
 * @param it The case.
 * @param ours What our run left behind.
 */
export function firstDifference(it: Case, ours: Replay): string | undefined {
  const { expect } = it;
  return different("epochs_run", expect.epochs_run, ours.epochs_run) ??
    different("final_weight", expect.final_weight, ours.final_weight) ??
    different("weights", expect.weights, ours.weights) ??
    different("trace", expect.trace, ours.trace) ??
    different("history", expect.history, ours.history) ??
    different(
      "learning_rate_per_epoch",
      expect.learning_rate_per_epoch,
      ours.learning_rate_per_epoch,
    ) ??
    different("checkpoints", expect.checkpoints, ours.checkpoints) ??
    csvDifference(it, ours.csv);
}

/** Down through arrays and objects; what is not expected at the top is not compared. */
function different(
  path: string,
  expected: unknown,
  actual: unknown,
): string | undefined {
  if (expected === undefined) return undefined;
  if (typeof expected !== "object" || expected === null) {
    return same(path, expected, actual)
      ? undefined
      : differs(path, expected, actual);
  }
  const theirs = expected as Record<string, unknown>;
  const ours = (actual ?? {}) as Record<string, unknown>;
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(ours)])) {
    const here = `${path}.${key}`;
    if (!(key in theirs)) return differs(here, "nothing", ours[key]);
    if (!(key in ours)) return differs(here, theirs[key], "nothing");
    const difference = different(here, theirs[key], ours[key]);
    if (difference) return difference;
  }
  return undefined;
}

function same(path: string, expected: unknown, actual: unknown): boolean {
  if (typeof actual !== "number") return expected === actual;
  return close(path, number(expected as Num), actual);
}

function close(path: string, expected: number, actual: number): boolean {
  if (Object.is(expected, actual) || expected === actual) return true;
  const tolerance = path.includes("learning_rate") ? RATE_TOLERANCE : TOLERANCE;
  const scale = Math.max(Math.abs(expected), Math.abs(actual));
  // A trace holds six digits, the script's values up to three behind the point.
  return Math.abs(expected - actual) <= tolerance * scale;
}

/** As a table: the header exactly, the numbers by value. */
function csvDifference(
  { expect, callbacks }: Case,
  ours: string | undefined,
): string | undefined {
  if (expect.csv === undefined) return undefined;
  const logger = callbacks.find(({ type }) => type === "CSVLogger");
  const separator = logger?.args.separator as string | undefined ?? ",";
  const theirs = withoutInvented(
    table(expect.csv, separator),
    ours ? table(ours, separator)[0] ?? [] : [],
  );
  const mine = table(ours ?? "", separator);
  if (theirs[0]?.join() !== mine[0]?.join()) {
    return differs("csv header", theirs[0], mine[0]);
  }
  if (theirs.length !== mine.length) {
    return differs("csv rows", theirs.length - 1, mine.length - 1);
  }
  const header = theirs[0] ?? [];
  for (let row = 1; row < theirs.length; row++) {
    for (const [column, key] of header.entries()) {
      const [a, b] = [theirs[row]![column]!, mine[row]![column]!];
      if (a !== b && !close(key, cell(a), cell(b))) {
        return differs(`csv row ${row}, ${key}`, a, b);
      }
    }
  }
  return undefined;
}

/**
 * Where a run has no validation, Keras' CSVLogger adds a `val_` twin of every
 * column, always NA. Ours come from the plan (design.md, "where we leave
 * Keras"), so twins that are NA throughout, and that we have not, are cut.
 */
function withoutInvented(
  rows: string[][],
  ours: readonly string[],
): string[][] {
  const header = rows[0] ?? [];
  const kept = header.map((key, i) =>
    !(key.startsWith("val_") && !ours.includes(key) &&
      rows.slice(1).every((row) => row[i] === "NA"))
  );
  return rows.map((row) => row.filter((_, i) => kept[i]));
}

function table(text: string, separator: string): string[][] {
  return text ? parse(text, { separator }) : [];
}

/** As Python writes numbers. */
function cell(text: string): number {
  const words: Record<string, number> = {
    nan: NaN,
    inf: Infinity,
    "-inf": -Infinity,
  };
  return words[text] ?? Number(text === "NA" ? "not a number" : text);
}

function differs(what: string, expected: unknown, actual: unknown): string {
  return `${what}: expected ${JSON.stringify(expected)}, got ${text(actual)}`;
}

function text(value: unknown): string {
  return typeof value === "number"
    ? String(value)
    : JSON.stringify(value) ?? "nothing";
}
