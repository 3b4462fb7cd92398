/**
 * What discovery asks of the system: the files of a folder, and the module in a
 * file.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { fileError } from "../files.ts";

/** What discovery asks of the system; tests bring their own. */
export interface DiscoveryHost {
  /** Names of the files in a folder. */
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
  if (!(error instanceof Error)) return `it threw ${String(error)} on import`;
  // deno-lint-ignore no-control-regex -- Deno colours its messages
  const text = error.message.replaceAll(/\x1b\[[0-9;]*m/g, "")
    .replace(/\s+at file:\/\/(\S+)$/, " (at $1)");
  const ofLoader = error instanceof SyntaxError || "code" in error ||
    /^(Module not found|The module|Unable to load|Relative import)/.test(text);
  return ofLoader ? text : `it threw on import: ${text}`;
}

/** Deno. */
export function denoHost(): DiscoveryHost {
  return { list: listFiles, load: (path) => import(fileUrl(path)) };
}

async function listFiles(dir: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(dir)) {
      if (entry.isFile || entry.isSymlink) names.push(entry.name);
    }
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

function fileUrl(path: string): string {
  const whole = path.startsWith("/") ? path : `${Deno.cwd()}/${path}`;
  const encoded = whole.split("/").map(encodeURIComponent).join("/");
  return new URL(encoded, "file:///").href;
}
