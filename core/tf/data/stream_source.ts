/**
 * Batches out of what comes in batches: data sets and iterables.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../errors.ts";
import type { Source } from "../../steps.ts";
import { type Batch, freeBatch, sliceBatch } from "./batch.ts";
import { columnsOf, type GivenValues, type Ports } from "./columns.ts";
import type { BatchStream } from "./forms.ts";
import type { BatchDataset } from "../types.ts";

/** Reads one item of a stream: what it gives for inputs, targets and weights. */
export type ReadItem = (item: unknown) => GivenValues;

/**
 * Batches of an iterable, or of what a function makes for each epoch. Tensors
 * in it stay their owner's; whatever else is made here is freed here.
 *
 * @param stream The items.
 * @param ports What the model takes.
 * @param read Reads an item.
 */
export function streamSource(
  stream: BatchStream<unknown>,
  ports: Ports,
  read: ReadItem,
): Source<Batch> {
  return {
    steps: Array.isArray(stream) ? stream.length : undefined,
    batches(epoch) {
      const items = typeof stream === "function" ? stream(epoch) : stream;
      return Symbol.asyncIterator in items
        ? asyncBatches(asyncPass(items), ports, read)
        : syncBatches(syncPass(items), ports, read);
    },
  };
}

/**
 * Batches of a `tf.data.Dataset`, whose tensors are freed after use.
 *
 * @param dataset The data set, which yields batches.
 * @param ports What the model takes.
 * @param read Reads an element.
 */
export function datasetSource(
  dataset: BatchDataset,
  ports: Ports,
  read: ReadItem,
): Source<Batch> {
  async function* elements(): AsyncGenerator<unknown> {
    const iterator = await dataset.iterator();
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
    batches: () => asyncBatches(elements(), ports, read),
  };
}

function* syncBatches(
  items: Iterable<unknown>,
  ports: Ports,
  read: ReadItem,
): Generator<Batch> {
  let index = 0;
  for (const item of items) {
    const batch = batchOf(item, ports, read, index++);
    try {
      yield batch;
    } finally {
      freeBatch(batch);
    }
  }
}

async function* asyncBatches(
  items: AsyncIterable<unknown>,
  ports: Ports,
  read: ReadItem,
): AsyncGenerator<Batch> {
  let index = 0;
  for await (const item of items) {
    const batch = batchOf(item, ports, read, index++);
    try {
      yield batch;
    } finally {
      freeBatch(batch);
    }
  }
}

function batchOf(
  item: unknown,
  ports: Ports,
  read: ReadItem,
  index: number,
): Batch {
  try {
    const columns = columnsOf(read(item), ports);
    return sliceBatch(columns, 0, columns.count);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`${error.message} (in batch ${index} of the data)`, {
      cause: error,
    });
  }
}

/**
 * One pass over `items`. A generator is not closed at the end of the pass, so
 * that an endless one goes on in the next.
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
