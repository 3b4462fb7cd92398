/**
 * Batches for pass after pass: a fresh iterator each pass, or one that goes on
 * where the last pass ended, as Keras' `steps_per_epoch` asks for.
 *
 * @module
 */
import type { Source } from "../steps.ts";

/** What an iterator gives next, now or later. */
export type Next<B> = IteratorResult<B> | Promise<IteratorResult<B>>;

/** Batches for pass after pass. */
export interface Feed<B> {
  /** Batches a pass at most; Infinity for all. */
  readonly limit: number;
  /** Batches a pass; undefined until known. */
  readonly steps: number | undefined;
  /** Begin a pass. */
  begin(epoch: number): void;
  /** The next batch of this pass. */
  next(): Next<B>;
  /** End the pass: `count` batches came, and whether the data ran out. */
  end(count: number, ranOut: boolean): Promise<void>;
  /** Free what is held. */
  close(): Promise<void>;
}

/**
 * Feed a loop from a source.
 *
 * @param source The batches.
 * @param limit Batches a pass; undefined for as many as there are.
 * @param anew Whether each pass starts at the beginning, as validation does.
 */
export function feed<B>(
  source: Source<B>,
  limit?: number,
  anew = false,
): Feed<B> {
  let iterator: Iterator<B> | AsyncIterator<B> | undefined;
  let taken = 0;
  let known = source.steps;

  async function close(): Promise<void> {
    const closing = iterator;
    iterator = undefined;
    await closing?.return?.();
  }

  return {
    limit: limit ?? Infinity,
    get steps() {
      return limit === undefined ? known : Math.min(limit, known ?? limit);
    },
    begin(epoch) {
      iterator ??= iterate(source.batches(epoch));
    },
    next() {
      taken++;
      return iterator!.next();
    },
    async end(count, ranOut) {
      if (limit === undefined && ranOut) known ??= count;
      const goesOn = limit !== undefined && !anew && !ranOut &&
        (known === undefined || taken < known);
      if (goesOn) return;
      taken = 0;
      await close();
    },
    close,
  };
}

function iterate<B>(
  batches: Iterable<B> | AsyncIterable<B>,
): Iterator<B> | AsyncIterator<B> {
  return Symbol.asyncIterator in batches
    ? batches[Symbol.asyncIterator]()
    : batches[Symbol.iterator]();
}
