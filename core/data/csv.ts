/**
 * CSV files of numbers with a label column, streamed: a file of any size is
 * read batch by batch.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { type Layout, layoutOf } from "./csv_layout.ts";
import { type Labels, readRow } from "./csv_rows.ts";
import { csvRows } from "./csv_text.ts";
import type { Dataset } from "./dataset.ts";
import { type SplitOptions, splitSamples } from "./split.ts";

/** How to read a CSV file. */
export interface CsvOptions {
  /** The label column: its name in the header, or its index from 0; null if there is none, then labels are NaN. Default: the last column. */
  readonly label?: string | number | null | undefined;
  /** Character between columns. Default: recognised; a comma, a semicolon or a tab. */
  readonly separator?: string | undefined;
  /** Whether the first row names the columns. Default: recognised; features are numbers, their names are not. */
  readonly header?: boolean | undefined;
}

/** A batch of rows. */
export interface CsvBatch {
  /** The features, row after row. */
  readonly x: Float32Array;
  /** The labels. */
  readonly y: Float32Array;
  /** Number of rows. */
  readonly count: number;
  /** Names of the features, or their column indices. */
  readonly features: readonly string[];
}

/** Settings of {@linkcode csvBatches}. */
export interface CsvBatchOptions extends CsvOptions {
  /** Rows per batch. Default 1024. */
  readonly batchSize?: number | undefined;
  /**
   * Receives the words of the labels; those it has already keep their index.
   * Default: labels must be numbers.
   */
  readonly words?: string[] | undefined;
}

/** Settings of {@linkcode csvDataset}. */
export interface CsvDatasetOptions extends CsvOptions, SplitOptions {
  /**
   * The word of each class, if a model knows them already: other words are
   * refused. Default: the words of the file, in order of first appearance.
   */
  readonly labels?: readonly string[] | undefined;
}

/**
 * Batches of a CSV file, read as they are asked for. Labels are numbers, or
 * words without the blanks around them; words become class indices in order of
 * first appearance, kept in `words`.
 *
 * @param path The file, one row per line.
 * @param options Which column is the label, the format of the file, and the
 * size of a batch.
 * @throws {InputError} With row and column, if a row is ragged, a cell is not a
 * finite number, or numbers and words are mixed in the labels.
 */
export async function* csvBatches(
  path: string,
  options: CsvBatchOptions = {},
): AsyncGenerator<CsvBatch> {
  const { words } = options;
  yield* batches(path, options, { words, closed: false, numbers: false });
}

/**
 * A CSV file as a data set in memory, split at random into samples to train on
 * and samples to validate with; the same file always splits the same way.
 *
 * @param path The file, one row per line.
 * @param options As for {@linkcode csvBatches}, and how to split; by default a
 * fifth is for validation.
 * @throws {InputError} As for {@linkcode csvBatches}, and if the split leaves
 * one side without samples.
 */
export async function csvDataset(
  path: string,
  options: CsvDatasetOptions = {},
): Promise<Dataset> {
  const words = [...options.labels ?? []];
  const closed = options.labels !== undefined;
  const read = await Array.fromAsync(
    batches(path, { ...options, batchSize: 4096 }, {
      words,
      closed,
      numbers: false,
    }),
  );
  const width = read[0]!.features.length;
  const count = read.reduce((sum, batch) => sum + batch.count, 0);
  const x = new Float32Array(count * width);
  const y = words.length ? new Int32Array(count) : new Float32Array(count);
  let at = 0;
  for (const batch of read) {
    x.set(batch.x, at * width);
    y.set(batch.y, at);
    at += batch.count;
  }
  const { validationSplit = 0.2, splitSeed } = options;
  const samples = { x, xShape: [width], y, count };
  return {
    name: path,
    ...splitSamples(path, samples, validationSplit, splitSeed),
    ...words.length ? { classes: words.length, labels: words } : {},
  };
}

/**
 * How many columns a CSV file has, by its first row.
 *
 * @param path The file.
 * @param separator Character between columns. Default: recognised.
 * @throws {InputError} If it cannot be read.
 */
export async function csvColumns(
  path: string,
  separator?: string,
): Promise<number> {
  for await (const row of csvRows(path, separator)) return row.length;
  return 0;
}

async function* batches(
  path: string,
  options: CsvBatchOptions,
  labels: Labels,
): AsyncGenerator<CsvBatch> {
  const { batchSize = 1024 } = options;
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new InputError(
      `Cannot read ${path}: 'batchSize' must be an integer >= 1, current value is ${batchSize}`,
    );
  }
  let features: readonly string[] = [];
  let count = 0;
  let [x, y]: [number[], number[]] = [[], []];
  const batch = (): CsvBatch => {
    const full = {
      x: Float32Array.from(x),
      y: Float32Array.from(y),
      count: y.length,
      features,
    };
    [x, y] = [[], []];
    return full;
  };
  for await (const { row, line, layout } of samples(path, options)) {
    if (count++ === 0) {
      features = layout.columns.filter((_, i) => i !== layout.label);
    }
    readRow({ path, line }, row, layout, labels, { x, y });
    if (y.length === batchSize) yield batch();
  }
  if (y.length) yield batch();
  if (count === 0) throw new InputError(`Cannot read ${path}: it has no rows`);
}

/** A row that is a sample, its number in the file, and the meaning of its columns. */
interface SampleRow {
  readonly row: readonly string[];
  readonly line: number;
  readonly layout: Layout;
}

/** The rows after the header, if there is one. */
async function* samples(
  path: string,
  options: CsvOptions,
): AsyncGenerator<SampleRow> {
  const rows = csvRows(path, options.separator);
  try {
    const first = await rows.next();
    if (first.done) return;
    let next = await rows.next();
    const layout = layoutOf(
      path,
      first.value,
      next.done ? undefined : next.value,
      options,
    );
    if (!layout.header) yield { row: first.value, line: 1, layout };
    for (let line = 2; !next.done; line++) {
      yield { row: next.value, line, layout };
      next = await rows.next();
    }
  } finally {
    await rows.return(undefined);
  }
}
