/**
 * Validation data, tried before the training: a mistake in them costs a second,
 * not an epoch.
 *
 * @module
 */
import { DataError, InputError } from "../../errors.ts";
import type { Source } from "../../steps.ts";
import { waitFor } from "../../waiting.ts";
import type { Batch } from "./batch.ts";
import { trainingSource } from "./batch_source.ts";
import type { ModelSpecs } from "./columns.ts";
import { isStream, type TrainingData } from "./forms.ts";

/** How validation data are read. */
export interface ValidationOptions {
  /** Samples per batch, of samples in memory. */
  readonly batchSize: number;
  /** Index of the first epoch. Default 0. */
  readonly initialEpoch?: number | undefined;
  /** Whether the run is only planned: then nothing is read. Default false. */
  readonly dryRun?: boolean | undefined;
}

/**
 * A source of validation batches. If they can be read again, the first one is
 * read now.
 *
 * @param specs What the model expects.
 * @throws {InputError} If they do not fit the model, or there are none.
 * @throws {DataError} If what gives them throws.
 */
export async function validationSource(
  data: TrainingData,
  specs: ModelSpecs,
  { batchSize, initialEpoch = 0, dryRun = false }: ValidationOptions,
): Promise<Source<Batch>> {
  try {
    const source = trainingSource(data, specs, { batchSize });
    if (!dryRun && !onlyOnce(data)) {
      await waitFor(tryFirst(source, initialEpoch), neverComes);
    }
    return source;
  } catch (error) {
    if (!(error instanceof InputError)) {
      throw new DataError("The validation data failed at batch 0", error);
    }
    throw new InputError(`${error.message} (in the validation data)`, {
      cause: error,
    });
  }
}

/** Whether the data are an iterator, from which a batch that was read is gone. */
function onlyOnce(data: TrainingData): boolean {
  if (!isStream(data) || typeof data === "function") return false;
  const iterator = Symbol.asyncIterator in data
    ? data[Symbol.asyncIterator]()
    : data[Symbol.iterator]();
  return iterator as unknown === data;
}

async function tryFirst(source: Source<Batch>, epoch: number): Promise<void> {
  for await (const _ of source.batches(epoch)) return;
  throw new InputError(
    "Cannot validate on no data: there is not one batch",
  );
}

function neverComes(): InputError {
  return new InputError(
    "Cannot go on: the first batch is a promise that nothing is left to settle: no timer, no request, no file",
  );
}
