/**
 * Counts which classes the model mistakes for which in the validation data: a
 * table after each epoch or evaluation, with precision and recall, and a CSV
 * file.
 *
 * @example Three samples, one of them wrong
 * ```ts
 * import confusionMatrix from "@hookloop/hookloop/plugins/confusion-matrix";
 * import { fakeRun } from "@hookloop/hookloop/testing";
 *
 * const values = (shape: number[], ...numbers: number[]) => ({
 *   shape,
 *   data: () => Promise.resolve(numbers),
 *   dispose() {},
 * });
 * const plugin = confusionMatrix({ labels: ["cat", "dog"], filename: "" });
 * const { fire, lines } = fakeRun(plugin, {
 *   validation: [{
 *     x: [values([3, 2], 0.9, 0.1, 0.2, 0.8, 0.7, 0.3)], // What fakeRun predicts.
 *     y: [values([3], 0, 1, 1)],
 *     size: 3,
 *   }],
 * });
 * await fire("onEpochEnd", 0);
 * console.log(lines.join("\n"));
 * ```
 *
 * @module
 */
import type { Plugin, Run } from "../core/plugin.ts";
import { afterEpochs, INDENT } from "./_after_epochs.ts";
import { classesOf, namesOf, readLabels } from "./_classes.ts";
import {
  accuracy,
  type Counts,
  grouped,
  matrixCsv,
  matrixTable,
  pairsTable,
  total,
} from "./_confusion.ts";
import { matrixDrawing } from "./_confusion_drawing.ts";
import { predictions } from "./_predictions.ts";
import { checkPath } from "./_paths.ts";
import { checkInteger } from "./_ranges.ts";

/** Options of {@linkcode confusionMatrix}. */
export interface ConfusionMatrixOptions {
  /** Names of the classes, by index: a list, or comma-separated text. Default: none, so their indices are used. */
  readonly labels?: readonly string[] | string;
  /** Index of the model output whose classes are counted. Default 0. */
  readonly output?: number;
  /** Path of the CSV file, relative to the run's folder; `""` for none. Default `"confusion-matrix.csv"`. */
  readonly filename?: string;
  /** Path of the drawing, relative to the run's folder; `""` for none. Default `""`. */
  readonly svg?: string;
  /** Count every this many epochs, and after the last. Default 1. */
  readonly every?: number;
  /** Whether to print the table. Default true. */
  readonly print?: boolean;
  /** Its name in this run, which must be another where it runs twice. Default `"confusion-matrix"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults: Required<ConfusionMatrixOptions> = {
  labels: [],
  output: 0,
  filename: "confusion-matrix.csv",
  svg: "",
  every: 1,
  print: true,
  name: "confusion-matrix",
};

/** One line of help per option. */
export const help: Readonly<Record<keyof ConfusionMatrixOptions, string>> = {
  labels: "names of the classes, separated by commas",
  output: "index of the model output whose classes are counted",
  filename: "path of the CSV file; empty for none",
  svg: "path of a drawing; empty for none",
  every: "count every this many epochs, and after the last",
  print: "print the table",
  name: "its name in this run, another where it runs twice",
};

/**
 * Count which classes are mistaken for which, after epochs of `fit` and after
 * `evaluate`. Outputs are `[n, c]`, of which the greatest counts, or the
 * sigmoid of two classes, `[n]` or `[n, 1]`; labels are indices or one-hot. For
 * more than 20 classes, or too wide a table, the most confused pairs are
 * printed. Data that it cannot count switch it off with a warning; the run
 * continues.
 *
 * @param options What to count, and where to write it.
 * @throws {OptionError} If `output` is not an integer >= 0, `every` not one
 * >= 1, `labels` neither a list nor text, or `filename` no path of a run's file.
 */
export default function confusionMatrix(
  options: ConfusionMatrixOptions = {},
): Plugin {
  const { output, filename, svg, every, print, name, ...rest } = {
    ...defaults,
    ...options,
  };
  const labels = readLabels(defaults.name, rest.labels);
  checkInteger(defaults.name, "output", output, 0);
  checkInteger(defaults.name, "every", every, 1);
  if (filename) checkPath(defaults.name, "filename", filename);
  if (svg) checkPath(defaults.name, "svg", svg);

  return {
    name,
    onTrainBegin(_logs, run) {
      for (const file of [filename, svg]) if (file) run.path(file);
    },
    ...afterEpochs(every, async (when, run) => {
      const { counts, left } = await count(run, output);
      if (run.signal.aborted || counts.length === 0) return;
      const names = namesOf(counts.length, labels);
      const heading = title(when, counts);
      if (filename) run.files.write(filename, matrixCsv(counts, names));
      if (svg) run.files.write(svg, matrixDrawing(counts, names, heading));
      if (!print) return;
      run.print(heading);
      for (const line of tableFor(run, counts, names)) run.print(INDENT + line);
      if (left) {
        run.print(`${INDENT}left out: ${grouped(left)} with NaN as output`);
      }
    }),
  };
}

/** With more classes than this, a table is hard to read. */
const MOST_CLASSES = 20;

/** The counts over all validation data, and how many samples have no prediction. */
async function count(
  run: Run,
  output: number,
): Promise<{ counts: Counts; left: number }> {
  let counts: number[][] = [];
  let left = 0;
  for await (const { labels, outputs } of predictions(run, output)) {
    const { count, actual, predicted } = classesOf(labels, outputs);
    if (counts.length === 0) counts = emptyCounts(count);
    for (const [sample, is] of actual.entries()) {
      const as = predicted[sample];
      if (as === undefined) left++;
      else counts[is]![as]!++;
    }
  }
  return { counts, left };
}

function emptyCounts(count: number): number[][] {
  return Array.from({ length: count }, () => new Array<number>(count).fill(0));
}

function title(when: string, counts: Counts): string {
  const samples = total(counts);
  return `Confusion matrix ${when}: ${grouped(samples)} ${
    samples === 1 ? "sample" : "samples"
  }, accuracy ${accuracy(counts).toFixed(4)}`;
}

function tableFor(
  { terminal }: Run,
  counts: Counts,
  names: readonly string[],
): string[] {
  const table = counts.length > MOST_CLASSES
    ? undefined
    : matrixTable(counts, names, terminal.columns - INDENT.length);
  return table ?? pairsTable(counts, names);
}
