/**
 * Marks for values that have no place on an axis: in rows above the curves what
 * is NaN or infinite, below them what is infinitely low.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import type { Curve, Drawn, Odd } from "./curve.ts";
import type { Look } from "./look.ts";
import { type Marks, named } from "./marks.ts";

/** A row of marks: those of one curve and one kind. */
export interface OddRow {
  readonly look: Look;
  readonly kind: Odd;
  readonly epochs: readonly number[];
  /** Whether it stands above the curves. */
  readonly top: boolean;
  /** How far from the edge it is, in rows. */
  readonly row: number;
}

/** Height of a row in pixels, and how many there are at most: what has none is drawn over the others. */
const [ROW, MOST] = [11, 4];

/** The rows that curves need. */
export function oddRows(
  curves: readonly (readonly [Curve, Drawn])[],
): OddRow[] {
  const used = { top: 0, bottom: 0 };
  return curves.filter(([{ smooth }]) => !smooth).flatMap((
    [{ look }, { odd }],
  ) =>
    [...new Set(odd.map(({ kind }) => kind))].map((kind) => {
      const top = kind === "NaN" || kind === "Infinity";
      const epochs = odd.filter((it) => it.kind === kind).map(({ x }) => x);
      const row = used[top ? "top" : "bottom"]++ % MOST;
      return { look, kind, epochs, top, row };
    })
  );
}

/** The room that rows take above or below the curves, in pixels. */
export function oddRoom(rows: readonly OddRow[], top: boolean): number {
  return ROW * Math.min(MOST, rows.filter((it) => it.top === top).length);
}

/** The marks of a row. */
export function oddMarks({ look, kind, epochs, top, row }: OddRow): Marks {
  const away = (row + 0.5) * ROW - 1;
  const hollow = kind === "NaN" || kind === "not above 0";
  return [Plot.dot(epochs, {
    x: (epoch: number) => epoch,
    frameAnchor: top ? "top" : "bottom",
    dy: top ? away : -away,
    r: 3,
    symbol: kind === "NaN" ? "times" : "triangle",
    rotate: top ? 0 : 180,
    ...hollow
      ? { stroke: "currentColor", strokeWidth: 1.5 }
      : { fill: "currentColor" },
    className: named(look, "hl-odd"),
  })];
}
