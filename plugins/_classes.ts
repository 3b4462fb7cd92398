/**
 * From labels and outputs to classes.
 *
 * @module
 */
import { OptionError } from "../core/plugin.ts";
import type { Numbers } from "./_predictions.ts";

/** The classes of a batch. */
export interface Classes {
  /** Number of classes. */
  readonly count: number;
  /** The true class of each sample. */
  readonly actual: readonly number[];
  /** The predicted class; undefined if an output is NaN. */
  readonly predicted: readonly (number | undefined)[];
}

/** From this value on, a single output means yes. */
const THRESHOLD = 0.5;

/**
 * The classes of a batch: for outputs `[n, c]`, the greatest; for a single
 * output, `[n]` or `[n, 1]`, whether it is at least 0.5. Labels are indices,
 * `[n]` or `[n, 1]`, or one-hot, `[n, c]`.
 *
 * @throws {Error} If they have other shapes, or a label is not a class.
 */
export function classesOf(labels: Numbers, outputs: Numbers): Classes {
  const [width, labelWidth] = [widthOf(outputs), widthOf(labels)];
  const count = width === 1 ? 2 : width!;
  const fits = labelWidth === 1 || labelWidth === width;
  if (!width || !labelWidth || !fits || labels.shape[0] !== outputs.shape[0]) {
    throw unsuitable(labels.shape, outputs.shape);
  }
  return {
    count,
    actual: rowsOf(labels).map((row) =>
      row.length > 1 ? greatest(row) ?? NaN : row[0]!
    ).map((label) => checkedLabel(label, count)),
    predicted: rowsOf(outputs).map((row) =>
      row.length > 1 ? greatest(row) : yesOrNo(row[0]!)
    ),
  };
}

/** The rows of numbers `[n]` or `[n, c]`. */
export function rowsOf({ shape, data }: Numbers): number[][] {
  const width = shape[1] ?? 1;
  return Array.from(
    { length: shape[0]! },
    (_, row) => Array.from({ length: width }, (_, i) => data[row * width + i]!),
  );
}

/** How many numbers belong to a sample; undefined if the shape is not that of rows. */
export function widthOf({ shape }: Numbers): number | undefined {
  if (shape.length === 1) return 1;
  return shape.length === 2 ? shape[1] : undefined;
}

/** Index of the greatest number; undefined if one is NaN. */
export function greatest(row: readonly number[]): number | undefined {
  if (row.some(Number.isNaN)) return undefined;
  return row.indexOf(row.reduce((a, b) => Math.max(a, b)));
}

/**
 * Read class names: a list, or comma-separated text.
 *
 * @throws {OptionError} If it is something else.
 */
export function readLabels(plugin: string, labels: unknown): readonly string[] {
  const texts = typeof labels === "string" ? labels.split(",") : labels;
  if (labels === "") return [];
  if (Array.isArray(texts) && texts.every((it) => typeof it !== "object")) {
    return texts.map((it) => String(it).trim());
  }
  throw new OptionError(
    `Cannot create ${plugin} as 'labels' must be a list of names, or comma-separated text: current value is ${
      JSON.stringify(labels)
    }`,
  );
}

/**
 * Names for the classes: those given, or their indices.
 *
 * @throws {Error} If too many or too few names are given.
 */
export function namesOf(count: number, labels: readonly string[]): string[] {
  if (labels.length && labels.length !== count) {
    throw new Error(
      `'labels' has ${labels.length} names, but there are ${count} classes: give one for each, or none`,
    );
  }
  return Array.from({ length: count }, (_, i) => labels[i] ?? String(i));
}

function yesOrNo(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : Number(value >= THRESHOLD);
}

function checkedLabel(label: number, count: number): number {
  if (Number.isInteger(label) && label >= 0 && label < count) return label;
  throw new Error(
    `the label ${label} is not a class: expected an integer from 0 to ${
      count - 1
    }; if the model does not predict classes, leave this plugin out, or choose another output with 'output'`,
  );
}

function unsuitable(
  labels: readonly number[],
  outputs: readonly number[],
): Error {
  const text = (shape: readonly number[]) => `[${shape.join(", ")}]`;
  return new Error(
    `labels of shape ${text(labels)} beside outputs of shape ${
      text(outputs)
    } are not classes: expected outputs [n, c] with labels [n] or [n, c], or outputs [n, 1] with labels [n]; choose another output with 'output', or leave this plugin out`,
  );
}
