/**
 * Predictions as CSV: a row for each sample.
 *
 * @module
 */
import { stringify } from "@std/csv";

/** One output of a model. */
export interface OutputTable {
  /** What its columns begin with; `""` for a model with one output. */
  readonly prefix: string;
  /** Numbers of a sample. */
  readonly width: number;
  /** The numbers, sample after sample. */
  readonly values: ArrayLike<number>;
  /** Names of the classes it tells apart; undefined if it predicts numbers. */
  readonly classes: readonly string[] | undefined;
}

/**
 * The table: `sample` (from 0), then `predicted` and `probability` of a class,
 * or the numbers.
 *
 * @param count Number of samples.
 * @param outputs The outputs, whose values are `count` times their width.
 */
export function predictionsCsv(
  count: number,
  outputs: readonly OutputTable[],
): string {
  const rows = Array.from({ length: count }, (_, sample) => [
    String(sample),
    ...outputs.flatMap((output) => cellsOf(output, sample)),
  ]);
  const head = ["sample", ...outputs.flatMap(columnsOf)];
  return stringify([head, ...rows], { headers: false });
}

function columnsOf({ prefix, width, classes }: OutputTable): string[] {
  const names = classes
    ? ["predicted", "probability"]
    : width === 1
    ? ["predicted"]
    : Array.from({ length: width }, (_, i) => `predicted_${i}`);
  return names.map((name) => prefix + name);
}

function cellsOf(
  { width, values, classes }: OutputTable,
  sample: number,
): string[] {
  const row = Array.from(
    { length: width },
    (_, i) => values[sample * width + i]!,
  );
  if (!classes) return row.map(String);
  // A single number is the probability of the second of two classes.
  const all = width === 1 ? [1 - row[0]!, row[0]!] : row;
  const best = all.reduce((most, value, i) => value > all[most]! ? i : most, 0);
  return all.some(Number.isNaN)
    ? ["nan", "nan"]
    : [classes[best] ?? String(best), String(all[best])];
}
