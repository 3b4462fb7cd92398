/**
 * The forms in which `fit`, `evaluate` and `predict` take their data.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";

/** Numbers one after another; all but `Float32Array` and `Int32Array` are converted to float32, batch by batch. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array
  | Uint8ClampedArray;

/** Numbers in nested lists, as deep as the shape; the innermost may be typed arrays. */
export type NestedArray = readonly (number | NestedArray | TypedArray)[];

/**
 * Samples of one input or output: a tensor whose first dimension counts the
 * samples, a typed array (its shape is taken from the model), or nested arrays.
 */
export type TensorData =
  | InstanceType<typeof tf["Tensor"]>
  | TypedArray
  | NestedArray;

/** Samples for a model with one input or output; for several, a list in the model's order, or an object by name. */
export type ModelData =
  | TensorData
  | readonly TensorData[]
  | Readonly<Record<string, TensorData>>;

/** Samples in memory. */
export interface ArrayData {
  /** The inputs. */
  readonly x: ModelData;
  /** The targets. With the loss `sparseCategoricalCrossentropy`: class indices. */
  readonly y: ModelData;
  /** How much each sample counts in the loss, one number per sample. Default: all count 1. */
  readonly sampleWeight?: ModelData | undefined;
}

/** One batch of a data set or an iterable, in any accepted form. */
export type BatchData =
  | ArrayData
  | { readonly xs: ModelData; readonly ys: ModelData }
  | readonly [x: ModelData, y: ModelData, sampleWeight?: ModelData];

/**
 * Batches one after another. A generator continues where the previous epoch left
 * off. A run that goes on asks a function for the epoch at hand alone, so that
 * what it gives should depend on nothing else.
 */
export type BatchStream<T> =
  | Iterable<T>
  | AsyncIterable<T>
  | ((epoch: number) => Iterable<T> | AsyncIterable<T>);

/**
 * What `fit` and `evaluate` accept: samples in memory, a `tf.data.Dataset` of
 * batches, an iterable of batches, or a function that returns one for an epoch.
 *
 * A data set's `shuffle` with a seed gives each pass an order of its own, which
 * depends on how often the data set was iterated before. A run that goes on
 * repeats the passes it took, given a data set made anew, as a new process does.
 * Without a seed, no order is ever repeated.
 */
export type TrainingData =
  | ArrayData
  | ReturnType<typeof tf["data"]["array"]>
  | BatchStream<BatchData>;

/** What `predict` accepts: inputs in memory, or batches of inputs. */
export type PredictionData =
  | ModelData
  | ReturnType<typeof tf["data"]["array"]>
  | BatchStream<ModelData>;

/** Whether `value` is a tensor, from any copy of tf.js. */
export function isTensor(value: unknown): value is tf.Tensor {
  return typeof value === "object" && value !== null && "dataId" in value &&
    "shape" in value && "dtype" in value;
}

/** Whether `value` is one of the typed arrays of numbers. */
export function isTypedArray(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView) &&
    !(value instanceof BigInt64Array) && !(value instanceof BigUint64Array);
}

/** Whether `value` is a `tf.data.Dataset`. */
export function isDataset(
  value: unknown,
): value is ReturnType<typeof tf["data"]["array"]> {
  return typeof value === "object" && value !== null &&
    "iterator" in value && typeof value.iterator === "function" &&
    "forEachAsync" in value;
}

/** Whether `value` yields batches one after another: an iterable, or a function that returns one. */
export function isStream(value: unknown): value is BatchStream<never> {
  if (typeof value === "function") return true;
  return typeof value === "object" && value !== null &&
    (Symbol.iterator in value || Symbol.asyncIterator in value) &&
    !isTypedArray(value);
}
