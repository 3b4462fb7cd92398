/**
 * A curve that is drawn while it grows: it never holds more than a window
 * shows.
 *
 * @module
 */

/** A curve: plain data. */
export interface Curve {
  /** The points. */
  values: number[];
  /** How many values are one point, their mean. */
  every: number;
  /** Sum of the values that will be the next point, */
  sum: number;
  /** and how many they are. */
  count: number;
}

/** From so many points on, each two become one. */
const MOST = 120;

/** A curve without points. */
export function newCurve(): Curve {
  return { values: [], every: 1, sum: 0, count: 0 };
}

/** Add a value; one that is not finite is left out. */
export function extend(curve: Curve, value: number | undefined): void {
  if (!Number.isFinite(value)) return;
  curve.sum += value!;
  if (++curve.count < curve.every) return;
  curve.values.push(curve.sum / curve.count);
  curve.sum = curve.count = 0;
  if (curve.values.length < MOST) return;
  curve.values = thinned(curve.values, MOST / 2);
  curve.every *= 2;
}

/** Where a curve's points are, from 0 at its lowest to 1 at its highest. */
export interface Scaled {
  /** The points. */
  readonly heights: readonly number[];
  /** The lowest value. */
  readonly low: number;
  /** The highest. */
  readonly high: number;
  /** Whether equal steps up are equal factors, as the values differ by more than one of ten. */
  readonly log: boolean;
}

/**
 * Scale a curve.
 *
 * @param curve A curve with points.
 * @param most How many points it may have at most; more are thinned out.
 */
export function scaled({ values }: Curve, most: number): Scaled {
  const points = thinned(values, most);
  const [low, high] = [Math.min(...points), Math.max(...points)];
  const log = low > 0 && high > 10 * low;
  const at = log ? Math.log : (value: number) => value;
  const span = at(high) - at(low);
  const heights = points.map((value) =>
    span > 0 ? (at(value) - at(low)) / span : 0.5
  );
  return { heights, low, high, log };
}

const BLOCKS = " ▁▂▃▄▅▆▇█";

/**
 * Draw a curve with blocks.
 *
 * @param heights Its points, one per column, from 0 to 1.
 * @param rows How many rows high.
 * @returns The rows, the topmost first.
 */
export function blocks(heights: readonly number[], rows: number): string[] {
  const levels = heights.map((it) => 1 + Math.round(it * (8 * rows - 1)));
  return Array.from({ length: rows }, (_, row) => {
    const below = 8 * (rows - 1 - row);
    return levels.map((level) =>
      BLOCKS[Math.min(8, Math.max(0, level - below))]
    ).join("").trimEnd();
  });
}

/** At most so many values: means of neighbours. */
function thinned(values: readonly number[], most: number): number[] {
  if (values.length <= most) return [...values];
  const at = (i: number) => Math.floor(i * values.length / most);
  return Array.from({ length: most }, (_, i) => {
    const some = values.slice(at(i), at(i + 1));
    return some.reduce((sum, value) => sum + value, 0) / some.length;
  });
}
