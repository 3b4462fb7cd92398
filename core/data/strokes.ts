/**
 * From strokes to pixels: curves become short segments, and segments leave ink.
 *
 * @module
 */
import type { Stroke } from "./glyphs.ts";

/** Number of segments that the span between two points of a curve is cut into. */
const PIECES = 5;

/**
 * The points of a stroke's path: the stroke itself if it is a straight line,
 * otherwise a Catmull-Rom spline through its points (Catmull and Rom, 1974),
 * cut into segments.
 *
 * @param stroke `[x0, y0, x1, y1, …]`.
 * @returns Points in the same form.
 */
export function path(stroke: Stroke): number[] {
  const spans = stroke.length / 2 - 1;
  if (spans === 1) return [...stroke];
  const points = [stroke[0]!, stroke[1]!];
  for (let span = 0; span < spans; span++) {
    for (let piece = 1; piece <= PIECES; piece++) {
      const t = piece / PIECES;
      points.push(spline(stroke, span, t, 0), spline(stroke, span, t, 1));
    }
  }
  return points;
}

/** One coordinate (0: x, 1: y) of the spline, at `t` of the way along a span. */
function spline(
  stroke: Stroke,
  span: number,
  t: number,
  axis: number,
): number {
  const last = stroke.length / 2 - 1;
  const closed = stroke[0] === stroke[2 * last] &&
    stroke[1] === stroke[2 * last + 1];
  const at = (point: number) => stroke[2 * point + axis]!;
  const before = span > 0 ? at(span - 1) : at(closed ? last - 1 : 0);
  const after = span + 2 <= last ? at(span + 2) : at(closed ? 1 : last);
  const [from, to] = [at(span), at(span + 1)];
  return from + t / 2 * (to - before +
        t * (2 * before - 5 * from + 4 * to - after +
            t * (3 * (from - to) + after - before)));
}

/** A picture being drawn: for each pixel, the square of the distance to the nearest stroke. */
export interface Sheet {
  /** Pixels per side. */
  readonly size: number;
  /** Row after row; `Infinity` where no stroke comes near. */
  readonly distances: Float32Array;
}

/**
 * Record how near a segment passes to each pixel, looking only at pixels nearer
 * than `reach`.
 *
 * @param sheet The picture; pixel (i, j) has its centre at x = i, y = j.
 * @param reach How far from the segment to look, in pixels.
 */
export function drawSegment(
  { size, distances }: Sheet,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  reach: number,
): void {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const squaredLength = dx * dx + dy * dy || 1;
  const left = Math.max(0, Math.ceil(Math.min(x0, x1) - reach));
  const right = Math.min(size - 1, Math.floor(Math.max(x0, x1) + reach));
  const top = Math.max(0, Math.ceil(Math.min(y0, y1) - reach));
  const bottom = Math.min(size - 1, Math.floor(Math.max(y0, y1) + reach));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const along = ((x - x0) * dx + (y - y0) * dy) / squaredLength;
      const t = Math.min(1, Math.max(0, along));
      const [ex, ey] = [x0 + t * dx - x, y0 + t * dy - y];
      const squared = ex * ex + ey * ey;
      const pixel = y * size + x;
      if (squared < distances[pixel]!) distances[pixel] = squared;
    }
  }
}
