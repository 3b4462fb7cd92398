/**
 * From a file to what its module exports, or an error that says why not: also
 * where the file is none, and where the module never comes back.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { fileReason } from "../files.ts";
import { stderr } from "../output.ts";

/** How long a module may take. */
export interface LoadOptions {
  /** Milliseconds until a line says that it is still loading. Default 5000. */
  readonly patience?: number;
  /** Milliseconds until it counts as broken. Default 60000. */
  readonly limit?: number;
  /** Where that line goes. Default the standard error. */
  readonly print?: (line: string) => void;
}

/** What a module exports, by name. */
export type Exports = Readonly<Record<string, unknown>>;

/**
 * Load a module.
 *
 * @param path Its file.
 * @param options How long it may take.
 * @throws {InputError} If the path is no regular file, or the module does not
 * come back from its top level.
 * @throws Whatever `import()` throws.
 */
export async function loadModule(
  path: string,
  options: LoadOptions = {},
): Promise<Exports> {
  checkRegular(path);
  const { patience = 5000, limit = 60_000, print = toStderr } = options;
  const { promise: late, reject } = Promise.withResolvers<never>();
  const reminder = setTimeout(
    () => print(`Still loading ${path}: the await at its top level goes on`),
    patience,
  );
  const end = setTimeout(() => reject(tooLong(limit)), limit);
  try {
    return await Promise.race([importOf(path), late]);
  } finally {
    clearTimeout(reminder);
    clearTimeout(end);
  }
}

/**
 * A module that exports `then` looks like a promise, which `import()` would
 * await: so what may be one is imported by another module, and its exports are
 * handed on without `then`.
 */
async function importOf(path: string): Promise<Exports> {
  const url = fileUrl(path);
  const text = Deno.readTextFileSync(path);
  if (!/\bthen\b|\bexport\s*\*/.test(text)) return await import(url);
  const code = `import * as module from ${
    JSON.stringify(url)
  }; export { module };`;
  const outer = await import(
    `data:text/javascript,${encodeURIComponent(code)}`
  );
  const { then: _, ...exports } = outer.module;
  return exports;
}

function checkRegular(path: string): void {
  let info: Deno.FileInfo;
  try {
    info = Deno.statSync(path);
  } catch (error) {
    throw new InputError(fileReason(error, "read", path), { cause: error });
  }
  if (info.isFile) return;
  const kind = info.isDirectory
    ? "a folder"
    : info.isFifo
    ? "a pipe"
    : "a device or a socket";
  throw new InputError(`it is ${kind}; expected a file with a module`);
}

const toStderr = (line: string) => stderr.write(`${line}\n`);

function tooLong(limit: number): InputError {
  return new InputError(
    `it did not come back from the await at its top level within ${
      limit / 1000
    } s; wait in a hook instead, or in an experiment's 'data' or 'model'`,
  );
}

/** The address of a file, from the current folder. */
export function fileUrl(path: string): string {
  const whole = path.startsWith("/") ? path : `${Deno.cwd()}/${path}`;
  const encoded = whole.split("/").map(encodeURIComponent).join("/");
  return new URL(encoded, "file:///").href;
}
