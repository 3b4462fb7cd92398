/**
 * What a drawing shows, for who does not see it, and how a run ended.
 *
 * @module
 */
import type { Outcome } from "../plugin.ts";
import type { Curve } from "./curve.ts";
import type { CurveOptions } from "./options.ts";
import { extent } from "./scale.ts";
import { shortNumber } from "./numbers.ts";
import type { Panel } from "./panel.ts";

/** The panels in sentences, one each. */
export function panelWords(panels: readonly Panel[]): string {
  return panels.map(({ title, curves }) =>
    `${title}: ${
      curves.filter(({ smooth }) => !smooth).map(curveWords).join("; ")
    }.`
  ).join(" ");
}

function curveWords({ name, epochs, values }: Curve): string {
  const ran = values.flatMap((value, i) =>
    value === undefined ? [] : [{ value, epoch: epochs[i]! }]
  );
  const [first, last] = [ran[0], ran.at(-1)];
  if (!first || !last) return `${name} no values`;
  const [low, high] = extent(ran.map(({ value }) => value));
  if (first === last) return `${name} ${at(first)}`;
  return `${name} ${at(first)} to ${at(last)}` +
    (low > high // All are NaN.
      ? ""
      : `, from ${shortNumber(low)} to ${shortNumber(high)}`);
}

function at({ value, epoch }: { value: number; epoch: number }): string {
  return `${shortNumber(value)} in epoch ${epoch}`;
}

/** How a run ended; undefined if it completed, or nothing is known. */
export function endingOf(outcome: Outcome | undefined): string | undefined {
  if (!outcome || outcome.status === "completed") return undefined;
  const { status, by, epoch, reason } = outcome;
  return `${status[0]!.toUpperCase()}${status.slice(1)}` +
    (by ? ` by ${by}` : "") +
    (epoch === undefined ? "" : ` in epoch ${epoch + 1}`) +
    (reason ? `: ${reason}` : "");
}

/** What stands below a drawing: what was done to its curves, and how the run ended. */
export function noteOf(
  panels: readonly Panel[],
  { smoothing = 0 }: CurveOptions,
  ending: string | undefined,
): string {
  return [
    ...panels.length ? [] : ["There are no values to draw"],
    ...smoothing > 0 && panels.length
      ? [`Strong lines: moving averages of weight ${smoothing}`]
      : [],
    ...ending ? [ending] : [],
  ].join(". ");
}
