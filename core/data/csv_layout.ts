/**
 * The columns of a CSV file: whether its first row names them, and which one is
 * the label.
 *
 * @module
 */
import { suggestion } from "../did_you_mean.ts";
import { InputError } from "../errors.ts";
import type { CsvOptions } from "./csv.ts";
import { isNumber, listed } from "./csv_rows.ts";

/** Where the label is, and what the columns are called. */
export interface Layout {
  /** Names of the columns, or their indices. */
  readonly columns: readonly string[];
  /** Index of the label column; -1 if there is none. */
  readonly label: number;
  /** Whether the first row holds the names. */
  readonly header: boolean;
}

type Said = Pick<CsvOptions, "header" | "label">;

/**
 * The layout according to the first two rows.
 *
 * @param path The file, for messages.
 * @param second Undefined if there is only one row.
 * @throws {InputError} If there is no such label column, nothing beside it, or
 * the first row may be names or numbers.
 */
export function layoutOf(
  path: string,
  first: readonly string[],
  second: readonly string[] | undefined,
  said: Said,
): Layout {
  const header = isHeader(path, first, second, said);
  const columns = header
    ? first.map((name) => name.trim())
    : first.map((_, i) => String(i));
  const { label = columns.length - 1 } = said;
  if (label === null) return { columns, label: -1, header };
  const byName = columns.indexOf(String(label));
  const index = byName >= 0 ? byName : indexOf(label);
  if (index === undefined || index >= columns.length) {
    throw new InputError(
      `Cannot read ${path}: it has no column "${label}" for the label${
        suggestion(String(label), columns) ||
        `; its columns are ${listed(columns)}`
      }`,
    );
  }
  if (columns.length > 1) return { columns, label: index, header };
  throw new InputError(
    `Cannot read ${path}: it has one column, expected features and a label; if they are not separated by a comma, a semicolon or a tab, name the separator ('separator', or --separator)`,
  );
}

/**
 * Whether the first row names the columns. Features are numbers, so a row of
 * words does; and a word over a number can only be the label's name.
 *
 * @throws {InputError} If some features are numbers and some are words.
 */
function isHeader(
  path: string,
  first: readonly string[],
  second: readonly string[] | undefined,
  { header, label = first.length - 1 }: Said,
): boolean {
  if (header !== undefined) return header;
  const named = first.findIndex((cell) => cell.trim() === String(label));
  if (label !== null && named >= 0 && isName(first[named]!)) return true;
  const at = label === null ? -1 : indexOf(label) ?? -1;
  const features = first.filter((_, i) => i !== at);
  const name = features.find(isName);
  const number = features.find(isNumber);
  if (name === undefined) {
    return isName(first[at] ?? "") && isNumber(second?.[at] ?? "");
  }
  if (number === undefined) return true;
  throw new InputError(
    `Cannot read ${path}: its first row has "${name}" beside "${number}", so it may be names or a sample; say which ('header', or --no-header for a sample and --label NAME for names)`,
  );
}

/** A value that is missing, or has a decimal comma, is no name of a column. */
const NO_NAME = /^(\?|-+|n\/?a|nan|null|none||[-+]?\d+,\d+)$/i;

function isName(cell: string): boolean {
  return !isNumber(cell) && !NO_NAME.test(cell.trim());
}

function indexOf(label: string | number): number | undefined {
  return /^\d+$/.test(String(label)) ? Number(label) : undefined;
}
