/**
 * A curve, taken apart into what can be drawn: lines, points, and marks for
 * values that have no place.
 *
 * @module
 */
import type { Value } from "./given.ts";
import type { Stroke } from "./look.ts";
import type { Axis } from "./scale.ts";
import { smoothed } from "./smoothed.ts";
import { type Point, thinned } from "./thin.ts";

/** A curve as it is given. */
export interface Curve extends Stroke {
  /** What it is called, in words. */
  readonly name: string;
  /** Epochs, counted from 1, rising. */
  readonly epochs: readonly number[];
  /** A value for each; undefined if the epoch had none. */
  readonly values: readonly Value[];
  /** Where its best value is to be marked. */
  readonly best?: Point | undefined;
  /** Whether it stands behind the others, as values do behind their average. */
  readonly faint?: boolean;
  /** Whether it is an average of another. */
  readonly smooth?: boolean;
}

/** A curve, or its values behind their moving average. */
export function curvesOf(curve: Curve, smoothing: number): Curve[] {
  if (smoothing === 0) return [curve];
  const values = smoothed(curve.values, smoothing);
  return [
    { ...curve, faint: true },
    { ...curve, values, best: undefined, smooth: true },
  ];
}

/** Why a value has no place on the axis. */
export type Odd = "NaN" | "Infinity" | "-Infinity" | "not above 0";

/** A curve as it is drawn. */
export interface Drawn {
  /** Lines without a gap. */
  readonly lines: readonly (readonly Point[])[];
  /** Pairs of points on either side of epochs without a value. */
  readonly bridges: readonly (readonly [Point, Point])[];
  /** Whether it has more points than pixels. */
  readonly dense: boolean;
  /** Points that are drawn as such. */
  readonly points: readonly Point[];
  /** Values that have no place on the axis, one mark for those that would overlap. */
  readonly odd: readonly { readonly x: number; readonly kind: Odd }[];
}

/** Beyond this, sums and differences leave the range of numbers. */
const MOST = 1e300;

/** In pixels: a gap that can be seen, a break that can, and a mark. */
const [GAP, BREAK, MARK] = [6, 3, 9];

/** Why a value has no place; undefined if it has one. */
export function oddity(value: number, log: boolean): Odd | undefined {
  if (Number.isNaN(value)) return "NaN";
  if (value > MOST) return "Infinity";
  if (value < -MOST) return "-Infinity";
  return log && value <= 0 ? "not above 0" : undefined;
}

/** The values of a curve that have a place on the axis. */
export function placed(values: readonly Value[], log: boolean): number[] {
  return values.filter((it) => it !== undefined && !oddity(it, log))
    .map((it) => tidy(it!));
}

/** Too small to be told from 0 where ticks are computed. */
function tidy(value: number): number {
  return Math.abs(value) < 1 / MOST ? 0 : value;
}

/**
 * Take a curve apart.
 *
 * @param curve The curve.
 * @param log Whether its axis is logarithmic.
 * @param pixels How many pixels an epoch takes.
 * @param points Whether all of its points are drawn, or only those alone.
 */
export function takeApart(
  { epochs, values }: Curve,
  { log }: Pick<Axis, "log">,
  pixels: number,
  points: boolean,
): Drawn {
  const lines: Point[][] = [];
  const bridges: [Point, Point][] = [];
  const odd: { x: number; kind: Odd }[] = [];
  let last: Point | undefined;
  let since: "value" | "nothing" | "odd" = "value";
  for (const [i, value] of values.entries()) {
    const x = epochs[i]!;
    if (value === undefined) {
      if (since === "value") since = "nothing";
      continue;
    }
    const kind = oddity(value, log);
    if (kind) {
      since = "odd";
      odd.push({ x, kind });
      continue;
    }
    const point = { x, y: tidy(value) };
    const away = last ? (x - last.x) * pixels : Infinity;
    const parted = since === "odd" && away >= BREAK ||
      since === "nothing" && away >= GAP;
    if (last && since === "nothing" && parted) bridges.push([last, point]);
    if (!last || parted) lines.push([point]);
    else lines.at(-1)!.push(point);
    [last, since] = [point, "value"];
  }
  const column = ({ x }: Point) => x * pixels;
  return {
    lines: lines.map((line) => thinned(line, column)),
    bridges,
    dense: pixels < 1,
    points: points
      ? lines.flat()
      : lines.filter(({ length }) => length === 1).flat(),
    odd: spaced(odd, pixels),
  };
}

/** Those that do not overlap one of the same kind. */
function spaced(odd: Drawn["odd"], pixels: number): Drawn["odd"] {
  const next = new Map<Odd, number>();
  return odd.filter(({ x, kind }) => {
    if (x * pixels < (next.get(kind) ?? -Infinity)) return false;
    next.set(kind, x * pixels + MARK);
    return true;
  });
}
