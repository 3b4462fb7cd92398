/**
 * Whether a value is a plugin: its hooks, its tables and its state, each wrong
 * one told in a sentence.
 *
 * @module
 */
import { didYouMean, suggestion } from "../did_you_mean.ts";
import { HOOK_NAMES } from "../plugin.ts";
import { keyProblem } from "./log_keys.ts";
import { REQUIREMENTS } from "./requirements.ts";

/** Hooks by tf.js' names, which have other names here. */
export const TFJS_HOOKS = ["onBatchBegin", "onBatchEnd"] as const;

const TABLES = ["needs", "provides"] as const;

const EXPECTED_STATE =
  "expected plain data: numbers, text, true or false, null, lists and objects of these";

/**
 * Why a value is no plugin, to follow its name in a sentence; undefined if it
 * is one.
 *
 * @param value What should be a plugin or a bare object of hooks.
 */
export function pluginProblem(value: unknown): string | undefined {
  if (typeof value === "function") {
    return `is a function: call it (${
      value.name || "plugin"
    }()) and list what it returns`;
  }
  if (typeof value !== "object" || value === null) {
    return `is ${kindOf(value)}: expected an object with hooks`;
  }
  const fields: Record<string, unknown> = {};
  for (const name of propertyNames(value)) {
    try {
      fields[name] = (value as Record<string, unknown>)[name];
    } catch (error) {
      return `has a getter "${name}" that throws: ${
        error instanceof Error ? error.message : String(error)
      }`;
    }
  }
  return hooksProblem(fields) ?? nameProblem(fields) ??
    misspeltProblem(fields) ?? tablesProblem(fields) ??
    requiresProblem(fields.requires) ??
    wordProblem(fields, "order", ["pre", "post"]) ??
    wordProblem(fields, "onError", ["fail", "disable"]) ??
    stateProblem(fields.state);
}

type Fields = Readonly<Record<string, unknown>>;

/** Names on the object and on its classes, so that instances are read too. */
function propertyNames(value: object): string[] {
  const names = new Set<string>();
  for (
    let o = value;
    o && o !== Object.prototype;
    o = Object.getPrototypeOf(o)
  ) {
    for (const name of Object.getOwnPropertyNames(o)) names.add(name);
  }
  return [...names];
}

function hooksProblem(fields: Fields): string | undefined {
  const names = Object.keys(fields).filter((name) =>
    /^on[A-Z]/.test(name) && name !== "onError"
  );
  const known: readonly string[] = [...HOOK_NAMES, ...TFJS_HOOKS];
  for (const name of names) {
    if (!known.includes(name)) {
      return `has an unknown hook "${name}"${
        suggestion(name, HOOK_NAMES) || `: known are ${HOOK_NAMES.join(", ")}`
      }`;
    }
    const hook = fields[name];
    if (hook !== undefined && typeof hook !== "function") {
      return `has a hook "${name}" that is ${
        kindOf(hook)
      }: expected a function`;
    }
  }
  return names.length
    ? undefined
    : `has no hook: expected at least one of ${HOOK_NAMES.join(", ")}`;
}

function nameProblem({ name }: Fields): string | undefined {
  if (name === undefined || (typeof name === "string" && name !== "")) {
    return undefined;
  }
  return `has a name that is ${
    show(name)
  }: expected a string such as "my-plugin"`;
}

/** A table by a wrong name would be no table at all. */
function misspeltProblem(fields: Fields): string | undefined {
  const known = [...TABLES, "requires"];
  for (const [name, value] of Object.entries(fields)) {
    if (known.includes(name) || typeof value !== "object") continue;
    const near = didYouMean(name, known);
    if (near) return `has a field "${name}", did you mean "${near}"?`;
  }
  return undefined;
}

function tablesProblem(fields: Fields): string | undefined {
  for (const table of TABLES) {
    const given = fields[table];
    if (given === undefined) continue;
    if (!isPlainObject(given)) {
      return `has ${table} that is ${
        show(given)
      }: expected log keys by hook, such as { onEpochEnd: ["loss"] }`;
    }
    for (const [hook, keys] of Object.entries(given)) {
      const problem = entryProblem(table, hook, keys, fields);
      if (problem) return problem;
    }
  }
  return undefined;
}

