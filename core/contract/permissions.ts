/**
 * What a plugin's file says of itself in plain data, read from its text before
 * any of it runs: the permissions it needs, and whether it is to be isolated.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { Permissions } from "../plugin.ts";
import { isPlainObject } from "./show.ts";

const KINDS = ["net", "read", "write", "env"] as const;

/** What a file says. */
export interface Terms {
  /** What it is allowed to need: its own `permissions`, or those of a package that it has `granted`. */
  readonly permissions: Permissions;
  /** Whether it runs in a worker without permissions. */
  readonly isolate: boolean;
}

/**
 * The terms in the text of a file.
 *
 * @param source TypeScript or JavaScript.
 * @throws {InputError} If they are not plain data.
 */
export function readTerms(source: string): Terms {
  const granted = constant(source, "granted") ??
    constant(source, "permissions");
  return {
    permissions: granted === undefined ? {} : readLiteral(granted),
    isolate: constant(source, "isolate") === "true",
  };
}

/** What stands behind `export const NAME =`: a word, or an object without objects in it. */
function constant(source: string, name: string): string | undefined {
  const pattern = new RegExp(
    `^export const ${name}\\b[^=\\n]*=\\s*(\\{[^{}]*\\}|\\S*?)(?=[;\\s]|$)`,
    "m",
  );
  return pattern.exec(source)?.[1];
}

function readLiteral(text: string): Permissions {
  const json = text.replaceAll(/([{,]\s*)(\w+)\s*:/g, '$1"$2":')
    .replaceAll(/,(\s*[}\]])/g, "$1");
  try {
    const value: unknown = JSON.parse(json);
    if (!permissionsProblem(value)) return value as Permissions;
  } catch {
    // Said below.
  }
  throw new InputError(
    'its permissions are not plain data: expected such as export const permissions = { net: ["localhost:9000"] };',
  );
}

/**
 * Why a value is no permissions, to follow "has" in a sentence; undefined if it
 * is.
 */
export function permissionsProblem(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const known: readonly string[] = KINDS;
  const good = isPlainObject(value) &&
    Object.entries(value).every(([kind, list]) =>
      known.includes(kind) && Array.isArray(list) &&
      list.every((item) => typeof item === "string" && item !== "")
    );
  return good
    ? undefined
    : `permissions that are not lists of names by kind: expected such as { net: ["localhost:9000"] }; kinds are ${
      KINDS.join(", ")
    }`;
}

/** Permissions in words, `net localhost:9000; read /data`; `"none"` for none. */
export function permissionsText(permissions: Permissions = {}): string {
  return KINDS.filter((kind) => permissions[kind]?.length)
    .map((kind) => `${kind} ${permissions[kind]!.toSorted().join(", ")}`)
    .join("; ") || "none";
}
