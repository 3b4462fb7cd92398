/**
 * Batches from samples in memory.
 *
 * @module
 */
import { seededRandom } from "../../random.ts";
import { shuffled } from "../../data/shuffle.ts";
import { checkOption } from "../../run/check_options.ts";
import type { Source } from "../../steps.ts";
import {
  type Batch,
  type Columns,
  freeBatch,
  gatherBatch,
  sliceBatch,
} from "./batch.ts";
import { fingerprint } from "./fingerprint.ts";

/** How samples are split into batches. */
export interface ArraySourceOptions {
  /** Samples per batch; the last batch may have fewer. */
  readonly batchSize: number;
  /** Index of the first sample. Default 0. */
  readonly from?: number;
  /** Index after the last sample. Default: the number of samples. */
  readonly to?: number;
  /** Whether a pass with a seed is in an order of its own, which differs in each epoch. Default false. */
  readonly shuffle?: boolean | undefined;
}

/** Random number streams from here on, one per epoch, are for shuffling. */
const SHUFFLE_STREAM = 2 ** 31;

/**
 * Batches of the samples in `columns`. The order in an epoch depends only on
 * the seed and the epoch's index, so a run resumed at epoch 5 sees what an
 * uninterrupted one sees there.
 *
 * @param columns The samples.
 * @param options How to split them.
 */
export function arraySource(
  columns: Columns,
  options: ArraySourceOptions,
): Source<Batch> {
  const { batchSize, from = 0, to = columns.count, shuffle = false } = options;

  function* batchesFrom(
    epoch: number,
    first: number,
    seed?: number,
  ): Generator<Batch> {
    const order = shuffle && seed !== undefined
      ? orderOf(from, to, seed, epoch)
      : undefined;
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
  const taken = afterChecks(columns, batchesFrom);
  return {
    steps: Math.ceil((to - from) / batchSize),
    samples: to - from,
    batchSize,
    batches: (epoch, seed) => taken(epoch, 0, seed),
    batchesFrom: taken,
    free: freeBatch,
    about: () => `${fingerprint(columns)}${shuffle ? ", shuffled" : ""}`,
  };
}

type BatchesFrom = Required<Source<Batch>>["batchesFrom"];

/** The same, once it is known that the labels are good. */
function afterChecks({ targets }: Columns, batches: BatchesFrom): BatchesFrom {
  const checks = targets.flatMap(({ checked }) => checked ?? []);
  if (checks.length === 0) return batches;
  const all = Promise.all(checks);
  // Whoever reads the batches hears of it.
  all.catch(() => {});
  return async function* (epoch, first, seed) {
    await all;
    yield* batches(epoch, first, seed);
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
 * Reject a batch size that is not a whole number >= 1.
 *
 * @param name Name of the option.
 * @param value Its value.
 * @throws {InputError} If it is not one.
 */
export function checkBatchSize(name: string, value: number): void {
  checkOption(
    name,
    value,
    (it) => Number.isInteger(it) && (it as number) >= 1,
    "an integer >= 1",
  );
}
