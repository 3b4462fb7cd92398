/**
 * Options of the drawings, and what is refused.
 *
 * @module
 */
import { show } from "../contract/show.ts";
import { suggestion } from "../did_you_mean.ts";
import { InputError } from "../errors.ts";
import type { Direction } from "../plugin.ts";

/** What drawings of curves have in common. */
export interface CurveOptions {
  /**
   * The metrics to draw, one panel each: `"loss"` or `["loss", "accuracy"]`.
   * Default all.
   */
  readonly keys?: string | readonly string[];
  /** Stands above the drawing. Default none. */
  readonly title?: string;
  /** Width in pixels, 240 to 4096. Default 640, or 880 with several metrics. */
  readonly width?: number;
  /** Height in pixels, at most 8192 and at least what the panels need. Default by their number. */
  readonly height?: number;
  /** First epoch to draw, counted from 1 as printed: the first ones may flatten the rest. Default 1. */
  readonly startEpoch?: number;
  /** Whether metrics have a logarithmic scale, or the keys of those that do. Default false. */
  readonly logScale?: boolean | string | readonly string[];
  /** Weight of the past in a moving average, from 0 (none) to below 1; the values themselves stay visible behind it. Default 0. */
  readonly smoothing?: number;
}

/** Which epoch is the best: by a key, if its direction is known; by a key and its direction; false for no mark. */
export type BestOption =
  | false
  | string
  | { readonly key: string; readonly direction: Direction };

/** What an option must be: whether a value will do, and in words. */
export type Rule = readonly [good: (value: unknown) => boolean, words: string];

/** A text. */
export const TEXT: Rule = [(it) => typeof it === "string", "text"];

/** True or false. */
export const FLAG: Rule = [(it) => typeof it === "boolean", "true or false"];

/** Keys, or one of them. */
const KEYS: Rule = [isKeys, `a key such as "loss", or a list of keys`];

/** The width of a drawing. */
export const WIDTH: Rule = [between(240, 4096), "a number from 240 to 4096"];

/** The rules of {@linkcode CurveOptions}. */
export const CURVE_RULES: Readonly<Record<keyof CurveOptions, Rule>> = {
  keys: KEYS,
  title: TEXT,
  width: WIDTH,
  height: [between(100, 8192), "a number from 100 to 8192"],
  startEpoch: [
    (it) => Number.isSafeInteger(it) && it as number >= 1,
    "a whole number, 1 or more",
  ],
  logScale: [
    (it) => typeof it === "boolean" || isKeys(it),
    "true, false, or a list of keys",
  ],
  smoothing: [
    (it) => typeof it === "number" && it >= 0 && it < 1,
    "a number from 0 to below 1",
  ],
};

/**
 * Refuse options that are unknown, or not what they must be. Undefined counts
 * as not given.
 *
 * @throws {InputError} If there is one.
 */
export function checkOptions(
  options: object,
  rules: Readonly<Record<string, Rule>>,
): void {
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!rule) {
      throw new InputError(
        `Cannot draw as there is no option "${name}": there are ${
          listed(Object.keys(rules))
        }${suggestion(name, Object.keys(rules))}`,
      );
    }
    const [good, words] = rule;
    if (value === undefined || good(value)) continue;
    throw new InputError(
      `Cannot draw as '${name}' must be ${words}: current value is ${
        show(value)
      }`,
    );
  }
}

/** Whether the panel of a key is to be logarithmic. */
export function isLogarithmic(
  option: CurveOptions["logScale"],
  key: string,
): boolean {
  if (typeof option === "boolean" || option === undefined) return !!option;
  return typeof option === "string" ? option === key : option.includes(key);
}

/** Names in quotes, with commas. */
export function listed(names: Iterable<string>): string {
  return [...names].map((it) => JSON.stringify(it)).join(", ");
}

function isKeys(value: unknown): boolean {
  return typeof value === "string" ||
    Array.isArray(value) && value.length > 0 &&
      value.every((it) => typeof it === "string");
}

function between(low: number, high: number): (value: unknown) => boolean {
  return (it) => typeof it === "number" && it >= low && it <= high;
}
