/**
 * The rows of a CSV file: from cells to numbers and labels.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { Layout } from "./csv_layout.ts";

/** What the labels of a file are, as far as it was read. */
export interface Labels {
  /** The word of each class; undefined if labels must be numbers. */
  readonly words: string[] | undefined;
  /** Whether no word may be added to them. */
  readonly closed: boolean;
  /** Whether the labels so far are numbers. */
  numbers: boolean;
}

/** The numbers read so far, to append to. */
export interface Rows {
  /** Features, row after row. */
  readonly x: number[];
  /** Labels. */
  readonly y: number[];
}

/**
 * Add a row to the numbers.
 *
 * @throws {InputError} With row and column, if the row is ragged, a cell is not
 * a number that float32 can hold, or a label is not of the kind of those before.
 */
export function readRow(
  { path, line }: { readonly path: string; readonly line: number },
  row: readonly string[],
  { columns, label }: Layout,
  labels: Labels,
  { x, y }: Rows,
): void {
  if (row.length !== columns.length) {
    throw new InputError(
      `Cannot read ${path}: row ${line} has ${row.length} columns, expected ${columns.length}`,
    );
  }
  row.forEach((cell, i) => {
    const read = i === label ? readLabel(cell, labels) : readNumber(cell);
    if (typeof read === "string") {
      throw new InputError(
        `Cannot read ${path}: row ${line}, column "${
          columns[i]
        }" is "${cell}", ${read}`,
      );
    }
    (i === label ? y : x).push(read);
  });
  if (label < 0) y.push(NaN);
}

/** Whether a cell is a number; one that float32 cannot hold is a number too, if not one to train on. */
export function isNumber(cell: string): boolean {
  return cell.trim() !== "" && !Number.isNaN(Number(cell));
}

/** The number in a cell, or what is wrong with it. */
function readNumber(cell: string): number | string {
  const number = Number(cell);
  // `Number` reads an empty cell as 0.
  if (Number.isNaN(number) || cell.trim() === "") {
    return /^\s*[-+]?\d+,\d+\s*$/.test(cell)
      ? "expected a number with a decimal point"
      : "expected a number";
  }
  if (Number.isFinite(Math.fround(number))) return number;
  return "expected a number within the range of float32, about 3.4e38";
}

/** A number, or the index of a word if labels may be words; else what is wrong with it. */
function readLabel(cell: string, labels: Labels): number | string {
  const { words } = labels;
  const word = cell.trim();
  if (!words || word === "" || /^[-+]?nan$/i.test(word)) {
    return words?.length ? "expected a label" : readNumber(cell);
  }
  const known = words.indexOf(word);
  if (known >= 0) return known;
  if (labels.closed) {
    return `which is none of the model's classes: ${listed(words)}`;
  }
  if (isNumber(word)) {
    if (words.length > 0) return mixed("words");
    labels.numbers = true;
    return readNumber(word);
  }
  return labels.numbers ? mixed("numbers") : words.push(word) - 1;
}

function mixed(above: string): string {
  return `but the labels above it are ${above}; give words for all, or numbers for all`;
}

const SHOWN = 20;

/** Words as a list, of which the beginning is enough. */
export function listed(words: readonly string[]): string {
  const more = words.length - SHOWN;
  return words.slice(0, SHOWN).join(", ") +
    (more > 0 ? ` and ${more} more` : "");
}
