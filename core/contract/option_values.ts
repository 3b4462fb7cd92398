/**
 * The values of options: what type each takes, by its default, and how it is
 * read from a text.
 *
 * @module
 */
import { isPlainObject } from "./show.ts";

/** What an option takes, in a word. */
export type TypeName =
  | "a number"
  | "text"
  | "true or false"
  | "a list"
  | "an object"
  | "anything";

/**
 * What type an option takes.
 *
 * @param value Its default; undefined and null do not say.
 */
export function typeName(value: unknown): TypeName {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number") return "a number";
  if (typeof value === "string") return "text";
  if (typeof value === "boolean") return "true or false";
  return isPlainObject(value) ? "an object" : "anything";
}

/**
 * The value that a text stands for; undefined if it is none of the type.
 *
 * @param text What stands behind `=`; true if nothing does.
 * @param standard The option's default.
 */
export function readAs(
  type: TypeName,
  text: string | true,
  standard: unknown,
): unknown {
  if (type === "anything") return readAny(text);
  if (type === "true or false") {
    return String(text) === "true" || (text === "false" ? false : undefined);
  }
  if (text === true) return undefined;
  switch (type) {
    case "a number":
      return readNumber(text);
    case "a list":
      return readList(text, standard as readonly unknown[]);
    case "an object":
      return typeName(readJson(text)) === type ? readJson(text) : undefined;
    default:
      return text;
  }
}

/** JSON, or parts between `+`, of the type of the first that stands there: text if none does. */
function readList(
  text: string,
  [first]: readonly unknown[],
): unknown[] | undefined {
  const json = readJson(text);
  if (Array.isArray(json)) return json;
  const parts = text === "" ? [] : text.split(/(?<!\\)\+/);
  const values = parts.map((part) => part.replaceAll("\\+", "+"))
    .map((part) => typeof first === "number" ? readNumber(part) : part);
  return values.includes(undefined) ? undefined : values;
}

function readNumber(text: string): number | undefined {
  const number = Number(text);
  return text.trim() === "" || Number.isNaN(number) ? undefined : number;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A number, a truth value or whatever else JSON has; anything else is text. */
export function readAny(text: string | true): unknown {
  if (text === true) return true;
  return readNumber(text) ?? readJson(text) ?? text;
}
