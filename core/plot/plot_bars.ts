/**
 * Named amounts as bars, one below the other.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { show } from "../contract/show.ts";
import { InputError } from "../errors.ts";
import { documentSvg, EDGE, headerHeight } from "./document.ts";
import { classOf } from "./look.ts";
import { shortNumber } from "./numbers.ts";
import { checkOptions, type Rule, TEXT, WIDTH } from "./options.ts";
import { page, plotted } from "./plotted.ts";
import { type Picture, pictureOf } from "./picture.ts";
import { cut, plain, textWidth } from "./text.ts";

/** A named amount. */
export interface Bar {
  /** What it is called. */
  readonly name: string;
  /** How much: a finite number of at least 0. */
  readonly value: number;
}

/** Options of {@linkcode plotBars}. */
export interface BarPlotOptions {
  /** Stands above the drawing. Default none. */
  readonly title?: string;
  /** Unit of the values, such as `"ms"`. Default none. */
  readonly unit?: string;
  /** Width in pixels, 240 to 4096. Default 640. */
  readonly width?: number;
}

const RULES: Readonly<Record<keyof BarPlotOptions, Rule>> = {
  title: TEXT,
  unit: TEXT,
  width: WIDTH,
};

/** Height of a bar with the room around it, and font size. */
const [ROW, SIZE] = [22, 12];

/**
 * Draw named amounts, such as the time that each plugin took, in the order given.
 *
 * @param bars The amounts.
 * @param options See {@linkcode BarPlotOptions}.
 * @throws {InputError} If a value is no number of at least 0, or there is no such option.
 *
 * @example
 * ```ts
 * import { plotBars } from "@hookloop/hookloop/plot";
 *
 * const times = [{ name: "steps", value: 812 }, { name: "hooks", value: 14 }];
 * console.log(plotBars(times, { unit: "ms" }).text); // steps: 812 ms. hooks: 14 ms.
 * ```
 */
export function plotBars(
  bars: readonly Bar[],
  options: BarPlotOptions = {},
): Picture {
  checkOptions(options, RULES);
  checkBars(bars);
  const { title, unit = "", width = 640 } = options;
  const labels = bars.map(({ value }) =>
    plain(`${shortNumber(value)} ${unit}`).trim()
  );
  const inner = width - 2 * EDGE;
  const names = bars.map(({ name }) => cut(plain(name), inner * 0.4, SIZE));
  const text = bars.length
    ? bars.map(({ name }, i) => `${name}: ${labels[i]}.`).join(" ")
    : "There are no values.";
  const top = headerHeight(title);
  const height = top + Math.max(1, bars.length) * ROW + EDGE;
  const svg = plotted(Plot.plot({
    document: page,
    width: inner,
    height: Math.max(1, bars.length) * ROW,
    marginLeft: room(names),
    marginRight: room(labels),
    marginTop: 0,
    marginBottom: 0,
    x: { domain: [0, highest(bars)], axis: null },
    y: { domain: bars.keys(), axis: null, padding: 0.3 },
    marks: [
      Plot.barX(bars, {
        x: ({ value }: Bar) => scaled(value),
        y: (_: Bar, i: number) => i,
        fill: "currentColor",
        className: `${classOf("training")} hl-bar`,
      }),
      Plot.text(names, {
        y: (_: string, i: number) => i,
        frameAnchor: "left",
        textAnchor: "end",
        dx: -8,
        text: (name: string) => name,
        className: classOf("ink"),
      }),
      Plot.text(bars, {
        x: ({ value }: Bar) => scaled(value),
        y: (_: Bar, i: number) => i,
        textAnchor: "start",
        dx: 6,
        text: (_: Bar, i: number) => labels[i]!,
        fontVariant: "tabular-nums",
        className: classOf("muted"),
      }),
    ],
  }));
  return pictureOf({
    svg: documentSvg({ title, name: title ?? "Amounts", text, width, height }, [
      `<g transform="translate(${EDGE},${top})" font-size="${SIZE}" text-anchor="middle" fill="currentColor">${svg}</g>`,
    ]),
    ...{ width, height, text },
  });
}

function checkBars(bars: readonly Bar[]): void {
  if (!Array.isArray(bars)) {
    throw new InputError(
      `Cannot draw ${
        show(bars)
      }: expected a list of bars, such as [{ name: "step", value: 3.5 }]`,
    );
  }
  for (const [i, bar] of bars.entries()) {
    const { name, value } = Object(bar);
    if (typeof name === "string" && value >= 0 && Number.isFinite(value)) {
      continue;
    }
    throw new InputError(
      `Cannot draw bar ${i + 1} of ${bars.length}: it is ${
        show(bar)
      }, expected a 'name' and a finite 'value' of at least 0`,
    );
  }
}

/** Room for texts beside the bars. */
function room(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((it) => textWidth(it, SIZE))) + 12;
}

/** Beyond the range in which a scale can compute. */
function scaled(value: number): number {
  return value < 1e-300 ? 0 : Math.min(value, 1e300);
}

function highest(bars: readonly Bar[]): number {
  return Math.max(0, ...bars.map(({ value }) => scaled(value))) || 1;
}
