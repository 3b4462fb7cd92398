/**
 * The curves of one run.
 *
 * @module
 */
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
import {
  chosenKeys,
  isOfValidation,
  isRate,
  metricOf,
  ofValidation,
} from "./keys.ts";
import type { Entry } from "./legend.ts";
import type { Look } from "./look.ts";
import { count } from "../number_text.ts";
import { shortNumber } from "./numbers.ts";
import {
  type BestOption,
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
import { endingOf, noteOf, panelWords } from "./words.ts";

/** Options of {@linkcode plotHistory}. */
export interface HistoryPlotOptions extends CurveOptions {
  /**
   * The best epoch to mark: the best by a key, or none. Default the history's
   * own `best`, else the lowest `val_loss`, else the lowest `loss`.
   */
  readonly best?: BestOption;
  /** Whether the learning rate is drawn below, if it is known. Default true. */
  readonly learningRate?: boolean;
}

const RULES: Readonly<Record<keyof HistoryPlotOptions, Rule>> = {
  ...CURVE_RULES,
  best: [isBest, `a key, { key, direction: "min" or "max" }, or false`],
  learningRate: FLAG,
};

/**
 * Draw training against validation, one panel per metric, with the best epoch
 * marked and the learning rate below, if the history has it.
 *
 * Epochs count from 1, as printed. Where an epoch has no value, as between two
 * validations, there is a gap; NaN and infinite values are marked at the edge.
 *
 * @param history What `fit` or `train` returned, what tf.js' `model.fit`
 * returned, or a table such as `history.history`.
 * @param options What to draw, and how large.
 * @returns The drawing: `svg` is a whole document. As the last expression of a
 * cell it shows itself in a Deno Jupyter notebook.
 * @throws {InputError} If there is no such key or option, if an option is not
 * what it must be, or if what is given is no history.
 *
 * @example The loss, without the first four epochs
 * ```ts
 * import { plotHistory } from "@hookloop/hookloop/plot";
 *
 * const loss = [9, 5, 3, 2, 1.5, 1.2, 1];
 * const picture = plotHistory({ loss }, { keys: "loss", startEpoch: 5 });
 * console.log(picture.text); // loss: training 1.5 in epoch 5 to 1 in epoch 7, …
 * ```
 */
export function plotHistory(
  history: EpochTable | Columns,
  options: HistoryPlotOptions = {},
): Picture {
  checkOptions(options, RULES);
  const whole = readHistory(history);
  checkStart([whole], options.startEpoch);
  const best = bestOf(whole, options.best);
  const given = since(whole, options.startEpoch ?? 1);
  const panels = panelsOf(given, options, best);
  const ending = endingOf(given.outcome);
  const name = options.title ??
    `${panels.map(({ title }) => title).join(", ") || "Nothing"} by epoch`;
  return drawFigure({
    title: options.title,
    name,
    text: [
      panels.length ? panelWords(panels) : "There are no values.",
      ...best ? [`Best epoch: ${best.epoch}, ${bestWords(best)}.`] : [],
      ...ending ? [ending] : [],
    ].join(" "),
    legend: legendOf(panels, best, given),
    panels,
    note: noteOf(panels, options, ending),
    epochs: [given.epochs[0] ?? 1, given.epochs.at(-1) ?? 1],
    best: isDrawn(best, given) ? best?.epoch : undefined,
    width: options.width,
    height: options.height,
  });
}

/** A panel for each metric, and one for the learning rate. */
function panelsOf(
  given: Given,
  options: HistoryPlotOptions,
  best: Best | undefined,
): Panel[] {
  const { keys, learningRate = true } = options;
  const all = [...given.columns.keys()];
  const metrics = [
    ...new Set(
      all.map((key) => all.includes(metricOf(key)) ? metricOf(key) : key),
    ),
  ];
  const chosen = chosenKeys(keys, metrics, [...all, ...all.map(metricOf)]);
  const drawn = chosen.filter((key) =>
    !isRate(key) && !(isOfValidation(key) && chosen.includes(metricOf(key)))
  );
  const rates = all.filter((key) =>
    isRate(key) && (learningRate || keys !== undefined && chosen.includes(key))
  );
  return [
    ...drawn.map((key): Panel => ({
      title: key,
      curves: [key, ofValidation(key)].filter((it) => all.includes(it))
        .flatMap((it) => curves(given, it, options, best)),
      log: isLogarithmic(options.logScale, key),
    })),
    ...rates.map((key) =>
      ratePanel(key, [
        {
          name: key,
          look: "rate",
          epochs: given.epochs,
          values: given.columns.get(key)!,
        },
      ])
    ),
  ];
}

function curves(
  given: Given,
  key: string,
  { smoothing = 0 }: CurveOptions,
  best: Best | undefined,
): Curve[] {
  const look: Look = isOfValidation(key) ? "validation" : "training";
  const curve: Curve = {
    ...{ name: look, look },
    epochs: given.epochs,
    values: given.columns.get(key)!,
    best: best?.key === key && isDrawn(best, given)
      ? { x: best.epoch, y: best.value }
      : undefined,
  };
  return curvesOf(curve, smoothing);
}

/** Training and validation, where there are both; the best epoch. */
function legendOf(
  panels: readonly Panel[],
  best: Best | undefined,
  given: Given,
): Entry[] {
  const looks = new Set(
    panels.flatMap(({ curves }) => curves.map(({ look }) => look)),
  );
  const lines = looks.has("validation")
    ? (["training", "validation"] as const).filter((it) => looks.has(it))
    : [];
  return [
    ...lines.map((look): Entry => ({
      sign: { kind: "line", look },
      text: look,
    })),
    ...best
      ? [
        {
          sign: { kind: "best" },
          text: `best: epoch ${count(best.epoch)}, ${bestWords(best)}${
            isDrawn(best, given) ? "" : " (not drawn)"
          }`,
        } as const,
      ]
      : [],
  ];
}

/** Whether the best epoch is among those that are drawn. */
function isDrawn(best: Best | undefined, { epochs }: Given): boolean {
  return best !== undefined && epochs.includes(best.epoch);
}

function bestWords({ key, value }: Best): string {
  return `${key} ${shortNumber(value)}`;
}

function isBest(value: unknown): boolean {
  if (value === false || typeof value === "string") return true;
  const { key, direction } = Object(value);
  return typeof key === "string" && ["min", "max"].includes(direction);
}
