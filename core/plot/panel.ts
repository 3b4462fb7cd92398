/**
 * One panel: the curves of a metric over the epochs, by Observable Plot.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { type Curve, type Odd, oddity, placed, takeApart } from "./curve.ts";
import { coloured } from "./look.ts";
import { axesMarks, bestMark, bestRule, curveMarks } from "./marks.ts";
import { count } from "../number_text.ts";
import { tickLabels } from "./numbers.ts";
import { oddMarks, oddRoom, oddRows } from "./odd_marks.ts";
import { page, plotted } from "./plotted.ts";
import { type Axis, axisOf, epochTicks } from "./scale.ts";
import { cut, escaped, textWidth } from "./text.ts";

/** What a panel shows. */
export interface Panel {
  /** The metric: its title. */
  readonly title: string;
  readonly curves: readonly Curve[];
  /** Whether a logarithmic scale is wanted. */
  readonly log: boolean;
  /** Whether a value holds until the next, as a learning rate does. */
  readonly steps?: boolean;
}

/** What the panels of a drawing have in common. */
export interface Frame {
  /** The first and the last epoch. */
  readonly epochs: readonly [first: number, last: number];
  /** The best epoch, if it is to be marked. */
  readonly best: number | undefined;
  /** Room for the labels of the values, in pixels. */
  readonly left: number;
  /** Whether all points of the curves are drawn as such. */
  readonly points: boolean;
}

/** Where a panel goes, in pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Font size of the labels of the axes, and of titles. */
const [LABEL, TITLE] = [11, 13];

/** Room around the curves: for the title; for the epochs and the word "epoch". */
const [TOP, BOTTOM] = [30, 38];

/** Room between the curves and the ends of the axis: for marks at the first and the last epoch. */
const INSET = 7;

/** Least height at which a panel can be read. */
export const LEAST_HEIGHT: number = TOP + BOTTOM + 32;

/** Whether a panel has a logarithmic scale: if one is wanted, and a value is above 0. */
function isLog({ curves, log }: Panel): boolean {
  return log && curves.some(({ values }) => placed(values, true).length > 0);
}

/** The axis of a panel's values. */
export function valuesAxis(panel: Panel, height: number): Axis {
  const log = isLog(panel);
  const values = panel.curves.flatMap(({ values }) => placed(values, log));
  return axisOf(values, log, (height - TOP - BOTTOM) / (log ? 24 : 36));
}

/** What values without a place there are. */
export function oddIn(panel: Panel): Odd[] {
  const log = isLog(panel);
  return panel.curves.flatMap(({ values }) =>
    values.flatMap((value) =>
      value === undefined ? [] : oddity(value, log) ?? []
    )
  );
}

/** The room that the labels of an axis take, in pixels. */
export function labelRoom({ ticks, log }: Axis): number {
  const widths = tickLabels(ticks, log).map((label) => textWidth(label, LABEL));
  return Math.ceil(Math.max(24, ...widths)) + 12;
}

/** A panel as a group. */
export function drawPanel(panel: Panel, place: Place, frame: Frame): string {
  const { x, y, width, height } = place;
  const { epochs: [first, last], best, left, points } = frame;
  const axis = valuesAxis(panel, height);
  const label = textWidth(count(last), LABEL);
  const right = Math.ceil(Math.max(0, label / 2 - INSET)) + 4;
  const inner = width - left - right;
  const pixels = (inner - 2 * INSET) / Math.max(1, last - first);
  const drawn = panel.curves.map((curve) =>
    [curve, takeApart(curve, axis, pixels, points)] as const
  );
  const odd = oddRows(drawn);
  const half = first === last ? 0.5 : 0;
  const svg = plotted(Plot.plot({
    document: page,
    ...{ width, height, marginTop: TOP, marginBottom: BOTTOM },
    ...{ marginLeft: left, marginRight: right },
    x: {
      domain: [first - half, last + half],
      axis: null,
      insetLeft: INSET,
      insetRight: INSET,
    },
    y: {
      domain: [...axis.domain],
      type: axis.log ? "log" : "linear",
      axis: null,
      insetTop: oddRoom(odd, true),
      insetBottom: oddRoom(odd, false),
    },
    marks: [
      ...axesMarks(axis, epochTicks(first, last, inner / (label + 14) + 1)),
      ...best === undefined ? [] : [bestRule(best)],
      ...drawn.flatMap(([curve, parts]) =>
        curveMarks(curve, parts, panel.steps ?? false)
      ),
      ...odd.flatMap(oddMarks),
      ...panel.curves.flatMap(bestMark),
    ],
  }));
  return [
    `<g class="hl-panel" transform="translate(${x},${y})" font-size="${LABEL}" text-anchor="middle" fill="currentColor">`,
    titleText(panel.title, axis, left, width),
    svg,
    `<text ${coloured("muted")} x="${left + inner / 2}" y="${
      height - 6
    }">epoch</text>`,
    "</g>",
  ].join("\n");
}

/** The title, cut to the width of the panel; with the kind of scale where it is not linear. */
function titleText(
  title: string,
  { log }: Axis,
  left: number,
  width: number,
): string {
  const note = log ? " (log scale)" : "";
  const room = width - left - textWidth(note, LABEL);
  const bold = 1.12;
  return `<text class="hl-title" x="${left}" y="17" text-anchor="start" font-size="${TITLE}" font-weight="600">${
    escaped(cut(title, room / bold, TITLE))
  }${
    note &&
    `<tspan ${
      coloured("muted")
    } font-size="${LABEL}" font-weight="400">${note}</tspan>`
  }</text>`;
}
