/**
 * Progress as a notebook shows it: a table of the epochs, a bar, and the curve
 * of the loss.
 *
 * @module
 */
import type { Picture } from "../../core/plugin.ts";
import { type Curve, scaled } from "./curve.ts";
import {
  type EpochRow,
  epochText,
  headerOf,
  layoutOf,
  rowOf,
} from "./epoch_table.ts";
import { type Pace, wordsOf } from "./bar.ts";
import { duration, kerasNumber } from "../_progress_text.ts";
import { PLAIN } from "./style.ts";
import { escaped, text } from "../_svg.ts";

/** What is to be seen. */
export interface Shown {
  /** Epochs of the run. */
  readonly epochs: number;
  /** The log keys. */
  readonly keys: readonly string[];
  /** The last epochs that are over. */
  readonly rows: readonly EpochRow[];
  /** How many there were in all. */
  readonly count: number;
  /** The best epoch; undefined while there is none. */
  readonly best: EpochRow | undefined;
  /** The epoch that runs; undefined where none does. */
  readonly running: EpochRow | undefined;
  /** How far it is. */
  readonly pace: Pace | undefined;
  /** The loss so far. */
  readonly curve: Curve;
  /** Its log key. */
  readonly loss: string;
}

/** The picture of a run. */
export function notebookPicture(shown: Shown): Picture {
  return { html: htmlOf(shown), text: textOf(shown) };
}

function htmlOf(shown: Shown): string {
  const { keys, rows, best, running, pace } = shown;
  const head = ["epoch", "time", ...keys]
    .map((it) => `<th style="${CELL}">${escaped(it)}</th>`).join("");
  const isOut = best && !rows.includes(best);
  const body = [
    ...isOut ? [rowHtml(shown, best, best)] : [],
    ...earlierRow(shown),
    ...rows.map((row) => rowHtml(shown, row, best)),
    ...running ? [rowHtml(shown, running, undefined)] : [],
  ].join("");
  return `<div style="font: 13px/1.5 monospace; overflow-x: auto">` +
    `<table style="border-collapse: collapse; margin: 0"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>` +
    (pace ? barHtml(pace) : "") + curveHtml(shown) + `</div>`;
}

const CELL = "text-align: right; padding: 1px 10px";

/** How many epochs are not shown. */
function earlierRow({ rows, count, keys }: Shown): string[] {
  const earlier = count - rows.length;
  return earlier === 0 ? [] : [
    `<tr><td colspan="${
      keys.length + 2
    }" style="text-align: center">${earlier} earlier</td></tr>`,
  ];
}

function rowHtml(
  { keys, epochs }: Shown,
  row: EpochRow,
  best: EpochRow | undefined,
): string {
  const { epoch, took, logs } = row;
  const values = keys.map((key) => {
    const value = logs[key];
    if (value === undefined) return "";
    const number = kerasNumber(value);
    return row === best && key === row.best ? `<b>${number} ★</b>` : number;
  });
  return `<tr>${
    [epochText(epoch, epochs), duration(took), ...values]
      .map((it) => `<td style="${CELL}">${it}</td>`).join("")
  }</tr>`;
}

function barHtml(pace: Pace): string {
  const { done, total } = pace;
  const bar = total === undefined
    ? ""
    : `<progress max="${total}" value="${done}" style="width: 240px; vertical-align: middle"></progress> `;
  return `<div style="margin: 4px 0">${bar}${
    escaped(wordsOf(pace).join("  "))
  }</div>`;
}

const [WIDTH, HEIGHT] = [360, 60];

/** It has the colour of the text, be the notebook light or dark. */
function curveHtml({ curve, loss }: Shown): string {
  if (curve.values.length < 2) return "";
  const { heights, low, high, log } = scaled(curve, 120);
  const points = heights.map((height, i) =>
    `${(i / (heights.length - 1) * WIDTH).toFixed(1)},${
      ((1 - height) * HEIGHT).toFixed(1)
    }`
  ).join(" ");
  const name = `${loss}${log ? ", logarithmic" : ""}`;
  const label = (y: number, words: string) => text(WIDTH + 8, y, words);
  return `<svg role="img" aria-label="${
    escaped(`${name}, from ${kerasNumber(high)} to ${kerasNumber(low)}`)
  }" viewBox="-4 -8 ${WIDTH + 144} ${HEIGHT + 16}" width="${
    WIDTH + 144
  }" height="${
    HEIGHT + 16
  }" font-size="11" fill="currentColor" style="display: block">` +
    `<polyline points="${points}" fill="none" stroke="currentColor" stroke-width="1.5"/>` +
    label(4, kerasNumber(high)) + label(HEIGHT / 2 + 4, name) +
    label(HEIGHT + 4, kerasNumber(low)) + `</svg>`;
}

function textOf({ keys, epochs, rows, running, pace }: Shown): string {
  const layout = layoutOf(keys, epochs, Infinity);
  return [
    ...headerOf(layout),
    ...rows.flatMap((row) => rowOf(layout, row, PLAIN)),
    ...running ? rowOf(layout, running, PLAIN, "") : [],
    ...pace ? [wordsOf(pace).join("  ")] : [],
  ].join("\n");
}
