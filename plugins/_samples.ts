/**
 * What a model predicts for single samples, beside the true values.
 *
 * @module
 */
import { classesOf, rowsOf, widthOf } from "./_classes.ts";
import { nonFinite } from "./_non_finite.ts";
import type { Numbers } from "./_predictions.ts";

/** A sample whose class is predicted. */
export interface ClassSample {
  /** The true class. */
  readonly actual: number;
  /** The predicted class; undefined if an output is NaN. */
  readonly predicted: number | undefined;
  /** Probability of the predicted class. */
  readonly probability: number;
}

/** A sample whose values are predicted. */
export interface ValueSample {
  /** The true values, as text. */
  readonly actual: string;
  /** The predicted values, as text. */
  readonly predicted: string;
}

/** What was predicted: classes, or values. */
export type Samples =
  | { readonly classes: number; readonly samples: readonly ClassSample[] }
  | { readonly classes: undefined; readonly samples: readonly ValueSample[] };

/**
 * Tell classes from values: outputs `[n, c]` are classes if the labels are
 * indices, or rows that add up to 1; so is a single output if the labels are 0
 * and 1 and the outputs lie between them.
 *
 * @throws {Error} If a label is not a class, or the shapes do not match.
 */
export function samplesOf(labels: Numbers, outputs: Numbers): Samples {
  return areClasses(labels, outputs)
    ? classSamples(labels, outputs)
    : { classes: undefined, samples: valueSamples(labels, outputs) };
}

function areClasses(labels: Numbers, outputs: Numbers): boolean {
  const [width, labelWidth] = [widthOf(outputs), widthOf(labels)];
  if (width === undefined || labelWidth === undefined) return false;
  if (width > 1 && labelWidth === 1) return true;
  if (width > 1) return rowsOf(labels).every(isDistribution);
  const isLabel = (value: number) => value === 0 || value === 1;
  const isPart = (value: number) => !(value < 0 || value > 1);
  return Array.from(labels.data).every(isLabel) &&
    Array.from(outputs.data).every(isPart);
}

function classSamples(labels: Numbers, outputs: Numbers): Samples {
  const { count, actual, predicted } = classesOf(labels, outputs);
  const rows = rowsOf(outputs).map(probabilities);
  return {
    classes: count,
    samples: actual.map((is, i) => ({
      actual: is,
      predicted: predicted[i],
      probability: rows[i]![predicted[i] ?? 0]!,
    })),
  };
}

function valueSamples(labels: Numbers, outputs: Numbers): ValueSample[] {
  const count = outputs.shape[0] ?? 0;
  const [actual, predicted] = [labels, outputs].map(({ data }) => {
    const width = data.length / count;
    const numbers = Array.from(data);
    return Array.from(
      { length: count },
      (_, i) => valuesText(numbers.slice(i * width, (i + 1) * width)),
    );
  });
  return actual!.map((text, i) => ({
    actual: text,
    predicted: predicted![i]!,
  }));
}

/** A row as probabilities: as is if it adds up to 1, otherwise its softmax. */
function probabilities(row: readonly number[]): readonly number[] {
  if (row.length === 1) return [1 - row[0]!, row[0]!];
  if (isDistribution(row)) return row;
  const most = row.reduce((a, b) => Math.max(a, b));
  const powers = row.map((value) => Math.exp(value - most));
  const all = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / all);
}

function isDistribution(row: readonly number[]): boolean {
  const all = row.reduce((a, b) => a + b, 0);
  return Math.abs(all - 1) < 1e-3 && row.every((value) => value >= 0);
}

/** Maximum number of values shown per sample. */
const MOST_VALUES = 4;

function valuesText(values: readonly number[]): string {
  const shown = values.slice(0, MOST_VALUES).map((value) =>
    nonFinite(value) ?? value.toFixed(4)
  ).join(" ");
  return values.length > MOST_VALUES ? `${shown} …` : shown;
}
