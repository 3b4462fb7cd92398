/**
 * CSV files of numbers with a label column, streamed: a file of any size is
 * read batch by batch.
 *
 * @module
 */
import { CsvParseStream } from "@std/csv";
import { InputError } from "../errors.ts";
import { isHeader, type Layout, layoutOf, readRow } from "./csv_rows.ts";
import { fileError } from "../files.ts";
import type { Dataset, Samples } from "./dataset.ts";

/** How to read a CSV file. */
export interface CsvOptions {
  /** The label column: its name in the header, or its index from 0. Default: the last column. */
  readonly label?: string | number | undefined;
  /** Character between columns. Default `","`. */
  readonly separator?: string | undefined;
  /** Whether the first row names the columns. Default: true if it contains a cell that is not a number. */
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

/**
 * Batches of a CSV file, read as they are asked for. Labels are numbers; words
 * become class indices in order of first appearance, kept in `words`.
 *
 * @param path The file, one row per line.
 * @param options Which column is the label, the format of the file, and the
 * size of a batch.
 * @throws {InputError} With the line, if a row is ragged or a cell is not a
 * number.
 */
export async function* csvBatches(
  path: string,
  options: CsvOptions & {
    /** Rows per batch. Default 1024. */
    readonly batchSize?: number | undefined;
    /** Receives the words of the labels. Default: labels must be numbers. */
    readonly words?: string[] | undefined;
  } = {},
): AsyncGenerator<CsvBatch> {
  const { batchSize = 1024, words } = options;
  let layout: Layout | undefined;
  let line = 0;
  let count = 0;
  let [x, y]: [number[], number[]] = [[], []];
  const batch = (): CsvBatch => {
    const features = layout!.columns.toSpliced(layout!.label, 1);
    const full = {
      x: Float32Array.from(x),
      y: Float32Array.from(y),
      count: y.length,
      features,
    };
    [x, y] = [[], []];
    return full;
  };
  for await (const row of rows(path, options.separator)) {
    line++;
    if (!layout) {
      layout = layoutOf(path, row, options);
      if (isHeader(row, options.header)) continue;
    }
    readRow({ path, line }, row, layout, { x, y, words });
    count++;
    if (y.length === batchSize) yield batch();
  }
  if (y.length) yield batch();
  if (count === 0) throw new InputError(`Cannot read ${path}: it has no rows`);
}

/**
 * A CSV file as a data set in memory.
 *
 * @param path The file, one row per line.
 * @param options As for {@linkcode csvBatches}, and how much of the file's end
 * is for validation: a fraction between 0 and 1, default 0.2.
 * @throws {InputError} As for {@linkcode csvBatches}.
 */
export async function csvDataset(
  path: string,
  options: CsvOptions & { readonly validationSplit?: number | undefined } = {},
): Promise<Dataset> {
  const words: string[] = [];
  const batches = await Array.fromAsync(
    csvBatches(path, { ...options, batchSize: 4096, words }),
  );
  const width = batches[0]!.features.length;
  const count = batches.reduce((sum, batch) => sum + batch.count, 0);
  const x = new Float32Array(count * width);
  const y = new Float32Array(count);
  let at = 0;
  for (const batch of batches) {
    x.set(batch.x, at * width);
    y.set(batch.y, at);
    at += batch.count;
  }
  const cut = Math.floor(count * (1 - (options.validationSplit ?? 0.2)));
  const part = (from: number, to: number): Samples => ({
    x: x.subarray(from * width, to * width),
    xShape: [width],
    y: words.length
      ? Int32Array.from(y.subarray(from, to))
      : y.subarray(from, to),
    count: to - from,
  });
  return {
    name: path,
    train: part(0, cut),
    validation: part(cut, count),
    ...words.length ? { classes: words.length, labels: words } : {},
  };
}

async function* rows(path: string, separator = ","): AsyncGenerator<string[]> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    throw fileError(`Cannot read ${path}`, "read", path, error);
  }
  const text = file.readable.pipeThrough(new TextDecoderStream());
  try {
    // Ragged rows are detected here, to report their line and what was
    // expected.
    yield* text.pipeThrough(
      new CsvParseStream({ separator, fieldsPerRecord: -1 }),
    );
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`Cannot read ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
