/**
 * Counts of classes confused with each other, and the figures derived from
 * them.
 *
 * @module
 */
import { stringify } from "@std/csv";
import { aligned } from "./_table.ts";

/** Row: the true class; column: the predicted one; both by index. */
export type Counts = readonly (readonly number[])[];

/** Precision and recall of one class. */
export interface Score {
  /** Of the samples predicted as this class, the fraction that belong to it; undefined if there are none. */
  readonly precision: number | undefined;
  /** Of the samples of this class, the fraction predicted as such; undefined if there are none. */
  readonly recall: number | undefined;
}

/** Number of samples counted. */
export function total(counts: Counts): number {
  return sum(counts.map(sum));
}

/** The fraction predicted correctly; 0 if there are no samples. */
export function accuracy(counts: Counts): number {
  return part(sum(counts.map((row, i) => row[i]!)), total(counts)) ?? 0;
}

/** Precision and recall of each class. */
export function scores(counts: Counts): Score[] {
  return counts.map((row, i) => ({
    precision: part(row[i]!, sum(counts.map((row) => row[i]!))),
    recall: part(row[i]!, sum(row)),
  }));
}

/** The matrix as CSV: one row per class, one column per predicted class. */
export function matrixCsv(counts: Counts, names: readonly string[]): string {
  const rows = counts.map((row, i) => [names[i]!, ...row.map(String)]);
  return stringify([["actual", ...names], ...rows], { headers: false });
}

/**
 * The matrix as a table, with precision and recall of each class. If it is too
 * wide, its columns are headed by index.
 *
 * @param columns The maximum width.
 * @returns Undefined if it is still too wide.
 */
export function matrixTable(
  counts: Counts,
  names: readonly string[],
  columns: number,
): string[] | undefined {
  const numbered = names.map((name, i) =>
    name === String(i) ? name : `${i} ${name}`
  );
  const indices = names.map((_, i) => String(i));
  return [table(counts, names, names), table(counts, numbered, indices)]
    .find((lines) => lines.every(({ length }) => length <= columns));
}

function table(
  counts: Counts,
  rows: readonly string[],
  columns: readonly string[],
): string[] {
  const each = scores(counts);
  return aligned([
    ["actual", ...columns, "precision", "recall"],
    ...counts.map((row, i) => [
      rows[i]!,
      ...row.map((count, j) => count || i === j ? grouped(count) : "·"),
      decimal(each[i]!.precision),
      decimal(each[i]!.recall),
    ]),
  ]);
}

/** How many pairs are shown. */
const MOST_PAIRS = 10;

/** The most confused pairs and the classes with the lowest recall, for when a table would be too wide. */
export function pairsTable(
  counts: Counts,
  names: readonly string[],
): string[] {
  const pairs = counts.flatMap((row, i) => {
    const of = sum(row);
    return row.map((count, j) => ({ i, j, count, of }))
      .filter(({ j, count }) => i !== j && count > 0);
  }).sort((a, b) => b.count - a.count).slice(0, MOST_PAIRS);
  if (pairs.length === 0) return ["no class was mistaken for another"];
  const each = scores(counts);
  return aligned([
    ["actual", "predicted", "count", "precision", "recall"],
    ...pairs.map(({ i, j, count, of }) => [
      names[i]!,
      names[j]!,
      `${grouped(count)} of ${grouped(of)}`,
      decimal(each[i]!.precision),
      decimal(each[i]!.recall),
    ]),
  ], 2);
}

/** `1,234`. */
export function grouped(value: number): string {
  return value.toLocaleString("en");
}

function decimal(value: number | undefined): string {
  return value === undefined ? "–" : value.toFixed(3);
}

function part(some: number, all: number): number | undefined {
  return all === 0 ? undefined : some / all;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
