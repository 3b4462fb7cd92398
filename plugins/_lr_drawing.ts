/**
 * The drawing of a learning-rate range test, as SVG.
 *
 * @module
 */
import { linearTicks, logTicks, shortNumber } from "./_axis.ts";
import type { Point } from "./_lr_sweep.ts";
import { escaped, scale, text } from "./_svg.ts";

const [WIDTH, HEIGHT] = [720, 440];
/** The area between the axes. */
const FIELD = { left: 76, right: 696, top: 64, bottom: 376 } as const;

/** Dark if the reader prefers dark pages. */
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .head { font-size: 16px; font-weight: 600 }
  .note { fill: #59636e }
  .page { fill: #ffffff }
  .axis { stroke: #59636e; fill: none }
  .grid { stroke: #e4e8ec; fill: none }
  .raw { fill: #9bb3cf }
  .curve { stroke: #0b5cad; stroke-width: 2.5; stroke-linejoin: round; fill: none }
  .mark { stroke: #bc4c00; stroke-width: 1.5; stroke-dasharray: 5 4; fill: none }
  .dot { fill: #bc4c00 }
  .name { fill: #bc4c00; font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .note { fill: #9aa4af }
    .page { fill: #0d1117 }
    .axis { stroke: #9aa4af }
    .grid { stroke: #262c34 }
    .raw { fill: #6484ab }
    .curve { stroke: #6cb0ff }
    .mark { stroke: #ffa657 }
    .dot, .name { fill: #ffa657 }
  }
`;

/**
 * The loss over the learning rate, on a logarithmic axis.
 *
 * @param points The batches, in order; non-finite numbers are left out.
 * @param suggested The point to mark; undefined for none.
 * @param monitor Name of the loss.
 * @param summary The result, in words.
 */
export function drawing(
  points: readonly Point[],
  suggested: Point | undefined,
  monitor: string,
  summary: string,
): string {
  const rates = points.map(({ learningRate }) => learningRate);
  const [low, high] = spread(rates[0] ?? 1e-3, rates.at(-1) ?? 1);
  const [least, most] = lossRange(points);
  const x = scale(Math.log(low), Math.log(high), FIELD.left, FIELD.right);
  const y = scale(least, most, FIELD.bottom, FIELD.top);
  const place = (
    rate: number,
    loss: number,
  ): Place => [x(Math.log(rate)), y(loss)];

  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="lr-finder-title lr-finder-desc">
<title id="lr-finder-title">Learning rate finder</title>
<desc id="lr-finder-desc">${escaped(summary)}</desc>
<style>${STYLE}</style>
<clipPath id="lr-finder-field"><rect x="${FIELD.left}" y="${FIELD.top}" width="${
    FIELD.right - FIELD.left
  }" height="${FIELD.bottom - FIELD.top}"/></clipPath>
<rect class="page" width="${WIDTH}" height="${HEIGHT}"/>
${text(FIELD.left, 26, "Learning rate finder", "head")}
${text(FIELD.right, 26, "dots: single batches, line: smoothed", "note", "end")}
${text(FIELD.left, 47, summary, "note")}
${rateAxis(low, high, (rate) => place(rate, 0)[0])}
${lossAxis(least, most, (loss) => place(1, loss)[1], monitor)}
<g clip-path="url(#lr-finder-field)">
${dots(points, place)}
${curve(points, place)}
</g>
${suggested ? mark(suggested, place) : ""}
</svg>
`.replace(/\n+/g, "\n");
}

type Place = readonly [x: number, y: number];
type Placed = (rate: number, loss: number) => Place;

/** The visible range: everything low, and as much of the rise at the end as of the fall before it. */
function lossRange(points: readonly Point[]): readonly [number, number] {
  const seen = points.map(({ smoothed }) => smoothed).filter(Number.isFinite);
  if (seen.length === 0) return [0, 1];
  const bottom = Math.min(...seen);
  const before = Math.max(...seen.slice(0, seen.indexOf(bottom) + 1));
  const single = points.map(({ loss }) => loss).filter(Number.isFinite);
  const least = Math.min(bottom, ...single);
  const room = apart(least, before) || Math.abs(least) || 1;
  const most = Math.min(Math.max(...seen), before + room);
  const margin = (apart(least, most) || room) * 0.08;
  return [least - margin, most + margin];
}

/** How far apart two losses are; 0 if only by rounding. */
function apart(low: number, high: number): number {
  const size = Math.max(Math.abs(low), Math.abs(high));
  return high - low > size * 1e-9 ? high - low : 0;
}

function spread(low: number, high: number): readonly [number, number] {
  return high > low ? [low, high] : [low / 2, low * 2];
}

function rateAxis(
  low: number,
  high: number,
  at: (rate: number) => number,
): string {
  const { left, right, top, bottom } = FIELD;
  const ticks = logTicks(low, high).map(({ value, text: name }) => {
    const x = at(value);
    return name
      ? `<path class="grid" d="M${x} ${top}V${bottom}"/><path class="axis" d="M${x} ${bottom}v6"/>` +
        text(x, bottom + 22, name, "", "middle")
      : `<path class="axis" d="M${x} ${bottom}v3"/>`;
  });
  const name = text(
    (left + right) / 2,
    bottom + 48,
    "learning rate (logarithmic)",
    "",
    "middle",
  );
  return [
    ...ticks,
    `<path class="axis" d="M${left} ${bottom}H${right}"/>`,
    name,
  ]
    .join("\n");
}

function lossAxis(
  least: number,
  most: number,
  at: (loss: number) => number,
  name: string,
): string {
  const { left, right, top, bottom } = FIELD;
  const ticks = linearTicks(least, most).map(({ value, text: name }) => {
    const y = at(value);
    return `<path class="grid" d="M${left} ${y}H${right}"/>` +
      text(left - 8, y + 4, name, "", "end");
  });
  const middle = (top + bottom) / 2;
  return [
    ...ticks,
    `<path class="axis" d="M${left} ${top}V${bottom}"/>`,
    `<g transform="translate(20 ${middle}) rotate(-90)">${
      text(0, 0, name, "", "middle")
    }</g>`,
  ].join("\n");
}

function dots(points: readonly Point[], place: Placed): string {
  return points.filter(({ loss }) => Number.isFinite(loss))
    .map(({ learningRate, loss }) => {
      const [x, y] = place(learningRate, loss);
      return `<circle class="raw" cx="${x}" cy="${y}" r="2.2"/>`;
    }).join("");
}

function curve(points: readonly Point[], place: Placed): string {
  const at = points.filter(({ smoothed }) => Number.isFinite(smoothed))
    .map(({ learningRate, smoothed }) => place(learningRate, smoothed).join());
  return at.length ? `<polyline class="curve" points="${at.join(" ")}"/>` : "";
}

function mark({ learningRate, smoothed }: Point, place: Placed): string {
  const { left, right, top, bottom } = FIELD;
  const [x, y] = place(learningRate, smoothed);
  const early = x < (left + right) / 2;
  return `<path class="mark" d="M${x} ${top}V${bottom}"/><circle class="dot" cx="${x}" cy="${y}" r="5"/>` +
    text(
      x + (early ? 10 : -10),
      top + 14,
      `suggested: ${shortNumber(learningRate)}`,
      "name",
      early ? "start" : "end",
    );
}
