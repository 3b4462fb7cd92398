/**
 * Draws the curves of a metric.
 *
 * @module
 */
import type { History } from "@hookloop/hookloop";

const [WIDTH, HEIGHT, MARGIN] = [640, 320, 40];

/**
 * A metric and its `val_` twin over the epochs, with a dot at the lowest value
 * of the latter, as an SVG picture. The first epochs are left out, as they
 * would flatten the rest of the curve.
 *
 * @param history What `fit` returned, with validation.
 * @param metric Log key of the metric.
 * @param startEpoch First epoch to draw, counted from 1. Default 5, or 1 for a short run.
 */
export function plotHistory(
  { history }: Pick<History, "history">,
  metric: string,
  startEpoch = history[metric]!.length > 5 ? 5 : 1,
): string {
  const curve = (key: string) => history[key]!.slice(startEpoch - 1);
  const [values, valValues] = [curve(metric), curve(`val_${metric}`)];
  const all = [...values, ...valValues];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const lowest = valValues.indexOf(Math.min(...valValues));

  const x = (i: number) =>
    MARGIN + i / Math.max(1, values.length - 1) * (WIDTH - 2 * MARGIN);
  const y = (value: number) =>
    MARGIN + (high - value) / (high - low || 1) * (HEIGHT - 2 * MARGIN);
  const line = (values: readonly number[], colour: string) =>
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${
      values.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`)
        .join(" ")
    }"/>`;
  const text = (x: number, y: number, words: string, colour = "black") =>
    `<text x="${x}" y="${y}" fill="${colour}">${words}</text>`;

  const last = startEpoch + values.length - 1;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    line(values, "steelblue"),
    line(valValues, "darkorange"),
    `<circle cx="${x(lowest).toFixed(1)}" cy="${
      y(valValues[lowest]!).toFixed(1)
    }" r="4" fill="red"/>`,
    text(WIDTH - 2 * MARGIN, 16, metric, "steelblue"),
    text(WIDTH - 2 * MARGIN, 32, `val_${metric}`, "darkorange"),
    text(4, MARGIN, high.toFixed(2)),
    text(4, HEIGHT - MARGIN, low.toFixed(2)),
    text(MARGIN, HEIGHT - 12, `epoch ${startEpoch}`),
    text(WIDTH - 2 * MARGIN, HEIGHT - 12, `epoch ${last}`),
    "</svg>",
    "",
  ].join("\n");
}
