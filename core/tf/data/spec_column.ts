/**
 * From values to a column that fits one input or output of the model.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { InputError } from "../../errors.ts";
import { sizeOf } from "../../shape.ts";
import { checkClassIndices, checkClassTensor } from "./class_indices.ts";
import { arrayColumn, type Column, tensorColumn } from "./column.ts";
import {
  isTensor,
  isTypedArray,
  type NestedArray,
  type TensorData,
  type TypedArray,
} from "./forms.ts";
import { flatten } from "./nested.ts";
import {
  expectedSample,
  fitSample,
  takesIndices,
  type TensorSpec,
} from "./tensor_spec.ts";

/**
 * A column for an input.
 *
 * @param values The samples.
 * @param spec The input.
 * @throws {InputError} If the shape does not fit.
 */
export function inputColumn(values: TensorData, spec: TensorSpec): Column {
  const type = spec.dtype === "int32" ? "int32" : "float32";
  if (isTensor(values)) return tensorColumnFor(values, spec);
  if (!isTypedArray(values)) return nestedColumn(values, spec, type);
  const sample = spec.shape.slice(1);
  const size = sizeOf(sample);
  if (Number.isNaN(size)) {
    throw new InputError(
      `Cannot use x: input "${spec.name}" has shape ${
        JSON.stringify(spec.shape)
      }, so a typed array does not say where a sample ends; give a tensor or nested arrays`,
    );
  }
  if (values.length % size !== 0) {
    throw new InputError(
      `Cannot use x: input "${spec.name}" takes ${size} numbers per sample, and ${values.length} numbers are not a multiple of that`,
    );
  }
  return arrayColumn(values, sample as number[], type);
}

/**
 * A column for the target of an output.
 *
 * @param values The targets.
 * @param spec The output.
 * @param count Number of samples, as counted in the inputs.
 * @throws {InputError} If the shape or the values do not fit the output and its
 * loss, or the count differs.
 */
export function targetColumn(
  values: TensorData,
  spec: TensorSpec,
  count: number,
): Column {
  const column = isTensor(values)
    ? tensorColumnFor(values, spec)
    : targetArray(values, spec, count);
  if (column.count === count) return column;
  throw countMismatch("y", column.count, count);
}

/**
 * The error for inputs and something else whose counts differ.
 *
 * @param what Whose count differs, such as `"y"`.
 * @param got Its count.
 * @param count Number of samples in x.
 */
export function countMismatch(
  what: string,
  got: number | string,
  count: number,
): InputError {
  return new InputError(
    `Cannot use the data: x has ${count} samples, ${what} has ${got}; give one for each sample`,
  );
}

function targetArray(
  values: TypedArray | NestedArray,
  spec: TensorSpec,
  count: number,
): Column {
  // Only a custom loss may want whole numbers: tf.js' losses compute in
  // float32.
  const type = values instanceof Int32Array && spec.loss === undefined
    ? "int32"
    : "float32";
  if (!isTypedArray(values)) {
    const { values: flat, shape } = flatten(values, "y");
    const [rows, ...sample] = shape;
    const fitted = fitSample(sample, spec, rows!);
    if (takesIndices(spec)) checkClassIndices(flat, spec);
    return arrayColumn(flat, fitted, type);
  }
  const sample = typedTarget(values.length, spec, count);
  if (takesIndices(spec)) checkClassIndices(values, spec);
  return arrayColumn(values, sample, type);
}

/** Shape of one target in a typed array of `length` numbers, which should be `count` targets. */
function typedTarget(
  length: number,
  spec: TensorSpec,
  count: number,
): readonly number[] {
  const expected = expectedSample(spec) ?? spec.shape.slice(1);
  const size = sizeOf(expected);
  if (length === size * count) return expected as number[];
  // Labels of the wrong kind, which `fitSample` explains, are not a wrong
  // count.
  const perSample = length / count;
  const otherKind = perSample === 1 || perSample === spec.shape.at(-1);
  const free = Number.isNaN(size) || spec.loss === undefined;
  if (otherKind || (free && Number.isInteger(perSample))) {
    return fitSample(perSample === 1 ? [] : [perSample], spec, count);
  }
  const got = length / (size || 1);
  throw countMismatch(
    "y",
    Number.isInteger(got) ? got : `${length} numbers, ${size} per sample`,
    count,
  );
}

function tensorColumnFor(tensor: tf.Tensor, spec: TensorSpec): Column {
  if (tensor.isDisposed) {
    throw new InputError(
      `Cannot use ${spec.role}: its tensor is disposed; keep it until the run has ended`,
    );
  }
  const [count, ...sample] = tensor.shape;
  if (count === undefined) {
    throw new InputError(
      `Cannot use ${spec.role}: it is a single number, a tensor of rank 0`,
    );
  }
  // As for arrays: tf.js' losses compute in float32, and some reject int32.
  const dtype = spec.loss === undefined ? tensor.dtype : "float32";
  const column = tensorColumn(tensor, fitSample(sample, spec, count), dtype);
  if (!takesIndices(spec)) return column;
  const checked = checkClassTensor(tensor, spec);
  return checked ? { ...column, checked } : column;
}

function nestedColumn(
  nested: NestedArray,
  spec: TensorSpec,
  type: "float32" | "int32",
): Column {
  const { values, shape } = flatten(nested, spec.role);
  const [count, ...sample] = shape;
  return arrayColumn(
    values,
    count === 0 ? sample : fitSample(sample, spec, count!),
    type,
  );
}
