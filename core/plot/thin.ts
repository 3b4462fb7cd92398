/**
 * As many points as can be seen.
 *
 * @module
 */

/** A point of a curve. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * The points that a line needs to look the same: of those in one column of
 * pixels the first, the lowest, the highest and the last, so that no spike is
 * lost (M4; Jugel et al., "M4: A Visualization-Oriented Time Series Data
 * Aggregation", 2014).
 *
 * @param points By rising `x`.
 * @param column The column of pixels that a point is in.
 */
export function thinned(
  points: readonly Point[],
  column: (point: Point) => number,
): readonly Point[] {
  const kept: Point[] = [];
  for (let start = 0; start < points.length;) {
    const at = Math.floor(column(points[start]!));
    let [low, high, end] = [start, start, start + 1];
    for (; end < points.length; end++) {
      if (Math.floor(column(points[end]!)) !== at) break;
      if (points[end]!.y < points[low]!.y) low = end;
      if (points[end]!.y > points[high]!.y) high = end;
    }
    const seen = new Set([start, low, high, end - 1]);
    for (const i of [...seen].sort((a, b) => a - b)) kept.push(points[i]!);
    start = end;
  }
  return kept;
}
