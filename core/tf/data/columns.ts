/**
 * From the data a user gives to columns of samples that fit the model.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import type { Columns } from "./batch.ts";
import { arrayColumn, type Column, tensorColumn } from "./column.ts";
import { isTensor, isTypedArray, type Values, type ValuesOf } from "./forms.ts";
import { flatten } from "./nested.ts";
import { countMismatch, inputColumn, targetColumn } from "./spec_column.ts";
import type { Port } from "./tensor_spec.ts";
import { selectValues } from "./select_values.ts";

/** The inputs and the targets of a model. */
export interface Ports {
  /** The inputs. */
  readonly inputs: readonly Port[];
  /** The targets; empty in prediction. */
  readonly targets: readonly Port[];
}

/** What the user gave for the samples of one pass or of one batch. */
export interface GivenValues {
  /** For the inputs. */
  readonly x: ValuesOf;
  /** For the targets; ignored in prediction. */
  readonly y?: ValuesOf | undefined;
  /** For the weights of the samples. */
  readonly sampleWeight?: ValuesOf | undefined;
}

/**
 * Columns of what was given.
 *
 * @param given What the user gave.
 * @param ports What the model takes.
 * @throws {InputError} If it does not fit the model, or the counts differ, or
 * there are no samples.
 */
export function columnsOf(given: GivenValues, ports: Ports): Columns {
  const xs = selectValues(given.x, ports.inputs, "x");
  const inputs = xs.map((values, i) => inputColumn(values, ports.inputs[i]!));
  const count = inputs[0]!.count;
  if (count === 0) throw new InputError("Cannot use x: it has no samples");
  inputs.forEach((column, i) => {
    if (column.count !== count) {
      throw countMismatch(
        `input "${ports.inputs[i]!.name}"`,
        column.count,
        count,
      );
    }
  });
  if (ports.targets.length === 0) {
    return { inputs, targets: [], sampleWeights: [], count };
  }
  if (given.y === undefined) {
    throw new InputError("Cannot use the data: there is x, but no y");
  }
  const targets = selectValues(given.y, ports.targets, "y").map((values, i) =>
    targetColumn(values, ports.targets[i]!, count)
  );
  const sampleWeights = given.sampleWeight === undefined
    ? []
    : weightColumns(given.sampleWeight, ports.targets, count);
  return { inputs, targets, sampleWeights, count };
}

function weightColumns(
  given: ValuesOf,
  ports: readonly Port[],
  count: number,
): (Column | undefined)[] {
  const all = isTensor(given) || isTypedArray(given) ||
      (Array.isArray(given) && typeof given[0] === "number")
    ? ports.map(() => given as Values)
    : selectValues(given, ports, "sampleWeight");
  return all.map((values) => {
    const column = weightColumn(values);
    if (column.count === count) return column;
    throw countMismatch("sampleWeight", column.count, count);
  });
}

function weightColumn(values: Values): Column {
  if (isTypedArray(values)) return arrayColumn(values, [], "float32");
  if (isTensor(values)) return tensorColumn(values, weightShape(values.shape));
  const { values: flat, shape } = flatten(values, "sampleWeight");
  return arrayColumn(flat, weightShape(shape), "float32");
}

/** `[n, 1]` is `[n]`: a column of weights must not be spread over a row of losses. */
function weightShape(shape: readonly number[]): readonly number[] {
  return shape.length === 2 && shape[1] === 1 ? [] : shape.slice(1);
}
