/**
 * Whether a value is a plugin: its hooks, its tables and its state, each wrong
 * one told in a sentence.
 *
 * @module
 */
import { suggestion } from "../did_you_mean.ts";
import { messageOf } from "../errors.ts";
import { HOOK_NAMES } from "../plugin.ts";
import { permissionsProblem } from "./permissions.ts";
import { stateProblem } from "./check_state.ts";
import {
  type Fields,
  misspeltProblem,
  monitorProblem,
  requiresProblem,
  tablesProblem,
} from "./check_tables.ts";
import { callName, isClass, kindOf, show } from "./show.ts";

/** Hooks of tf.js that have other names here, or none. */
const TFJS_HOOKS = ["onBatchBegin", "onBatchEnd", "onYield"] as const;

/**
 * Why a value is no plugin, to follow its name in a sentence; undefined if it
 * is one.
 *
 * @param value What should be a plugin or a bare object of hooks.
 */
export function pluginProblem(value: unknown): string | undefined {
  try {
    return problemOf(value);
  } catch (error) {
    // Such as a proxy whose traps throw.
    return `cannot be looked at: ${messageOf(error)}`;
  }
}

function problemOf(value: unknown): string | undefined {
  if (isClass(value)) {
    return `is a class: list what it makes, new ${
      callName(value, "MyPlugin")
    }()`;
  }
  if (typeof value === "function") {
    return `is a function: call it (${
      callName(value, "plugin")
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
      return `has a getter "${name}" that throws: ${messageOf(error)}`;
    }
  }
  return hooksProblem(fields) ?? nameProblem(fields) ??
    misspeltProblem(fields) ?? tablesProblem(fields) ??
    requiresProblem(fields.requires) ?? monitorProblem(fields) ??
    wordProblem(fields, "order", ["pre", "post"]) ??
    wordProblem(fields, "onError", ["fail", "disable"]) ??
    onlookerProblem(fields) ?? stateProblem(fields.state) ??
    has(permissionsProblem(fields.permissions));
}

function has(problem: string | undefined): string | undefined {
  return problem && `has ${problem}`;
}

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

function onlookerProblem({ onlooker }: Fields): string | undefined {
  if (onlooker === undefined || typeof onlooker === "boolean") return undefined;
  return `has onlooker ${show(onlooker)}: expected true or false`;
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
