// Types of the part of @std/csv that hookloop uses.
export interface StringifyOptions {
  headers?: boolean;
  separator?: string;
  columns?: readonly string[];
  bom?: boolean;
  quote?: boolean;
}
export function stringify(
  data: readonly (Readonly<Record<string, unknown>> | readonly unknown[])[],
  options?: StringifyOptions,
): string;
export interface ParseOptions {
  separator?: string;
  comment?: string;
  trimLeadingSpace?: boolean;
  lazyQuotes?: boolean;
  fieldsPerRecord?: number;
  skipFirstRow?: boolean;
  columns?: readonly string[];
}
export function parse(
  input: string,
  options?: { separator?: string },
): string[][];
export class CsvParseStream extends TransformStream<string, string[]> {
  constructor(options?: ParseOptions);
}
export class CsvStringifyStream
  extends TransformStream<readonly unknown[], string> {
  constructor(options?: { separator?: string; columns?: readonly string[] });
}
