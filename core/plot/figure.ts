/**
 * A whole drawing: title, legend, panels, and a note below.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { Odd } from "./curve.ts";
import { type Entry, LEGEND_ROW, legendRows, legendSvg } from "./legend.ts";
import { coloured, ROOT, rules } from "./look.ts";
import {
  drawPanel,
  type Frame,
  labelRoom,
  LEAST_HEIGHT,
  oddIn,
  type Panel,
  type Place,
  valuesAxis,
} from "./panel.ts";
import { type Picture, pictureOf } from "./picture.ts";
import { counted } from "./numbers.ts";
import { cut, escaped, wrapped } from "./text.ts";

/** What a drawing consists of. */
export interface Figure {
  /** Stands above it. */
  readonly title: string | undefined;
  /** What it shows, in a few words: its name for who does not see it. */
  readonly name: string;
  /** What it shows, in sentences. */
  readonly text: string;
  readonly legend: readonly Entry[];
  readonly panels: readonly Panel[];
  /** Stands below it. */
  readonly note: string | undefined;
  /** As in {@linkcode Frame}. */
  readonly epochs: readonly [first: number, last: number];
  readonly best: number | undefined;
  readonly width: number | undefined;
  readonly height: number | undefined;
}

/** Room around a drawing, between panels, for a title, for a line of the note; font sizes; usual widths, and heights of rows. */
const [EDGE, GAP, HEAD, LINE] = [12, 8, 28, 16];
const [TITLE, NOTE] = [16, 12];
const [NARROW, WIDE, HIGH, LOW] = [640, 880, 270, 170];

/** What odd values are called in the legend. */
const ODD: Readonly<Record<Odd, string>> = {
  "NaN": "NaN",
  "Infinity": "infinite",
  "-Infinity": "minus infinite",
  "not above 0": "0 or less: not on a log scale",
};

/** Draw it all. */
export function drawFigure(figure: Figure): Picture {
  const { panels, title } = figure;
  const rows = rowsOf(panels);
  const width = figure.width ?? (rows.some(([, it]) => it) ? WIDE : NARROW);
  const inner = width - 2 * EDGE;
  const head = EDGE + (title ? HEAD : 0);
  const legend = legendRows([...figure.legend, ...oddEntries(panels)], inner);
  const note = wrapped(figure.note ?? "", inner, NOTE, 3);
  const top = head + legend.length * LEGEND_ROW;
  const bottom = EDGE + note.length * LINE;
  const heights = heightsOf(rows, figure.height, top + bottom);
  const height = top + heights.reduce((sum, it) => sum + it, 0) + bottom;
  const svg = [
    opening(figure, width, height),
    ...title ? [titleSvg(title, inner)] : [],
    legendSvg(legend, EDGE, head),
    ...panelsSvg(figure, placesOf(rows, heights, inner, top)),
    ...note.map((line, i) => noteSvg(line, height - bottom + (i + 1) * LINE)),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
  return pictureOf({ svg, width, height, text: figure.text });
}

/** One panel per row if there is one metric, else two; the last of an odd number has a row to itself. */
function rowsOf(panels: readonly Panel[]): Panel[][] {
  const metrics = panels.filter(({ steps }) => !steps).length;
  const columns = metrics > 1 ? 2 : 1;
  const rows: Panel[][] = [];
  for (let i = 0; i < panels.length; i += columns) {
    rows.push(panels.slice(i, i + columns));
  }
  return rows;
}

/** Heights of the rows: those of a learning rate alone are lower. */
function heightsOf(
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
        counted(rows.flat().length, "panel")
      } need at least ${least}`,
    );
  }
  heights[0]! += given - other - heights.reduce((sum, it) => sum + it, 0);
  return heights;
}

function placesOf(
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

/** The panels, their values starting at the same distance from their edges. */
function panelsSvg(
  { panels, epochs, best }: Figure,
  places: readonly Place[],
): string[] {
  const rooms = panels.map((panel, i) =>
    labelRoom(valuesAxis(panel, places[i]!.height))
  );
  const frame: Frame = { epochs, best, left: Math.max(...rooms) };
  return panels.map((panel, i) => drawPanel(panel, places[i]!, frame));
}

function oddEntries(panels: readonly Panel[]): Entry[] {
  return [...new Set(panels.flatMap(oddIn))]
    .map((kind) => ({ sign: { kind }, text: ODD[kind] }));
}

function opening(
  { name, text }: Figure,
  width: number,
  height: number,
): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="${ROOT}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, -apple-system, 'Segoe UI', sans-serif">`,
    `<title>${escaped(name)}</title>`,
    `<desc>${escaped(text)}</desc>`,
    `<style>${rules()}</style>`,
    `<rect ${
      coloured("paper")
    } width="${width}" height="${height}" fill="currentColor"/>`,
    `<g ${coloured("ink")} fill="none">`,
  ].join("\n");
}

function titleSvg(title: string, width: number): string {
  return `<text x="${EDGE}" y="${
    EDGE + 14
  }" font-size="${TITLE}" font-weight="600" fill="currentColor">${
    escaped(cut(title, width / 1.12, TITLE))
  }</text>`;
}

function noteSvg(line: string, y: number): string {
  return `<text ${
    coloured("muted", "hl-note")
  } x="${EDGE}" y="${y}" font-size="${NOTE}" fill="currentColor">${
    escaped(line)
  }</text>`;
}
