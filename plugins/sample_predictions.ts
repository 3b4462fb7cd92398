/**
 * Shows what the model predicts for the first validation samples, beside the
 * truth: classes with their probability, or values.
 *
 * @example Two samples, the second one wrong
 * ```ts
 * import samplePredictions from "@hookloop/hookloop/plugins/sample-predictions";
 * import { fakeRun } from "@hookloop/hookloop/testing";
 *
 * const values = (shape: number[], ...numbers: number[]) => ({
 *   shape,
 *   data: () => Promise.resolve(numbers),
 *   dispose() {},
 * });
 * const plugin = samplePredictions({ labels: ["cat", "dog"] });
 * const { fire, lines } = fakeRun(plugin, {
 *   validation: [{
 *     x: [values([2, 2], 0.9, 0.1, 0.7, 0.3)], // What fakeRun predicts.
 *     y: [values([2], 0, 1)],
 *     size: 2,
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
import { namesOf, readLabels } from "./_classes.ts";
import { pictures, picturesOf } from "./_picture.ts";
import {
  joined,
  type Numbers,
  type PredictedBatch,
  predictions,
  read,
} from "./_predictions.ts";
import { checkInteger } from "./_ranges.ts";
import {
  type ClassSample,
  type Samples,
  samplesOf,
  type ValueSample,
} from "./_samples.ts";
import { aligned } from "./_table.ts";

/** Options of {@linkcode samplePredictions}. */
export interface SamplePredictionsOptions {
  /** Number of samples to show, from the start of the validation data. Default 5. */
  readonly count?: number;
  /** Show them every this many epochs, and after the last. Default 1. */
  readonly every?: number;
  /** Names of the classes, by index: a list, or comma-separated text. Default: none, so their indices are used. */
  readonly labels?: readonly string[] | string;
  /** Index of the model output to show. Default 0. */
  readonly output?: number;
  /** Whether to draw the samples, if the first input is `[n, height, width]`, or that with one channel. Default false. */
  readonly draw?: boolean;
  /** Its name in this run, which must be another where it runs twice. Default `"sample-predictions"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults: Required<SamplePredictionsOptions> = {
  count: 5,
  every: 1,
  labels: [],
  output: 0,
  draw: false,
  name: "sample-predictions",
};

/** One line of help per option. */
export const help: Readonly<Record<keyof SamplePredictionsOptions, string>> = {
  count: "number of samples to show",
  every: "show them every this many epochs, and after the last",
  labels: "names of the classes, separated by commas",
  output: "index of the model output to show",
  draw: "draw the samples, if they are single-channel pictures",
  name: "its name in this run, another where it runs twice",
};

/**
 * Show what the model predicts for the first validation samples, after epochs
 * of `fit` and after `evaluate`. The labels tell classes from values: indices,
 * or rows that add up to 1, are classes. Logits are shown as their softmax.
 * Data that it cannot show switch it off with a warning; the run continues.
 *
 * @param options How many samples to show, and how.
 * @throws {OptionError} If `count` or `every` is not an integer >= 1, `output`
 * not one >= 0, or `labels` neither a list nor text.
 */
export default function samplePredictions(
  options: SamplePredictionsOptions = {},
): Plugin {
  const { count, every, output, draw, name, ...rest } = {
    ...defaults,
    ...options,
  };
  const labels = readLabels(defaults.name, rest.labels);
  checkInteger(defaults.name, "count", count, 1);
  checkInteger(defaults.name, "every", every, 1);
  checkInteger(defaults.name, "output", output, 0);

  return {
    name,
    ...afterEpochs(every, async (when, run) => {
      const seen = await firstSamples(run, count, output, draw);
      if (!seen || run.signal.aborted) return;
      const { labels: actual, outputs, inputs } = seen;
      run.print(`Predictions ${when}`);
      const lines = [
        ...draw ? drawn(inputs, count, run.terminal.columns) : [],
        ...tableOf(samplesOf(actual, outputs), count, labels),
      ];
      for (const line of lines) run.print(INDENT + line);
    }),
  };
}

/** The batches that hold the first samples, as one; undefined if there are none. */
async function firstSamples(
  run: Run,
  count: number,
  output: number,
  withInputs: boolean,
): Promise<
  { labels: Numbers; outputs: Numbers; inputs: readonly Numbers[] } | undefined
> {
  const inputs: Numbers[] = [];
  const batches: PredictedBatch[] = [];
  let samples = 0;
  for await (const batch of predictions(run, output)) {
    batches.push(batch);
    if (withInputs) inputs.push(await read(batch.x[0]!));
    samples += batch.outputs.shape[0] ?? 0;
    if (samples >= count) break;
  }
  return batches.length === 0 ? undefined : {
    labels: joined(batches.map(({ labels }) => labels)),
    outputs: joined(batches.map(({ outputs }) => outputs)),
    inputs,
  };
}

function drawn(
  inputs: readonly Numbers[],
  count: number,
  columns: number,
): string[] {
  return pictures(
    picturesOf(joined(inputs)).slice(0, count),
    columns - INDENT.length,
  );
}

function tableOf(
  found: Samples,
  count: number,
  labels: readonly string[],
): string[] {
  const rows = found.classes === undefined
    ? [["actual", "predicted"], ...valueRows(found.samples)]
    : [
      ["actual", "predicted", "probability", ""],
      ...classRows(found.samples, namesOf(found.classes, labels)),
    ];
  const numbered = rows.slice(0, count + 1).map((row, i) => [
    i === 0 ? "sample" : String(i - 1),
    ...row,
  ]);
  return aligned(numbered, found.classes === undefined ? 1 : 3);
}

function classRows(
  samples: readonly ClassSample[],
  names: readonly string[],
): string[][] {
  return samples.map(({ actual, predicted, probability }) => [
    names[actual]!,
    predicted === undefined ? "nan" : names[predicted]!,
    predicted === undefined ? "nan" : probability.toFixed(4),
    actual === predicted ? "" : "✗ wrong",
  ]);
}

function valueRows(samples: readonly ValueSample[]): string[][] {
  return samples.map(({ actual, predicted }) => [actual, predicted]);
}
