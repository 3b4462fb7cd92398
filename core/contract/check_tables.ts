/**
 * Whether a plugin's tables are what they must be: needs, provides, requires.
 *
 * @module
 */
import { didYouMean, suggestion } from "../did_you_mean.ts";
import { HOOK_NAMES } from "../plugin.ts";
import { keyProblem } from "./log_keys.ts";
import { REQUIREMENTS } from "./requirements.ts";
import { isPlainObject, show } from "./show.ts";

/** What a plugin says of itself, by field. */
export type Fields = Readonly<Record<string, unknown>>;

const TABLES = ["needs", "provides"] as const;

const HOOKS_AND_REQUIREMENTS = new Set<unknown>([
  ...HOOK_NAMES,
  ...Object.keys(REQUIREMENTS),
]);

/** A table by a wrong name would be no table at all. */
export function misspeltProblem(fields: Fields): string | undefined {
  const known = [...TABLES, "requires"];
  for (const [name, value] of Object.entries(fields)) {
    if (known.includes(name) || !looksLikeTable(value)) continue;
    const near = didYouMean(name, known);
    if (near) return `has a field "${name}", did you mean "${near}"?`;
  }
  return undefined;
}

/** Whether a value is keyed by hooks, or lists what a run may offer: anything else is the plugin's own. */
function looksLikeTable(value: unknown): boolean {
  const words = Array.isArray(value)
    ? value
    : isPlainObject(value)
    ? Object.keys(value)
    : [];
  return words.some((word) => HOOKS_AND_REQUIREMENTS.has(word));
}

/** What is wrong with `needs` or `provides`. */
export function tablesProblem(fields: Fields): string | undefined {
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

/** What is wrong with `monitor`; a bare object may have a field of that name for itself. */
export function monitorProblem({ name, monitor }: Fields): string | undefined {
  if (monitor === undefined || name === undefined) return undefined;
  const { key, direction, ...rest } = isPlainObject(monitor)
    ? monitor
    : { key: monitor };
  const good = keyProblem(key) === undefined &&
    [undefined, "min", "max"].includes(direction as string | undefined) &&
    Object.keys(rest).length === 0;
  return good
    ? undefined
    : `has monitor ${
      show(monitor)
    }: expected a log key such as "val_loss", or { key: "val_f1", direction: "max" }`;
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

/** What is wrong with `requires`. */
export function requiresProblem(requires: unknown): string | undefined {
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
