/**
 * What discovery asks of the system: the files of a folder, and the module in a
 * file.
 *
 * @module
 */
import { InputError, isA, messageOf } from "../errors.ts";
import { fileError } from "../files.ts";
import { loadModule, type LoadOptions } from "./load_module.ts";

/** What discovery asks of the system; tests bring their own. */
export interface DiscoveryHost {
  /** Names of what is in a folder. */
  list(dir: string): Promise<string[]>;
  /** The module in a file. */
  load(path: string): Promise<Readonly<Record<string, unknown>>>;
}

/**
 * What went wrong in loading a module, without the stack.
 *
 * @param error What `import()` threw.
 */
export function loadMessage(error: unknown): string {
  if (!isA(error, Error)) return `it threw ${messageOf(error)} on import`;
  if (error instanceof InputError) return error.message;
  // deno-lint-ignore no-control-regex -- Deno colours its messages
  const text = messageOf(error).replaceAll(/\x1b\[[0-9;]*m/g, "")
    .replace(/\s+at file:\/\/(\S+)$/, " (at $1)");
  if (/not found in cache|--cached-only|^Failed loading/.test(text)) {
    return `${
      text.replace(/,? ?--cached-only is specified\.?/, "")
    }; what it imports is fetched only if you say so: deno cache FILE, or deno add PACKAGE`;
  }
  const ofLoader = error instanceof SyntaxError || "code" in error ||
    /^(Module not found|The module|Unable to load|Relative import)/.test(text);
  return ofLoader ? text : `it threw on import: ${text}`;
}

/**
 * Deno.
 *
 * @param options How long a file may take.
 */
export function denoHost(options: LoadOptions = {}): DiscoveryHost {
  return { list: listEntries, load: (path) => loadModule(path, options) };
}

/** Whatever has a name: what is no file is refused by name when it is loaded. */
async function listEntries(dir: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(dir)) names.push(name);
  } catch (error) {
    const what = `Cannot look for plugins in ${dir}`;
    if (!(error instanceof Deno.errors.NotFound)) {
      throw fileError(what, "read", dir, error);
    }
    throw new InputError(
      `${what}: there is no such folder; make it, or name another with --plugins DIR`,
      { cause: error },
    );
  }
  return names;
}
