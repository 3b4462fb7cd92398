/**
 * The curves of several runs over one another.
 *
 * @module
 */
import { show } from "../contract/show.ts";
import { InputError } from "../errors.ts";
import { type Best, bestOf } from "./best.ts";
import { type Curve, curvesOf } from "./curve.ts";
import { drawFigure } from "./figure.ts";
import {
  checkStart,
  type Columns,
  type EpochTable,
  type Given,
  readHistory,
  since,
} from "./given.ts";
import { chosenKeys, isRate } from "./keys.ts";
import type { Entry } from "./legend.ts";
import { type Stroke, strokeOfRun } from "./look.ts";
import { shortNumber } from "./numbers.ts";
import {
  checkOptions,
  CURVE_RULES,
  type CurveOptions,
  FLAG,
  isLogarithmic,
  type Rule,
} from "./options.ts";
import type { Panel } from "./panel.ts";
import type { Picture } from "./picture.ts";
import { ratePanel } from "./rate.ts";
import { noteOf, panelWords } from "./words.ts";

/** A run among those that are compared. */
export interface PlottedRun {
  /** What it is called in the legend. */
  readonly name: string;
  /** What `fit` or `train` returned, or columns: null where an epoch had no value. */
  readonly history: Columns | EpochTable;
}

/** Options of {@linkcode plotRuns}. */
export interface RunsPlotOptions extends CurveOptions {
  /** Whether the best epoch of each run is marked. Default true. */
  readonly best?: boolean;
}

const RULES: Readonly<Record<keyof RunsPlotOptions, Rule>> = {
  ...CURVE_RULES,
  best: FLAG,
};

/** A run as it is drawn. */
interface Run {
  readonly name: string;
  readonly given: Given;
  readonly stroke: Stroke;
  readonly best: Best | undefined;
}

/**
 * Draw the same key of several runs in one panel: one colour a run, one panel
 * for each key, `loss` and `val_loss` among them, and the learning rate last.
 *
 * @param runs The runs, in the order of the legend. Their epochs may differ.
 * @param options What to draw, and how large.
 * @throws {InputError} If there is no such key or option, if an option is not
 * what it must be, or if what is given is no list of runs.
 *
 * @example
 * ```ts
 * import { plotRuns } from "@hookloop/hookloop/plot";
 *
 * const { svg } = plotRuns([
 *   { name: "sgd", history: { loss: [3, 2, 1.5] } },
 *   { name: "adam", history: { loss: [2, 1.2, 1, 0.9] } },
 * ]);
 * console.log(svg.startsWith("<svg"));
 * ```
 */
export function plotRuns(
  runs: readonly PlottedRun[],
  options: RunsPlotOptions = {},
): Picture {
  checkOptions(options, RULES);
  const { title, startEpoch, width, height } = options;
  const drawn = readRuns(runs, options);
  checkStart(drawn.map(({ given }) => given), startEpoch);
  const later = drawn.map((run) => ({
    ...run,
    given: since(run.given, startEpoch ?? 1),
  }));
  const panels = panelsOf(later, options);
  const epochs = later.flatMap(({ given: { epochs } }) =>
    epochs.length ? [epochs[0]!, epochs.at(-1)!] : []
  );
  return drawFigure({
    ...{ title, panels, width, height },
    name: title ??
      `${
        panels.map(({ title }) => title).join(", ") || "Nothing"
      } by epoch, of ${drawn.map(({ name }) => name).join(", ") || "no run"}`,
    text: [
      panels.length ? panelWords(panels) : "There are no values.",
      ...later.flatMap(({ name, best }) =>
        best
          ? [
            `Best epoch of ${name}: ${best.epoch}, ${best.key} ${
              shortNumber(best.value)
            }.`,
          ]
          : []
      ),
    ].join(" "),
    legend: legendOf(later, panels),
    note: noteOf(panels, options, undefined),
    epochs: epochs.length ? [Math.min(...epochs), Math.max(...epochs)] : [1, 1],
    best: undefined,
  });
}

function readRuns(
  runs: readonly PlottedRun[],
  { best = true }: RunsPlotOptions,
): Run[] {
  if (!Array.isArray(runs)) {
    throw new InputError(
      `Cannot draw ${
        show(runs)
      }: expected a list of runs, such as [{ name: "first", history }]`,
    );
  }
  return runs.map((run, i) => {
    const { name, history } = Object(run) as Partial<PlottedRun>;
    if (typeof name !== "string") {
      throw new InputError(
        `Cannot draw run ${i + 1} of ${runs.length}: its 'name' is ${
          show(name)
        }, expected text`,
      );
    }
    const given = readHistory(history);
    return {
      ...{ name, given, stroke: strokeOfRun(i) },
      best: best ? bestOf(given, undefined) : undefined,
    };
  });
}

function panelsOf(runs: readonly Run[], options: RunsPlotOptions): Panel[] {
  const all = [
    ...new Set(runs.flatMap(({ given }) => [...given.columns.keys()])),
  ];
  const chosen = chosenKeys(options.keys, all);
  const curves = (key: string, smoothing: number) =>
    runs.flatMap((run) => curvesIn(run, key, smoothing));
  return [
    ...chosen.filter((key) => !isRate(key)).map((key): Panel => ({
      title: key,
      curves: curves(key, options.smoothing ?? 0),
      log: isLogarithmic(options.logScale, key),
    })),
    ...chosen.filter(isRate).map((key) => ratePanel(key, curves(key, 0))),
  ];
}

function curvesIn(
  { name, given, stroke, best }: Run,
  key: string,
  smoothing: number,
): Curve[] {
  const { epochs, columns } = given;
  const values = columns.get(key);
  if (!values) return [];
  const marked = best?.key === key && epochs.includes(best.epoch);
  return curvesOf({
    ...stroke,
    ...{ name, epochs, values },
    best: marked ? { x: best.epoch, y: best.value } : undefined,
  }, smoothing);
}

function legendOf(runs: readonly Run[], panels: readonly Panel[]): Entry[] {
  const marked = panels.some(({ curves }) => curves.some(({ best }) => best));
  return [
    ...runs.map(({ name, stroke }): Entry => ({
      sign: { kind: "line", ...stroke },
      text: name,
    })),
    ...marked ? [{ sign: { kind: "best" }, text: "best epoch" } as const] : [],
  ];
}
