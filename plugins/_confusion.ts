/**
 * Counts of classes taken for each other, and what they say.
 *
 * @module
 */
import { stringify } from "@std/csv";
import { aligned } from "./_table.ts";

/** Row: the right class; column: the predicted one; both by index. */
export type Counts = readonly (readonly number[])[];

/** How many of a class were found. */
export interface Score {
  /** Of those predicted as this class, the part that is; undefined if none was. */
  readonly precision: number | undefined;
  /** Of this class, the part that was predicted as such; undefined if there is none. */
  readonly recall: number | undefined;
}

/** All samples counted. */
export function total(counts: Counts): number {
  return sum(counts.map(sum));
}

/** The part that is right; 0 of no samples. */
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

/** The matrix as CSV: a row for each class, a column for each that was predicted. */
export function matrixCsv(counts: Counts, names: readonly string[]): string {
  const rows = counts.map((row, i) => [names[i]!, ...row.map(String)]);
  return stringify([["actual", ...names], ...rows], { headers: false });
}

/**
 * The matrix as a table, with precision and recall of each class. Where it is
 * too wide its columns are named by index.
 *
 * @param columns How wide it may be.
 * @returns Undefined where it is too wide all the same.
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

/** The pairs that are confused most, and the classes found worst, where a table would be too wide. */
export function pairsTable(
  counts: Counts,
  names: readonly string[],
  most = 10,
): string[] {
  const pairs = counts.flatMap((row, i) =>
    row.map((count, j) => ({ i, j, count, of: sum(row) }))
      .filter(({ i, j, count }) => i !== j && count > 0)
  ).sort((a, b) => b.count - a.count).slice(0, most);
  if (pairs.length === 0) return ["no class was taken for another"];
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