function entryProblem(
  table: typeof TABLES[number],
  hook: string,
  keys: unknown,
  fields: Fields,
): string | undefined {
  if (!(HOOK_NAMES as readonly string[]).includes(hook)) {
    return `declares ${table} for an unknown hook "${hook}"${
      suggestion(hook, HOOK_NAMES)
    }`;
  }
  if (keys === undefined || (table === "needs" && keys === "all")) {
    return undefined;
  }
  if (!Array.isArray(keys)) {
    return `declares ${table} for ${hook} that is ${
      show(keys)
    }: expected a list of log keys such as ["loss"]${
      table === "needs" ? `, or "all"` : ""
    }`;
  }
  for (const entry of keys) {
    const problem = table === "needs" ? needProblem(entry) : keyProblem(entry);
    if (problem) {
      return `declares ${table} for ${hook}: ${show(entry)} ${problem}`;
    }
  }
  return keys.length && !fields[hook] && !hasTfjsHook(hook, fields)
    ? `declares ${table} ${
      keys.map(show).join(", ")
    } for ${hook}, but has no such hook`
    : undefined;
}

function hasTfjsHook(hook: string, fields: Fields): boolean {
  return fields[hook.replace("Train", "")] !== undefined;
}

function needProblem(need: unknown): string | undefined {
  if (!isPlainObject(need)) return keyProblem(need);
  const { key, direction } = need;
  if (direction === true && Object.keys(need).length === 2) {
    return keyProblem(key);
  }
  return `is no need: expected a log key, or { key: "val_loss", direction: true }`;
}

function requiresProblem(requires: unknown): string | undefined {
  if (requires === undefined) return undefined;
  const known = Object.keys(REQUIREMENTS);
  if (!Array.isArray(requires)) {
    return `has requires that is ${
      show(requires)
    }: expected a list such as ["weights"]; known are ${known.join(", ")}`;
  }
  const unknown = requires.find((name) => !known.includes(name));
  return unknown === undefined
    ? undefined
    : `requires ${show(unknown)}${
      suggestion(String(unknown), known) || `: known are ${known.join(", ")}`
    }`;
}

function wordProblem(
  fields: Fields,
  field: string,
  words: readonly string[],
): string | undefined {
  const given = fields[field];
  if (given === undefined || words.includes(given as string)) return undefined;
  return `has ${field} ${show(given)}: expected ${
    words.map((word) => `"${word}"`).join(" or ")
  }`;
}

function stateProblem(state: unknown): string | undefined {
  if (state === undefined) return undefined;
  if (!isPlainObject(state)) {
    return `has a state that is ${show(state)}: expected an object`;
  }
  return dataProblem(state, "state", []);
}

function dataProblem(
  value: unknown,
  path: string,
  around: readonly unknown[],
): string | undefined {
  const simple = value === null || ArrayBuffer.isView(value) ||
    ["number", "string", "boolean", "undefined", "bigint"].includes(
      typeof value,
    );
  if (simple) return undefined;
  if (around.includes(value)) {
    return `has a state whose "${path}" holds itself: ${EXPECTED_STATE}`;
  }
  if (!Array.isArray(value) && !isPlainObject(value)) {
    return `has a state whose "${path}" is ${show(value)}: ${EXPECTED_STATE}`;
  }
  for (const [key, part] of Object.entries(value)) {
    const problem = dataProblem(part, `${path}.${key}`, [...around, value]);
    if (problem) return problem;
  }
  return undefined;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const proto = Object.getPrototypeOf(value);
  return proto === Object.prototype || proto === null;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** A value as it would stand in code, or what it is. */
function show(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) {
    if (!Array.isArray(value) && !isPlainObject(value)) {
      return `a ${value.constructor?.name ?? "object"}`;
    }
    try {
      return JSON.stringify(value);
    } catch {
      return "an object";
    }
  }
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
