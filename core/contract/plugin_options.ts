/**
 * A plugin's options, checked against its `defaults`: names with did-you-mean,
 * types by what stands there. Ranges are the plugin's own to check.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { suggestion } from "../did_you_mean.ts";

/** The options a plugin has, at their default values. */
export type Defaults = Readonly<Record<string, unknown>>;

/** Options by name. */
export type OptionValues = Readonly<Record<string, unknown>>;

/**
 * What stands behind `--use`: a plugin's name and its options as text.
 *
 * @param text Such as `early-stopping:patience=3,monitor=loss`. A comma in a
 * value is written `\,`; an option without `=` is set to true.
 * @throws {InputError} If there is no name.
 */
export function parseUse(
  text: string,
): { name: string; options: Record<string, string | true> } {
  const colon = text.indexOf(":");
  const name = (colon < 0 ? text : text.slice(0, colon)).trim();
  if (!name) {
    throw new InputError(
      `Cannot use "${text}": expected NAME or NAME:OPTION=VALUE,… such as early-stopping:patience=3`,
    );
  }
  const options: Record<string, string | true> = {};
  const parts = colon < 0 ? [] : text.slice(colon + 1).split(/(?<!\\),/);
  for (const part of parts.filter((part) => part.trim())) {
    const [key, ...rest] = part.replaceAll("\\,", ",").split("=");
    options[key!.trim()] = rest.length ? rest.join("=") : true;
  }
  return { name, options };
}

/**
 * Options read from text, typed like the defaults: a number where a number (or
 * undefined) stands, and so on.
 *
 * @param plugin Name of the plugin, for messages.
 * @param given The options as text.
 * @param defaults The plugin's defaults. Where its module does not say, any
 * option is taken, read as JSON where it is JSON.
 * @throws {InputError} If an option is unknown or its text is not of its type.
 */
export function readOptions(
  plugin: string,
  given: Readonly<Record<string, string | true>>,
  defaults: Defaults | undefined,
): OptionValues {
  const values: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(given)) {
    if (defaults) checkName(plugin, name, defaults);
    values[name] = defaults
      ? readValue(plugin, name, text, defaults[name])
      : readAny(text);
  }
  return values;
}

/**
 * Check options given in code or in a configuration.
 *
 * @param plugin Name of the plugin, for messages.
 * @param given The options.
 * @param defaults The plugin's defaults. Where its module does not say, any
 * option is taken.
 * @throws {InputError} If an option is unknown or of another type than its default.
 */
export function checkOptions(
  plugin: string,
  given: OptionValues,
  defaults: Defaults | undefined,
): OptionValues {
  if (!defaults) return given;
  for (const [name, value] of Object.entries(given)) {
    checkName(plugin, name, defaults);
    const expected = typeName(defaults[name]);
    const actual = typeof value;
    // A text may stand for a name, in whose place code has a number or a function.
    const mixed = expected === "text" &&
      (actual === "number" || actual === "function");
    if (
      value !== undefined && expected !== "any" && !mixed &&
      actual !== jsType(expected)
    ) {
      throw wrongType(plugin, name, expected, JSON.stringify(value) ?? actual);
    }
  }
  return given;
}

/**
 * What type an option takes, in a word.
 *
 * @param value Its default; undefined stands for a number that is not set.
 */
export function typeName(
  value: unknown,
): "number" | "text" | "true or false" | "any" {
  if (value === undefined || typeof value === "number") return "number";
  if (typeof value === "string") return "text";
  return typeof value === "boolean" ? "true or false" : "any";
}

function jsType(type: "number" | "text" | "true or false"): string {
  return {
    "number": "number",
    "text": "string",
    "true or false": "boolean",
  }[type];
}

function checkName(plugin: string, name: string, defaults: Defaults): void {
  if (Object.hasOwn(defaults, name)) return;
  const known = Object.keys(defaults);
  const hint = suggestion(name, known) ||
    (known.length ? `: known are ${known.join(", ")}` : ": it has none");
  throw new InputError(
    `Cannot use "${plugin}": it has no option "${name}"${hint}`,
  );
}

function readValue(
  plugin: string,
  name: string,
  text: string | true,
  standard: unknown,
): unknown {
  const type = typeName(standard);
  const bad = () => wrongType(plugin, name, type, `"${text}"`);
  if (type === "true or false") {
    if (text === true || text === "true") return true;
    if (text === "false") return false;
    throw bad();
  }
  if (text === true) throw bad();
  if (type === "number") {
    const number = Number(text);
    if (text.trim() === "" || Number.isNaN(number)) throw bad();
    return number;
  }
  return type === "text" ? text : readAny(text);
}

/** Numbers, truth values and objects as JSON has them; anything else is text. */
function readAny(text: string | true): unknown {
  if (text === true) return true;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function wrongType(
  plugin: string,
  name: string,
  type: string,
  value: string,
): InputError {
  return new InputError(
    `Cannot use "${plugin}": option "${name}" takes ${
      type === "number" ? "a number" : type
    }, current value is ${value}`,
  );
}
