/**
 * The text of a CSV file, and by what its columns are separated.
 *
 * @module
 */
import { CsvParseStream } from "@std/csv";
import { InputError } from "../errors.ts";
import { fileError } from "../files.ts";

/**
 * The rows of a file, as they are read.
 *
 * @param separator Character between columns. Default: recognised.
 * @throws {InputError} If the file cannot be read, is not UTF-8, or breaks the
 * rules of quoting.
 */
export async function* csvRows(
  path: string,
  separator?: string,
): AsyncGenerator<string[]> {
  if (separator !== undefined) checkSeparator(path, separator);
  try {
    const chunks = await textOf(path);
    const { head, rest } = await headOf(chunks);
    // Ragged rows are detected later, to report their number and what was
    // expected.
    yield* ReadableStream.from(rest).pipeThrough(
      new CsvParseStream({
        separator: separator ?? separatorOf(head),
        fieldsPerRecord: -1,
      }),
    );
  } catch (error) {
    if (error instanceof InputError) throw error;
    const why = error instanceof TypeError && /encoded data/.test(error.message)
      ? "it is not UTF-8 text"
      : (error as Error).message;
    throw new InputError(`Cannot read ${path}: ${why}`, { cause: error });
  }
}

function checkSeparator(path: string, separator: string): void {
  if (separator.length === 1 && !/["\r\n]/.test(separator)) return;
  throw new InputError(
    `Cannot read ${path}: its separator must be one character other than a quote or a line break, current value is ${
      JSON.stringify(separator)
    }`,
  );
}

async function textOf(path: string): Promise<AsyncIterable<string>> {
  try {
    // Opening a pipe would wait for a writer.
    const { isFile } = await Deno.stat(path);
    if (!isFile) throw new InputError(`Cannot read ${path}: it is not a file`);
    const file = await Deno.open(path);
    // Letters that cannot be read would make one class of two.
    return file.readable.pipeThrough(
      new TextDecoderStream("utf-8", { fatal: true }),
    );
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw fileError(`Cannot read ${path}`, "read", path, error);
  }
}

/** Where the first two lines end. */
const TWO_LINES = /^[^\r\n]*[\r\n]+[^\r\n]+[\r\n]/;

/** More than this is not read to find the separator. */
const HEAD = 2 ** 20;

/** The beginning of a text, and the text as a whole. */
async function headOf(
  chunks: AsyncIterable<string>,
): Promise<{ head: string; rest: AsyncGenerator<string> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head = "";
  while (!TWO_LINES.test(head) && head.length < HEAD) {
    const { done, value } = await iterator.next();
    if (done) break;
    head += value;
  }
  async function* rest(): AsyncGenerator<string> {
    try {
      yield head;
      for (let next; !(next = await iterator.next()).done;) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { head, rest: rest() };
}

/**
 * A tab or a semicolon, where the first two lines have it equally often; else a
 * comma, which may also be the decimal sign between semicolons.
 */
function separatorOf(head: string): string {
  const [first = "", second] = head.replaceAll(/"[^"]*"/g, "")
    .split(/[\r\n]+/).filter(Boolean);
  const count = (line: string, separator: string) =>
    line.split(separator).length - 1;
  return ["\t", ";"].find((separator) => {
    const times = count(first, separator);
    return times > 0 &&
      (second === undefined || count(second, separator) === times);
  }) ?? ",";
}
