// @ts-check
/// <reference lib="dom" />
/**
 * What part of the run charts show, its axes, and how a mouse changes it.
 *
 * @module
 */
import { number } from "./words.js";

/** @import { Shown } from "./chart.js" */
/** @typedef {import("uplot")} UPlot */

/**
 * The steps that are shown: those that are looked at, or all.
 *
 * @param {Shown} shown
 * @returns {[number, number]}
 */
export function stepsShown({ range, points, epochs }) {
  if (range) return range;
  const first = points.step[0] ?? epochs[0]?.step ?? 0;
  const last = Math.max(
    points.step[points.step.length - 1] ?? 1,
    epochs[epochs.length - 1]?.step ?? 1,
  );
  return first < last ? [first, last] : [first - 1, first + 1];
}

/**
 * The values that are shown: those of the curve and of the epochs, with some room.
 *
 * @param {string} key
 * @param {Shown} shown
 * @param {number | null} low
 * @param {number | null} high
 * @param {boolean} metric
 * @returns {[number, number]}
 */
export function valuesShown(key, shown, low, high, metric) {
  const [from, to] = stepsShown(shown);
  const log = shown.log && metric;
  let min = low ?? Infinity;
  let max = high ?? -Infinity;
  if (metric) {
    for (const { step, logs } of shown.epochs) {
      if (step < from || step > to) continue;
      for (const value of [logs[key], logs[`val_${key}`]]) {
        if (value === null || value === undefined) continue;
        if (value < min) min = value;
        if (value > max) max = value;
      }
    }
  }
  if (min > max) return log ? [0.1, 1] : [0, 1];
  if (log) {
    const least = Math.max(min, max > 0 ? max * 1e-6 : 1e-6);
    return [least / 1.15, Math.max(max, least) * 1.15];
  }
  const room = (max - min) * 0.06 || Math.abs(max) * 0.1 || 1;
  return [min >= 0 ? Math.max(0, min - room) : min - room, max + room];
}

/**
 * @param {Shown} shown
 * @param {(value: number | null) => string} format
 * @returns {import("uplot").Axis[]}
 */
export function axes(shown, format) {
  const common = {
    stroke: () => shown.colours.quiet,
    font: "12px system-ui, sans-serif",
    ticks: { show: false },
    grid: { stroke: () => shown.colours.line, width: 1 },
  };
  return [
    {
      ...common,
      size: 28,
      gap: 6,
      space: 56,
      splits: (_plot, _axis, min, max, increment) =>
        shown.axis === "step"
          ? multiples(min, max, increment)
          : epochSplits(shown, min, max, increment),
      values: (_plot, splits) =>
        splits.map((step) =>
          shown.axis === "step"
            ? short(step)
            : String(Number(shown.epochAt(step).toPrecision(6)))
        ),
      incrs: INCREMENTS,
    },
    {
      ...common,
      gap: 6,
      space: 32,
      size: (plot, labels) => 12 + widest(plot, labels ?? []),
      values: (_plot, splits) =>
        splits.map((value) => value === null ? "" : format(value)),
    },
  ];
}

/** Whole steps only: 1, 2, 5, 10 and so on. */
const INCREMENTS = Array.from(
  { length: 10 },
  (_, power) => [1, 2, 5].map((by) => by * 10 ** power),
).flat();

/**
 * @param {number} min
 * @param {number} max
 * @param {number} by
 */
function multiples(min, max, by) {
  const found = [];
  for (let at = Math.ceil(min / by); at * by <= max; at++) found.push(at * by);
  return found;
}

/**
 * The steps where whole epochs are over.
 *
 * @param {Shown} shown
 * @param {number} min
 * @param {number} max
 * @param {number} increment Steps between two labels, at least.
 */
function epochSplits({ epochAt, stepAt }, min, max, increment) {
  const [from, to] = [epochAt(min), epochAt(max)];
  const least = ((to - from) * increment) / (max - min);
  const by = INCREMENTS.find((it) => it >= least) ?? 1;
  return multiples(from, to, by).map(stepAt);
}

/** A step, short enough for an axis. @param {number} step */
function short(step) {
  const at = Math.abs(step);
  if (at >= 1e6) return `${Number((step / 1e6).toPrecision(6))}M`;
  return at >= 1e4 ? `${Number((step / 1e3).toPrecision(6))}k` : number(step);
}

/**
 * @param {UPlot} plot
 * @param {readonly string[]} labels
 */
function widest({ ctx }, labels) {
  ctx.save();
  ctx.font = "12px system-ui, sans-serif";
  const widths = labels.map((label) => ctx.measureText(label).width);
  ctx.restore();
  return Math.ceil(Math.max(32, ...widths));
}

/**
 * Writes what the steps are counted in, in the corner below the values.
 *
 * @param {UPlot} plot
 * @param {Shown} shown
 */
export function drawUnit({ ctx, bbox }, { axis, colours }) {
  const per = devicePixelRatio;
  ctx.save();
  ctx.font = `${12 * per}px system-ui, sans-serif`;
  ctx.fillStyle = colours.quiet;
  ctx.textAlign = "right";
  ctx.textBaseline = "top";
  ctx.fillText(axis, bbox.left - 8 * per, bbox.top + bbox.height + 6 * per);
  ctx.restore();
}
