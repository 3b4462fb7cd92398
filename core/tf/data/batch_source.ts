/**
 * From data in any form to a source of batches.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import type { Source } from "../../steps.ts";
import { arraySource, type ArraySourceOptions } from "./array_source.ts";
import type { Batch } from "./batch.ts";
import { columnsOf, type GivenValues, type ModelSpecs } from "./columns.ts";
import {
  type ArrayData,
  isDataset,
  isStream,
  isTensor,
  isTypedArray,
  type ModelData,
  type PredictionData,
  type TrainingData,
} from "./forms.ts";
import { datasetSource, streamSource } from "./stream_source.ts";

const FORMS =
  "{ x, y }, a tf.data.Dataset of batches, an iterable of batches, or a function that makes one for an epoch";

/**
 * A source of batches of inputs and targets.
 *
 * @param specs What the model expects.
 * @param options How samples in memory are split into batches.
 * @throws {InputError} If the data do not fit the model.
 */
export function trainingSource(
  data: TrainingData,
  specs: ModelSpecs,
  options: ArraySourceOptions,
): Source<Batch> {
  if (isArrayData(data)) return arraySource(columnsOf(data, specs), options);
  if (isDataset(data)) return datasetSource(data, specs, readPair);
  if (isStream(data) && !isTensor(data)) {
    return streamSource(data, specs, readPair);
  }
  throw new InputError(
    `Cannot use the data: expected ${FORMS}; got ${describe(data)}`,
  );
}

/**
 * A source of batches of inputs only.
 *
 * @param data The inputs.
 * @param specs What the model expects.
 * @param options How samples in memory are split into batches.
 * @throws {InputError} If the data do not fit the model.
 */
export function predictionSource(
  data: PredictionData,
  specs: ModelSpecs,
  options: ArraySourceOptions,
): Source<Batch> {
  if (isDataset(data)) return datasetSource(data, specs, readInputs);
  if (isStream(data) && !Array.isArray(data)) {
    return streamSource(data, specs, (item) => ({ x: item as ModelData }));
  }
  return arraySource(columnsOf({ x: data as ModelData }, specs), options);
}

/** Whether `data` are samples in memory, `{ x, y }`. */
export function isArrayData(data: unknown): data is ArrayData {
  return typeof data === "object" && data !== null && "x" in data;
}

/** Read an item of a stream that has inputs and targets. */
function readPair(item: unknown): GivenValues {
  if (Array.isArray(item)) {
    const [x, y, sampleWeight] = item as [ModelData, ModelData, ModelData?];
    return { x, y, sampleWeight };
  }
  if (isArrayData(item)) return item;
  if (typeof item === "object" && item !== null && "xs" in item) {
    const { xs, ys } = item as { xs: ModelData; ys?: ModelData };
    return { x: xs, y: ys };
  }
  throw new InputError(
    `Cannot use the data: a batch must be { x, y }, { xs, ys } or [x, y]; got ${
      describe(item)
    }`,
  );
}

/** Read only the inputs of an element of a data set. */
function readInputs(item: unknown): GivenValues {
  if (typeof item === "object" && item !== null) {
    if ("xs" in item) return { x: item.xs as ModelData };
    if ("x" in item) return { x: item.x as ModelData };
  }
  return { x: item as ModelData };
}

function describe(value: unknown): string {
  if (isTensor(value)) {
    return `a tensor of shape ${JSON.stringify(value.shape)}`;
  }
  if (isTypedArray(value)) return `a typed array of ${value.length} numbers`;
  if (typeof value !== "object" || value === null) return String(value);
  const keys = Object.keys(value);
  return keys.length ? `an object with ${keys.join(", ")}` : "an empty object";
}
