/**
 * A whole drawing: title, legend, panels, and a note below.
 *
 * @module
 */
import type { Odd } from "./curve.ts";
import { type Cover, documentSvg, EDGE, headerHeight } from "./document.ts";
import { GAP, heightsOf, placesOf, rowsOf, usualWidth } from "./layout.ts";
import { type Entry, LEGEND_ROW, legendRows, legendSvg } from "./legend.ts";
import { coloured } from "./look.ts";
import {
  drawPanel,
  type Frame,
  labelRoom,
  oddIn,
  type Panel,
  type Place,
  valuesAxis,
} from "./panel.ts";
import { type Picture, pictureOf } from "./picture.ts";
import { escaped, wrapped } from "./text.ts";

/** What a drawing consists of. */
export interface Figure extends Omit<Cover, "width" | "height"> {
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

/** Height of a line of the note, and its font size. */
const [LINE, NOTE] = [16, 12];

/** In pixels, the room for an epoch from which on points are drawn. */
const POINT = 12;

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
  const width = figure.width ?? usualWidth(panels);
  const inner = width - 2 * EDGE;
  const rows = rowsOf(panels, width);
  const head = headerHeight(title);
  const legend = legendRows(entriesOf(figure), inner);
  const note = wrapped(figure.note ?? "", inner, NOTE, 3);
  const top = head + (legend.length && legend.length * LEGEND_ROW + GAP);
  const bottom = EDGE + note.length * LINE;
  const heights = heightsOf(rows, figure.height, top + bottom);
  const height = top + heights.reduce((sum, it) => sum + it, 0) + bottom;
  const places = placesOf(rows, heights, inner, top);
  const frame = frameOf(figure, places);
  const svg = documentSvg({ ...figure, width, height }, [
    legendSvg(legend, EDGE, head, frame.points),
    ...panels.map((panel, i) => drawPanel(panel, places[i]!, frame)),
    ...note.map((line, i) => noteSvg(line, height - bottom + (i + 1) * LINE)),
  ]);
  return pictureOf({ svg, width, height, text: figure.text });
}

/** What the panels have in common: their values start at the same distance from their edges. */
function frameOf(
  { panels, epochs, best }: Figure,
  places: readonly Place[],
): Frame {
  const rooms = panels.map((panel, i) =>
    labelRoom(valuesAxis(panel, places[i]!.height))
  );
  const left = Math.max(0, ...rooms);
  const narrowest = Math.min(...places.map(({ width }) => width)) - left;
  const points = narrowest / (epochs[1] - epochs[0] || 1) >= POINT;
  return { epochs, best, left, points };
}

/** The legend, with what odd values there are. */
function entriesOf({ legend, panels }: Figure): Entry[] {
  return [
    ...legend,
    ...[...new Set(panels.flatMap(oddIn))]
      .map((kind) => ({ sign: { kind }, text: ODD[kind] })),
  ];
}

function noteSvg(line: string, y: number): string {
  return `<text ${
    coloured("muted", "hl-note")
  } x="${EDGE}" y="${y}" font-size="${NOTE}" fill="currentColor">${
    escaped(line)
  }</text>`;
}
