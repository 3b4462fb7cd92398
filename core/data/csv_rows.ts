/**
 * The rows of a CSV file: which column is the label, and what the cells say.
 *
 * @module
 */
import { suggestion } from "../did_you_mean.ts";
import { InputError } from "../errors.ts";
import type { CsvOptions } from "./csv.ts";

/** Where the label is, and what the columns are called. */
export interface Layout {
  /** Names of the columns, or their indices. */
  readonly columns: readonly string[];
  /** Index of the label column. */
  readonly label: number;
}

/** The numbers read so far, to append to. */
export interface Rows {
  /** Features, row after row. */
  readonly x: number[];
  /** Labels. */
  readonly y: number[];
  /** The words of the labels; undefined if labels must be numbers. */
  readonly words: string[] | undefined;
}

/** Whether the first row names the columns: as `said`, or else if a cell is not a number. */
export function isHeader(
  first: readonly string[],
  said: boolean | undefined,
): boolean {
  return said ?? first.some((cell) => !isNumber(cell));
}

/**
 * The layout according to the first row.
 *
 * @throws {InputError} If there is no such label column.
 */
export function layoutOf(
  path: string,
  first: readonly string[],
  options: Pick<CsvOptions, "header" | "label">,
): Layout {
  const columns = isHeader(first, options.header)
    ? first.map((name) => name.trim())
    : first.map((_, i) => String(i));
  const { label = columns.length - 1 } = options;
  const byName = columns.indexOf(String(label));
  const index = byName >= 0 ? byName : Number(label);
  if (Number.isInteger(index) && index >= 0 && index < columns.length) {
    return { columns, label: index };
  }
  throw new InputError(
    `Cannot read ${path}: it has no column "${label}" for the label${
      suggestion(String(label), columns) ||
      `; its columns are ${columns.join(", ")}`
    }`,
  );
}

/**
 * Add a row to the numbers.
 *
 * @throws {InputError} With the line, if the row is ragged or a cell is not a number.
 */
export function readRow(
  { path, line }: { readonly path: string; readonly line: number },
  row: readonly string[],
  { columns, label }: Layout,
  { x, y, words }: Rows,
): void {
  if (row.length !== columns.length) {
    throw new InputError(
      `Cannot read ${path}: row ${line} has ${row.length} columns, expected ${columns.length}`,
    );
  }
  row.forEach((cell, i) => {
    const value = i === label ? labelOf(cell, words) : numberOf(cell);
    if (Number.isNaN(value)) {
      throw new InputError(
        `Cannot read ${path}: row ${line}, column "${
          columns[i]
        }" is "${cell}", expected a number`,
      );
    }
    (i === label ? y : x).push(value);
  });
}

/** A number, or the index of a word if labels may be words; NaN for anything else. */
function labelOf(cell: string, words: string[] | undefined): number {
  if (!words?.length && isNumber(cell)) return Number(cell);
  if (!words || cell.trim() === "") return NaN;
  const known = words.indexOf(cell);
  return known >= 0 ? known : words.push(cell) - 1;
}

function isNumber(cell: string): boolean {
  return !Number.isNaN(numberOf(cell));
}

/** An empty cell is not a number, although `Number` reads it as 0. */
function numberOf(cell: string): number {
  return cell.trim() === "" ? NaN : Number(cell);
}
