/**
 * What the lines and marks of a drawing mean, in rows.
 *
 * @module
 */
import type { Odd } from "./curve.ts";
import { coloured, type Stroke } from "./look.ts";
import { cut, escaped, textWidth } from "./text.ts";

/** A line of a curve, the mark of the best epoch, or a mark for odd values. */
export type Sign =
  | ({ readonly kind: "line" } & Stroke)
  | { readonly kind: "best" }
  | { readonly kind: Odd };

/** A sign and what it means. */
export interface Entry {
  readonly sign: Sign;
  readonly text: string;
}

/** Height of a row, and font size. */
export const [LEGEND_ROW, SIZE] = [20, 12];

/** Room for a sign, and between two entries. */
const [SIGN, BETWEEN] = [30, 18];

/** The entries with their places, row by row: as many in a row as fit. */
export function legendRows(
  entries: readonly Entry[],
  width: number,
): readonly (readonly (Entry & { readonly x: number })[])[] {
  const rows: (Entry & { x: number })[][] = [];
  let x = Infinity;
  for (const { sign, text } of entries) {
    const short = cut(text, width - SIGN, SIZE);
    const wide = SIGN + textWidth(short, SIZE);
    if (x + wide > width) {
      rows.push([]);
      x = 0;
    }
    rows.at(-1)!.push({ sign, text: short, x });
    x += wide + BETWEEN;
  }
  return rows;
}

/** The rows as SVG, from a place on; lines with points where those are drawn. */
export function legendSvg(
  rows: ReturnType<typeof legendRows>,
  left: number,
  top: number,
  points: boolean,
): string {
  return rows.flatMap((row, i) =>
    row.map(({ sign, text, x }) => {
      const y = top + (i + 0.5) * LEGEND_ROW;
      return `<g class="hl-legend" transform="translate(${
        Math.round(left + x)
      },${y})">${signSvg(sign, points)}<text x="${
        SIGN - 6
      }" y="4" font-size="${SIZE}" fill="currentColor">${
        escaped(text)
      }</text></g>`;
    })
  ).join("\n");
}

function signSvg(sign: Sign, points: boolean): string {
  switch (sign.kind) {
    case "line":
      return lineSvg(sign, points);
    case "best":
      return `<g ${
        coloured("ink")
      } fill="none" stroke="currentColor" stroke-width="1.5"><circle cx="9" r="5"/><circle cx="9" r="1.5"/></g>`;
    case "NaN":
      return `<path ${
        coloured("muted")
      } stroke="currentColor" stroke-width="1.75" d="M5,-4L13,4M5,4L13,-4"/>`;
    case "not above 0":
      return `<path ${
        coloured("muted")
      } stroke="currentColor" stroke-width="1.5" d="M4.5,-4L13.5,-4L9,4Z"/>`;
    default:
      return `<path ${coloured("muted")} fill="currentColor" d="${
        sign.kind === "Infinity" ? "M4,4L14,4L9,-4.5Z" : "M4,-4L14,-4L9,4.5Z"
      }"/>`;
  }
}

function lineSvg({ look, dash }: Stroke, points: boolean): string {
  const line = `<path d="M0,0H18" stroke="currentColor" stroke-width="2.5"${
    dash ? ` stroke-dasharray="${dash}"` : ""
  }/>`;
  const point = look === "validation"
    ? `<path d="M9,-4.5L12.5,0L9,4.5L5.5,0Z" fill="currentColor"/>`
    : `<circle cx="9" r="3.5" fill="currentColor"/>`;
  return `<g ${coloured(look)}>${line}${points ? point : ""}</g>`;
}
