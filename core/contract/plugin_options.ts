/**
 * A plugin's options, checked against its `defaults`: names with did-you-mean,
 * types by what stands there. Ranges are the plugin's own to check.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { suggestion } from "../did_you_mean.ts";
import { readAny, readAs, type TypeName, typeName } from "./option_values.ts";
import { SHADOW } from "./shadow.ts";
import { show } from "./show.ts";

/** The options a plugin has, at their default values. */
export type Defaults = Readonly<Record<string, unknown>>;

/** Options by name. */
export type OptionValues = Readonly<Record<string, unknown>>;

/** What stands behind `--use`. */
export interface ParsedUse {
  /** Name of the plugin. */
  readonly name: string;
  /** Whether it is to run as a shadow. */
  readonly shadow: boolean;
  /** Its options as text. */
  readonly options: Record<string, string | true>;
}

/**
 * What stands behind `--use`: a plugin's name and its options as text.
 *
 * @param text Such as `early-stopping:patience=3,monitor=loss`, or the same
 * behind `shadow:`. A comma in a value is written `\,`, save inside of brackets;
 * an option without `=` is set to true.
 * @throws {InputError} If there is no name, or an option is given twice.
 */
export function parseUse(text: string): ParsedUse {
  const { shadow, rest } = withoutShadow(text);
  const [head, ...tail] = rest.split(":");
  const name = head!.trim();
  if (!name) {
    throw new InputError(
      `Cannot use "${text}": expected NAME or NAME:OPTION=VALUE,… such as early-stopping:patience=3`,
    );
  }
  const pairs = partsOf(tail.join(":")).map((part) => {
    const [key, ...rest] = part.replaceAll("\\,", ",").split("=");
    return [key!.trim(), rest.length ? rest.join("=") : true] as const;
  });
  const keys = pairs.map(([key]) => key);
  const twice = keys.find((key, i) => keys.indexOf(key) !== i);
  if (twice !== undefined) {
    throw new InputError(
      `Cannot use "${name}": option "${twice}" is given twice`,
    );
  }
  return { name, shadow, options: Object.fromEntries(pairs) };
}

/**
 * Take `shadow:` off a name.
 *
 * @param text The name, or all that stands behind `--use`; what stands before an
 * option is a plugin's own name.
 */
export function withoutShadow(
  text: string,
): { shadow: boolean; rest: string } {
  const [, rest] = SHADOWED.exec(text) ?? [];
  return { shadow: rest !== undefined, rest: rest ?? text };
}

/** A name behind it, not an option. */
const SHADOWED = new RegExp(`^\\s*${SHADOW}(?=[^=:,]*(?:[:,]|$))(.*)$`, "s");

/** Between commas; those in `{…}` and `[…]`, and those behind a backslash, are no separators. */
function partsOf(text: string): string[] {
  const parts = text.match(/(?:\\,|\{[^{}]*\}|\[[^[\]]*\]|[^,])+/g) ?? [];
  return parts.filter((part) => part.trim());
}

/**
 * Options read from text, typed like the defaults: a number where a number
 * stands, and so on. A list is written `a+b`, or as JSON; an object as JSON.
 * Where nothing stands, a number is taken as such, JSON as such, the rest as
 * text.
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
    // A text may stand for a name, in whose place code has a number or a function.
    const mixed = expected === "text" &&
      (typeof value === "number" || typeof value === "function");
    if (
      value !== undefined && expected !== "anything" && !mixed &&
      typeName(value) !== expected
    ) {
      throw wrongType(plugin, name, expected, show(value));
    }
  }
  return given;
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
  const value = readAs(type, text, standard);
  if (value !== undefined) return value;
  throw wrongType(plugin, name, type, `"${text}"`);
}

function wrongType(
  plugin: string,
  name: string,
  type: TypeName,
  value: string,
): InputError {
  const example = type === "a list"
    ? ` such as ${name}=a+b`
    : type === "an object"
    ? ` such as ${name}={"a":"b"}`
    : "";
  return new InputError(
    `Cannot use "${plugin}": option "${name}" takes ${type}${example}, current value is ${value}`,
  );
}
