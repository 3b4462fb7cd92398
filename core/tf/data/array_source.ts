/**
 * Batches out of samples in memory.
 *
 * @module
 */
import { seededRandom } from "../../random.ts";
import { shuffled } from "../../data/shuffle.ts";
import { InputError } from "../../errors.ts";
import type { Source } from "../../steps.ts";
import {
  type Batch,
  type Columns,
  freeBatch,
  gatherBatch,
  sliceBatch,
} from "./batch.ts";

/** How samples are cut into batches. */
export interface ArraySourceOptions {
  /** Samples a batch; the last batch may have fewer. */
  readonly batchSize: number;
  /** First sample. Default 0. */
  readonly from?: number;
  /** Sample after the last. Default: the number of samples. */
  readonly to?: number;
  /** Seed of the order, which is another in each epoch. Default: in order. */
  readonly shuffleSeed?: number | undefined;
}

/** Streams of random numbers from here on, one an epoch, are for shuffling. */
const SHUFFLE_STREAM = 2 ** 31;

/**
 * Batches of the samples in `columns`. The order of an epoch depends on the
 * seed and the index of the epoch alone, so a run that goes on at epoch 5 sees
 * what an uninterrupted one sees there.
 *
 * @param columns The samples.
 * @param options How to cut them.
 */
export function arraySource(
  columns: Columns,
  options: ArraySourceOptions,
): Source<Batch> {
  const { batchSize, from = 0, to = columns.count, shuffleSeed } = options;

  function* batchesFrom(epoch: number, first: number): Generator<Batch> {
    const order = shuffleSeed === undefined
      ? undefined
      : orderOf(from, to, shuffleSeed, epoch);
    const skipped = from + first * batchSize;
    for (let start = skipped; start < to; start += batchSize) {
      const end = Math.min(start + batchSize, to);
      const batch = order
        ? gatherBatch(columns, order.subarray(start - from, end - from))
        : sliceBatch(columns, start, end);
      try {
        yield batch;
      } finally {
        freeBatch(batch);
      }
    }
  }
  return {
    steps: Math.ceil((to - from) / batchSize),
    batchSize,
    batches: (epoch) => batchesFrom(epoch, 0),
    batchesFrom,
  };
}

function orderOf(
  from: number,
  to: number,
  seed: number,
  epoch: number,
): Uint32Array {
  const random = seededRandom(seed, SHUFFLE_STREAM + epoch);
  const order = shuffled(to - from, random);
  return from === 0 ? order : order.map((index) => index + from);
}

/**
 * Refuse a batch size that is not a whole number from 1 on.
 *
 * @param name Name of the option.
 * @param value Its value.
 * @throws {InputError} If it is not.
 */
export function checkBatchSize(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new InputError(
    `Cannot start as '${name}' must be an integer >= 1: current value is ${value}`,
  );
}

/**
 * Refuse a seed that is not a whole number from 0 on.
 *
 * @param value The seed.
 * @throws {InputError} If it is not.
 */
export function checkSeed(value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new InputError(
    `Cannot start as 'seed' must be an integer >= 0: current value is ${value}`,
  );
}
