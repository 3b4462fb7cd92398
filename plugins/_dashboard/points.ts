/**
 * The curves over batches: a point a batch, until there are so many that two
 * become one, again and again, so that they never take more room.
 *
 * @module
 */

import type { PointsMessage } from "./page/protocol.ts";

/** A curve. The sum and the count are those of the point that is open. */
export interface Curve {
  /** Its points: NaN and the infinities are values, {@linkcode MISSING} is none. */
  values: Float64Array;
  /** Sum of the batches' values. */
  sum: number;
  /** How many had one. */
  count: number;
}

/** Curves over the same batches: plain data. */
export interface Points {
  /** Index of the first batch, over the run. */
  readonly first: number;
  /** How many batches a point stands for. */
  every: number;
  /** How many points there are. */
  length: number;
  /** Batches in the point that is open. */
  open: number;
  /** By key. */
  readonly curves: Record<string, Curve>;
}

/** A point without a value. */
export const MISSING: number = -Number.MAX_VALUE;

/** How many points a curve has at most. */
export const MOST = 100_000;

/** For how many points there is room at first. */
const ROOM = 1024;

/** No points. */
export function noPoints(first: number): Points {
  return { first, every: 1, length: 0, open: 0, curves: {} };
}

/** The curve of a key, which is made where there is none: it lacks what is past. */
export function curveOf(points: Points, key: string): Curve {
  const { curves, length } = points;
  if (Object.hasOwn(curves, key)) return curves[key]!;
  const values = new Float64Array(Math.max(ROOM, length)).fill(MISSING);
  return curves[key] = { values, sum: 0, count: 0 };
}

/** The value of the batch at hand. */
export function put(curve: Curve, value: number): void {
  curve.sum += value;
  curve.count++;
}

/**
 * The batch at hand is over.
 *
 * @returns Whether from here on a point stands for twice as many batches.
 */
export function next(points: Points, most: number = MOST): boolean {
  if (++points.open < points.every) return false;
  close(points);
  if (points.length < most) return false;
  halve(points);
  return true;
}

function close(points: Points): void {
  const { curves, length } = points;
  for (const key in curves) {
    const curve = curves[key]!;
    if (length === curve.values.length) curve.values = larger(curve.values);
    curve.values[length] = curve.count ? curve.sum / curve.count : MISSING;
    curve.sum = curve.count = 0;
  }
  points.length++;
  points.open = 0;
}

function larger(values: Float64Array): Float64Array {
  const grown = new Float64Array(Math.max(ROOM, values.length * 2));
  grown.set(values);
  return grown;
}

/** Two points become one; one that is left over is open again. */
function halve(points: Points): void {
  const { curves, length, every } = points;
  const pairs = Math.floor(length / 2);
  const odd = length % 2 === 1;
  for (const curve of Object.values(curves)) {
    const { values } = curve;
    for (let i = 0; i < pairs; i++) {
      values[i] = meanOf(values[2 * i]!, values[2 * i + 1]!);
    }
    const last = odd ? values[length - 1]! : MISSING;
    if (last !== MISSING) {
      curve.sum += last * every;
      curve.count += every;
    }
  }
  if (odd) points.open += every;
  points.length = pairs;
  points.every *= 2;
}

function meanOf(a: number, b: number): number {
  if (a === MISSING) return b;
  return b === MISSING ? a : (a + b) / 2;
}

/** A copy of no more than so many points, as it goes into a backup. */
export function thinned(points: Points, most: number): Points {
  const curves = Object.entries(points.curves).map(([key, curve]) => [
    key,
    { ...curve, values: curve.values.slice(0, points.length) },
  ]);
  const copy: Points = { ...points, curves: Object.fromEntries(curves) };
  while (copy.length > most) halve(copy);
  for (const curve of Object.values(copy.curves)) {
    curve.values = curve.values.slice(0, copy.length);
  }
  return copy;
}

/** The points from one to before another. */
export function pointsFrom(
  { first, every, curves }: Points,
  from: number,
  to: number,
): PointsMessage {
  const step = Array.from(
    { length: to - from },
    (_, i) => first + (from + i + 1) * every,
  );
  const values: Record<string, (number | null)[]> = {};
  const nonFinite: Record<string, [number, string][]> = {};
  for (const [key, curve] of Object.entries(curves)) {
    const sent: (number | null)[] = values[key] = [];
    for (let i = from; i < to; i++) {
      const value = curve.values[i]!;
      const finite = Number.isFinite(value);
      if (!finite) (nonFinite[key] ??= []).push([i - from, String(value)]);
      sent.push(finite && value !== MISSING ? value : null);
    }
  }
  return {
    ...{ first: first + from * every, every, step, values },
    ...Object.keys(nonFinite).length && { nonFinite },
  };
}
