/**
 * The project in the working directory, as its `deno.json` describes it.
 *
 * @module
 */
import { InputError, messageOf } from "../errors.ts";

/** Deno looks for them in this order. */
export const CONFIG_FILES: readonly string[] = ["deno.json", "deno.jsonc"];

/** What of it counts here. */
export interface ProjectConfig {
  /** Name of the package, if it is one. */
  readonly name?: string;
  /** Its tasks. */
  readonly tasks?: Readonly<Record<string, unknown>>;
  /** What its bare specifiers stand for. */
  readonly imports?: Readonly<Record<string, unknown>>;
  /** Packages that lie on this machine. */
  readonly links?: readonly string[];
}

/** Nothing where there is no config, or it may not be read: the user is not asked for this. */
export function projectConfig(): ProjectConfig {
  for (const path of CONFIG_FILES) {
    const { state } = Deno.permissions.querySync({ name: "read", path });
    if (state !== "granted") continue;
    try {
      return JSON.parse(plainJson(Deno.readTextFileSync(path)));
    } catch {
      // The next one.
    }
  }
  return {};
}

/** Whether the project's modules find hookloop by its name. */
export function findsHookloop({ name, imports }: ProjectConfig): boolean {
  const known = [name, ...Object.keys(imports ?? {})];
  return known.some((it) => it === PACKAGE || it === `${PACKAGE}/`);
}

const PACKAGE = "@hookloop/hookloop";

/**
 * Beside a `package.json`, Deno takes packages of npm from `node_modules` alone,
 * hookloop's own among them.
 *
 * @param error What loading a command threw.
 * @returns What to do, if one of them is not there.
 */
export function notInstalled(error: unknown): InputError | undefined {
  const [, name] =
    /^Could not find a matching package for '([^']+)' in the node_modules/
      .exec(messageOf(error)) ?? [];
  return name === undefined ? undefined : new InputError(
    `Cannot find ${name} in node_modules, where Deno looks for it beside a package.json: run deno add jsr:@hookloop/hookloop npm:@tensorflow/tfjs`,
    { cause: error },
  );
}

/** JSON without the comments and the trailing commas that Deno allows. */
function plainJson(text: string): string {
  const keepStrings = (_: string, string = "") => string;
  return text
    .replaceAll(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*.*?\*\//gs, keepStrings)
    .replaceAll(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, keepStrings);
}
