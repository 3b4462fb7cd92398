/**
 * The project in the working directory, as its `deno.json` describes it.
 *
 * @module
 */

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

/** JSON without the comments and the trailing commas that Deno allows. */
function plainJson(text: string): string {
  const keepStrings = (_: string, string = "") => string;
  return text
    .replaceAll(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*.*?\*\//gs, keepStrings)
    .replaceAll(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, keepStrings);
}
