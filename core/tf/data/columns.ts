/**
 * From the user's data to columns of samples that fit the model.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import type { Columns } from "./batch.ts";
import { arrayColumn, type Column, tensorColumn } from "./column.ts";
import {
  isTensor,
  isTypedArray,
  type ModelData,
  type TensorData,
} from "./forms.ts";
import { flatten } from "./nested.ts";
import { countMismatch, inputColumn, targetColumn } from "./spec_column.ts";
import type { TensorSpec } from "./tensor_spec.ts";
import { selectValues } from "./select_values.ts";

/** The inputs and the targets of a model. */
export interface ModelSpecs {
  /** The inputs. */
  readonly inputs: readonly TensorSpec[];
  /** The targets; empty in prediction. */
  readonly targets: readonly TensorSpec[];
}

/** What the user gave for the samples of one pass or of one batch. */
export interface GivenValues {
  /** For the inputs. */
  readonly x: ModelData;
  /** For the targets; ignored in prediction. */
  readonly y?: ModelData | undefined;
  /** For the weights of the samples. */
  readonly sampleWeight?: ModelData | undefined;
}

/**
 * Columns of the given samples.
 *
 * @param given What the user gave.
 * @param specs What the model expects.
 * @throws {InputError} If they do not fit the model, the counts differ, or
 * there are no samples.
 */
export function columnsOf(given: GivenValues, specs: ModelSpecs): Columns {
  const xs = selectValues(given.x, specs.inputs, "x");
  const inputs = xs.map((values, i) => inputColumn(values, specs.inputs[i]!));
  const count = inputs[0]!.count;
  if (count === 0) throw new InputError("Cannot use x: it has no samples");
  inputs.forEach((column, i) => {
    if (column.count !== count) {
      throw countMismatch(
        `input "${specs.inputs[i]!.name}"`,
        column.count,
        count,
      );
    }
  });
  if (specs.targets.length === 0) {
    return { inputs, targets: [], sampleWeights: [], count };
  }
  if (given.y === undefined) {
    throw new InputError("Cannot use the data: there is x, but no y");
  }
  const targets = selectValues(given.y, specs.targets, "y").map((values, i) =>
    targetColumn(values, specs.targets[i]!, count)
  );
  const sampleWeights = given.sampleWeight === undefined
    ? []
    : weightColumns(given.sampleWeight, specs.targets, count);
  return { inputs, targets, sampleWeights, count };
}

function weightColumns(
  given: ModelData,
  specs: readonly TensorSpec[],
  count: number,
): (Column | undefined)[] {
  const all = isTensor(given) || isTypedArray(given) ||
      (Array.isArray(given) && typeof given[0] === "number")
    ? specs.map(() => given as TensorData)
    : selectValues(given, specs, "sampleWeight");
  return all.map((values) => {
    const column = weightColumn(values);
    if (column.count === count) return column;
    throw countMismatch("sampleWeight", column.count, count);
  });
}

function weightColumn(values: TensorData): Column {
  if (isTypedArray(values)) return arrayColumn(values, [], "float32");
  if (isTensor(values)) return tensorColumn(values, weightShape(values.shape));
  const { values: flat, shape } = flatten(values, "sampleWeight");
  return arrayColumn(flat, weightShape(shape), "float32");
}

/** `[n, 1]` becomes `[n]`: a column of weights must not be broadcast over a row of losses. */
function weightShape(shape: readonly number[]): readonly number[] {
  return shape.length === 2 && shape[1] === 1 ? [] : shape.slice(1);
}
