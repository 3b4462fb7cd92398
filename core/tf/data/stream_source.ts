/**
 * Batches from data that come in batches: data sets and iterables.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../errors.ts";
import { checkIterable } from "../../loop/iterate.ts";
import { onHost } from "../on_host.ts";
import type { Source } from "../../steps.ts";
import { type Batch, freeBatch, sliceBatch } from "./batch.ts";
import { columnsOf, type GivenValues, type ModelSpecs } from "./columns.ts";
import type { BatchStream } from "./forms.ts";
import { inBatch, type LabelWatch, labelWatch } from "./label_watch.ts";
import { oneSample } from "./one_sample.ts";
import {
  type DatasetIterator,
  mayShuffle,
  opensLater,
} from "./dataset_passes.ts";

/** Reads one item of a stream: its inputs, targets and weights. */
export type ReadItem = (item: unknown) => GivenValues;

/**
 * Batches of an iterable, or of what a function returns for each epoch. Its
 * tensors still belong to their owner; whatever is created here is freed here.
 *
 * @param stream The items.
 * @param specs What the model expects.
 * @param read Reads an item.
 */
export function streamSource(
  stream: BatchStream<unknown>,
  specs: ModelSpecs,
  read: ReadItem,
): Source<Batch> {
  if (Array.isArray(stream)) return listSource(stream, specs, read);
  return {
    free: freeBatch,
    batches(epoch) {
      const items = typeof stream === "function" ? stream(epoch) : stream;
      checkIterable(items);
      return Symbol.asyncIterator in items
        ? asyncBatches(asyncPass(items), specs, read, 0)
        : batchesOf(syncPass(items), specs, read);
    },
  };
}

/** Batches of a list, which can be started anywhere. */
function listSource(
  list: readonly unknown[],
  specs: ModelSpecs,
  read: ReadItem,
): Source<Batch> {
  return {
    steps: list.length,
    free: freeBatch,
    batches: () => batchesOf(list, specs, read),
    batchesFrom: (_epoch, start) =>
      batchesOf(list.slice(start), specs, read, start),
  };
}

/**
 * Batches of a `tf.data.Dataset`, whose tensors are freed after use. A seeded
 * `shuffle` gives an order that depends on how often the data set was iterated
 * before, so the passes of a run are repeated by one that goes on from it: with
 * a data set made anew, as a new process does. Not repeated are orders without
 * a seed, and what a generator keeps outside of itself between passes.
 *
 * @param dataset The data set, which yields batches.
 * @param specs What the model expects.
 * @param read Reads an element.
 */
export function datasetSource(
  dataset: ReturnType<typeof tf["data"]["array"]>,
  specs: ModelSpecs,
  read: ReadItem,
): Source<Batch> {
  const again = iterated.has(dataset);

  async function* elements(
    opened?: DatasetIterator,
  ): AsyncGenerator<unknown> {
    iterated.add(dataset);
    const iterator = opened ?? await dataset.iterator();
    for (
      let next = await iterator.next();
      !next.done;
      next = await iterator.next()
    ) {
      try {
        yield next.value;
      } finally {
        tf.dispose(next.value);
      }
    }
  }
  return {
    steps: Number.isFinite(dataset.size) ? dataset.size : undefined,
    free: freeBatch,
    batches: () => asyncBatches(elements(), specs, read, 0, true),
    async skipPass() {
      const iterator = await dataset.iterator();
      return opensLater(iterator) ? elements(iterator) : undefined;
    },
    doubt: async () =>
      again && mayShuffle(await dataset.iterator()) ? USED : undefined,
  };
}

/** The data sets that were read in this process: their shuffling cannot be put back. */
const iterated = new WeakSet<object>();

const USED =
  "a shuffled tf.data.Dataset goes on in another order, as it was read before; make it anew for a run that goes on";

/** Batches of what need not be waited for, unless their labels must be. */
function batchesOf(
  items: Iterable<unknown>,
  specs: ModelSpecs,
  read: ReadItem,
  first = 0,
): Iterable<Batch> | AsyncIterable<Batch> {
  return onHost()
    ? syncBatches(items, specs, read, first)
    : asyncBatches(items, specs, read, first);
}

function* syncBatches(
  items: Iterable<unknown>,
  specs: ModelSpecs,
  read: ReadItem,
  first: number,
): Generator<Batch> {
  let index = first;
  for (const item of items) {
    const batch = readBatch(item, specs, read, index++);
    try {
      yield batch;
    } finally {
      freeBatch(batch);
    }
  }
}

async function* asyncBatches(
  items: AsyncIterable<unknown> | Iterable<unknown>,
  specs: ModelSpecs,
  read: ReadItem,
  first: number,
  owned = false,
): AsyncGenerator<Batch> {
  const labels = labelWatch();
  let index = first;
  for await (const item of items) {
    labels.raise();
    const values = readBatch(item, specs, read, index++, labels, owned);
    const batch = owned
      ? { ...values, from: item as tf.TensorContainer }
      : values;
    try {
      yield batch;
    } finally {
      freeBatch(batch);
    }
  }
  await labels.settle();
}

function readBatch(
  item: unknown,
  specs: ModelSpecs,
  read: ReadItem,
  index: number,
  labels?: LabelWatch,
  owned = false,
): Batch {
  let given: GivenValues | undefined;
  try {
    given = read(item);
    const columns = columnsOf(given, specs);
    labels?.add(columns, index);
    return sliceBatch(columns, 0, columns.count);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw given && oneSample(given, specs)
      ? notBatched(owned)
      : inBatch(error, index);
  }
}

/**
 * One pass over `items`. A generator is not closed at the end of the pass, so
 * that an endless one continues in the next.
 */
function syncPass(items: Iterable<unknown>): Iterable<unknown> {
  const iterator = items[Symbol.iterator]();
  if (iterator as unknown !== items) return items;
  return { [Symbol.iterator]: () => ({ next: () => iterator.next() }) };
}

function asyncPass(items: AsyncIterable<unknown>): AsyncIterable<unknown> {
  const iterator = items[Symbol.asyncIterator]();
  if (iterator as unknown !== items) return items;
  return { [Symbol.asyncIterator]: () => ({ next: () => iterator.next() }) };
}

function notBatched(dataset: boolean): InputError {
  return new InputError(
    `Cannot use the data: its elements are single samples; ${
      dataset
        ? "make batches of them with .batch(32)"
        : "give lists of samples, each of them a batch"
    }`,
  );
}
