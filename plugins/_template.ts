/**
 * File-name templates as Python writes them: `{epoch:02d}-{val_loss:.2f}`.
 *
 * @module
 */
import { OptionError } from "../core/plugin.ts";

import { nonFinite } from "./_non_finite.ts";
import { shown } from "./_shown.ts";
import { pythonExponent, pythonFloat } from "./_python_float.ts";

/** A parsed template. */
export interface Template {
  /** The keys it names, each once. */
  readonly keys: readonly string[];
  /** The text for given values. */
  render(values: Readonly<Record<string, number>>): string;
}

type Part = string | Field;

interface Field {
  readonly key: string;
  readonly spec: Spec;
}

/** What is a whole number in Python; all other values are floats. */
const INTEGERS: ReadonlySet<string> = new Set(["epoch", "batch"]);

/** `[0][width][.precision][type]`. */
interface Spec {
  readonly zero: boolean;
  readonly width: number;
  readonly precision: number | undefined;
  readonly type: string;
}

/**
 * Parse a template.
 *
 * @param text Text with `{key}` or `{key:spec}`; `{{` and `}}` stand for
 * literal braces. A spec is `[0][width][.precision][type]`, the type one of d,
 * f, e and g.
 * @throws {OptionError} If a brace is left open, or a spec is unknown or one
 * that Python rejects.
 */
export function readTemplate(text: string): Template {
  if (typeof text !== "string") throw badTemplate(shown(text), "it is no text");
  const parts: Part[] = [];
  for (const [piece] of text.matchAll(/\{\{|\}\}|\{[^{}]*\}|[^{}]+|[{}]/g)) {
    if (piece === "{{" || piece === "}}") parts.push(piece[0]!);
    else if (piece === "{" || piece === "}") {
      throw badTemplate(text, `a brace stands alone`);
    } else if (piece.startsWith("{")) parts.push(readField(piece, text));
    else parts.push(piece);
  }
  const keys = parts.flatMap((part) =>
    typeof part === "string" ? [] : part.key
  );
  return {
    keys: [...new Set(keys)],
    render: (values) =>
      parts.map((part) =>
        typeof part === "string" ? part : format(values, part)
      ).join(""),
  };
}

/** A number has 17 significant digits. */
const MOST_DIGITS = 20;

/** A name has at most 255 characters. */
const MOST_WIDTH = 100;

function readField(piece: string, text: string): Part {
  const match = /^\{(\w+)(?::(0?)(\d*)(?:\.(\d+))?([dfeg]?))?\}$/.exec(piece);
  if (!match) {
    throw badTemplate(
      text,
      `"${piece}" is not {key} or {key:[0][width][.digits][d|f|e|g]}`,
    );
  }
  const [, key, zero, width, precision, type] = match;
  if (type === "d" && precision !== undefined) {
    throw badTemplate(text, `"${piece}" asks for the digits of an integer`);
  }
  if (Number(precision ?? 0) > MOST_DIGITS) {
    throw badTemplate(
      text,
      `"${piece}" asks for more than ${MOST_DIGITS} digits`,
    );
  }
  if (Number(width || 0) > MOST_WIDTH) {
    throw badTemplate(
      text,
      `"${piece}" asks for more than ${MOST_WIDTH} characters`,
    );
  }
  return {
    key: key!,
    spec: {
      zero: zero === "0",
      width: Number(width || 0),
      precision: precision === undefined ? undefined : Number(precision),
      type: type ?? "",
    },
  };
}

function format(
  values: Readonly<Record<string, number>>,
  { key, spec: { zero, width, precision, type } }: Field,
): string {
  const value = values[key]!;
  const whole = type === "" && precision === undefined && INTEGERS.has(key);
  const digits = digitsOf(value, whole ? "d" : type, precision);
  if (!zero) return digits.padStart(width);
  const sign = digits.startsWith("-") ? "-" : "";
  return sign + digits.slice(sign.length).padStart(width - sign.length, "0");
}

function digitsOf(
  value: number,
  type: string,
  precision: number | undefined,
): string {
  const word = nonFinite(value);
  if (word !== undefined) return word;
  switch (type) {
    case "d":
      return rounded(value, 0, "toFixed");
    case "f":
      return rounded(value, precision ?? 6, "toFixed");
    case "e":
      return pythonExponent(rounded(value, precision ?? 6, "toExponential"));
    case "g":
      return general(value, precision ?? 6);
    default:
      return precision === undefined
        ? pythonFloat(value)
        : general(value, precision);
  }
}

/** Python rounds halves to even, JS away from zero. */
function rounded(
  value: number,
  digits: number,
  style: "toFixed" | "toExponential",
): string {
  const [exact, tail] = value[style](100).split("e");
  const cut = exact!.length - 100 + digits;
  const kept = exact!.slice(0, Math.max(0, cut)).replace(/\.$/, "");
  const tie = cut > 0 && /^50*$/.test(exact!.slice(cut));
  if (!tie || Number(kept.at(-1)) % 2 === 1) return value[style](digits);
  return tail === undefined ? kept : `${kept}e${tail}`;
}

function general(value: number, precision: number): string {
  const digits = Math.max(1, precision);
  const power = value === 0
    ? 0
    : Number(rounded(value, digits - 1, "toExponential").split("e")[1]);
  const text = power < -4 || power >= digits
    ? rounded(value, digits - 1, "toExponential")
    : rounded(value, digits - 1 - power, "toFixed");
  const [mantissa, tail] = text.split("e");
  const short = mantissa!.includes(".")
    ? mantissa!.replace(/\.?0+$/, "")
    : mantissa!;
  return pythonExponent(tail === undefined ? short : `${short}e${tail}`);
}

function badTemplate(text: string, why: string): OptionError {
  return new OptionError(
    `Cannot read the file-name template "${text}": ${why}`,
  );
}
