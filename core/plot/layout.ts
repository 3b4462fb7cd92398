/**
 * Where the panels of a drawing go.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { EDGE } from "./document.ts";
import { plural } from "../number_text.ts";
import { LEAST_HEIGHT, type Panel, type Place } from "./panel.ts";

/** Room between panels; usual widths of one and of two in a row; usual heights of a row, and of one with learning rates alone. */
export const GAP = 8;
const [NARROW, WIDE, HIGH, LOW] = [640, 880, 270, 170];

/** Below this width there is one panel per row. */
const SMALL = 560;

/** The width of a drawing of which none was asked for. */
export function usualWidth(panels: readonly Panel[]): number {
  return rowsOf(panels, WIDE).some(({ length }) => length > 1) ? WIDE : NARROW;
}

/** One panel per row if there is one metric or little room, else two; the last of an odd number has a row to itself. */
export function rowsOf(
  panels: readonly Panel[],
  width: number,
): Panel[][] {
  const metrics = panels.filter(({ steps }) => !steps).length;
  const columns = metrics > 1 && width >= SMALL ? 2 : 1;
  const rows: Panel[][] = [];
  for (let i = 0; i < panels.length; i += columns) {
    rows.push(panels.slice(i, i + columns));
  }
  return rows;
}

/**
 * Heights of the rows: those of a learning rate alone are lower.
 *
 * @param given The height of the whole drawing; undefined for the usual one.
 * @param other What of it is for other things.
 * @throws {InputError} If the panels would be too low to be read.
 */
export function heightsOf(
  rows: readonly (readonly Panel[])[],
  given: number | undefined,
  other: number,
): number[] {
  const usual = rows.map((row) => row.every(({ steps }) => steps) ? LOW : HIGH);
  if (given === undefined) return usual;
  const part = (given - other) / usual.reduce((sum, it) => sum + it, 0);
  const heights = usual.map((it) => Math.floor(it * part));
  if (heights.some((it) => it < LEAST_HEIGHT)) {
    const least = Math.ceil(
      other + LEAST_HEIGHT / Math.min(...usual) *
          usual.reduce((sum, it) => sum + it, 0),
    ) + usual.length;
    throw new InputError(
      `Cannot draw with 'height' ${given}: ${
        plural(rows.flat().length, "panel")
      } need at least ${least}`,
    );
  }
  heights[0]! += given - other - heights.reduce((sum, it) => sum + it, 0);
  return heights;
}

/** The place of each panel, row by row. */
export function placesOf(
  rows: readonly (readonly Panel[])[],
  heights: readonly number[],
  inner: number,
  top: number,
): Place[] {
  let y = top;
  return rows.flatMap((row, i) => {
    const width = (inner - GAP * (row.length - 1)) / row.length;
    const places = row.map((_, column) => ({
      x: EDGE + column * (width + GAP),
      y,
      width,
      height: heights[i]!,
    }));
    y += heights[i]!;
    return places;
  });
}
