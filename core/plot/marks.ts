/**
 * The parts of a panel as marks of Observable Plot. Their classes say what they
 * are: `hl-line`, `hl-point`, `hl-best`, `hl-odd`, `hl-x`, `hl-y`.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import type { Curve, Drawn } from "./curve.ts";
import { classOf, type Look } from "./look.ts";
import { count } from "../number_text.ts";
import { tickLabels } from "./numbers.ts";
import type { Axis } from "./scale.ts";
import type { Point } from "./thin.ts";

/** Marks of a panel. */
export type Marks = Plot.Markish[];

const x = (point: Point) => point.x;
const y = (point: Point) => point.y;
const itself = (tick: number) => tick;

/** The grid, the labels of the values and of the epochs. */
export function axesMarks(axis: Axis, epochs: readonly number[]): Marks {
  const labels = tickLabels(axis.ticks, axis.log);
  return [
    Plot.gridY(axis.ticks, {
      className: classOf("grid"),
      stroke: "currentColor",
      strokeOpacity: 1,
    }),
    Plot.frame({
      anchor: "bottom",
      className: classOf("muted"),
      stroke: "currentColor",
      strokeOpacity: 0.6,
    }),
    Plot.text(axis.ticks, {
      y: itself,
      text: (_: number, i: number) => labels[i]!,
      frameAnchor: "left",
      textAnchor: "end",
      dx: -7,
      fontVariant: "tabular-nums",
      className: named("muted", "hl-y"),
    }),
    Plot.text(epochs, {
      x: itself,
      text: count,
      frameAnchor: "bottom",
      lineAnchor: "top",
      dy: 6,
      fontVariant: "tabular-nums",
      className: named("muted", "hl-x"),
    }),
  ];
}

/** The best epoch, from top to bottom. */
export function bestRule(epoch: number): Plot.Markish {
  return Plot.ruleX([epoch], {
    className: named("ink", "hl-rule"),
    strokeDasharray: "2 3",
    strokeOpacity: 0.55,
  });
}

/** A curve: lines, the ways across its gaps, its points. */
export function curveMarks(
  { look, dash, faint }: Curve,
  { lines, bridges, points, dense }: Drawn,
  steps: boolean,
): Marks {
  const opacity = faint ? 0.3 : 1;
  const broken = lines.flatMap((line) => [...line, { x: NaN, y: NaN }]);
  return [
    Plot.link(bridges, {
      x1: ([from]) => from.x,
      y1: ([from]) => from.y,
      x2: ([, to]) => to.x,
      y2: ([, to]) => to.y,
      className: named(look, "hl-bridge"),
      strokeOpacity: 0.5 * opacity,
      strokeWidth: 1.25,
    }),
    Plot.line(broken, {
      x,
      y,
      curve: steps ? "step" : "linear",
      className: named(look, "hl-line"),
      strokeOpacity: opacity,
      strokeWidth: faint ? 1 : dense ? 1.25 : 1.75,
      ...dash && { strokeDasharray: dash },
    }),
    Plot.dot(points, {
      x,
      y,
      r: 2.5,
      symbol: look === "validation" ? "diamond" : "circle",
      fill: "currentColor",
      fillOpacity: opacity,
      className: named(look, "hl-point"),
    }),
  ];
}

/** Where the best value is: a point with a ring around it. */
export function bestMark({ look, best }: Curve): Marks {
  if (!best) return [];
  const at = { x, y };
  return [
    Plot.dot([best], {
      ...at,
      r: 5.5,
      fill: "currentColor",
      className: classOf("paper"),
    }),
    Plot.dot([best], {
      ...at,
      r: 5.5,
      strokeWidth: 1.5,
      className: named("ink", "hl-best"),
    }),
    Plot.dot([best], {
      ...at,
      r: 3,
      fill: "currentColor",
      className: classOf(look),
    }),
  ];
}

/** The classes of a part: the first gives it its colour. */
export function named(look: Look, part: string): string {
  return `${classOf(look)} ${part}`;
}
