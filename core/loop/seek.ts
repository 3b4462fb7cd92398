/**
 * Finding the way back into data: where a source cannot be asked for the batch
 * to go on with, it is read up to there.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { RunState } from "../run/state.ts";
import { turn } from "../run/turn.ts";
import type { Source } from "../steps.ts";
import { iterate } from "./iterate.ts";

/** The run that reads. */
export type Reader = Pick<
  RunState,
  "printer" | "signal" | "params" | "now" | "turned"
>;

/**
 * Let the passes go by that an earlier part of the run took, as far as the order
 * of those after them depends on it.
 *
 * @param source The batches.
 * @param passes How many.
 * @param most Batches a pass at most.
 * @param run Is ended by its signal, and shows how far this is.
 */
export async function passOver<B>(
  source: Source<B>,
  passes: number,
  most: number,
  run: Reader,
): Promise<void> {
  if (!source.skipPass) return;
  for (let pass = 0; pass < passes && !run.signal.aborted; pass++) {
    const batches = await source.skipPass();
    if (batches) {
      const iterator = batches[Symbol.asyncIterator]();
      await read(iterator, most, run, ` of pass ${pass + 1} of ${passes}`);
    }
  }
}

/**
 * Read batches that were taken before; the iterator frees them.
 *
 * @param iterator The data, from their start.
 * @param taken How many.
 * @param run Is ended by its signal, and shows how far this is.
 * @throws {InputError} If there are fewer.
 */
export async function readOn<B>(
  iterator: Iterator<B> | AsyncIterator<B>,
  taken: number,
  run: Reader,
): Promise<void> {
  const found = await read(iterator, taken, run, ` of ${taken}`);
  // Data that ran out were asked for one more.
  if (found >= taken - 1 || run.signal.aborted) return;
  throw tooFew(taken, found);
}

function tooFew(taken: number, found: number): InputError {
  return new InputError(
    `Cannot go on with the data: the run had taken ${taken} batches of them, and now there are ${found}; they must be those that it began with`,
  );
}

/** Batches of an epoch that an earlier part of the run did, as far as they have not been passed over yet. */
export interface Done {
  /** How many are left. */
  left: number;
}

/**
 * The batches behind those that are done, of a loop that another part of the run
 * began. None come once its signal is aborted.
 *
 * @param batches All of them; where fewer than are done, the rest of those is
 * left to the next pass of the epoch.
 * @param done Counts those passed over.
 * @param run Shows how far this is.
 */
export async function* startingBehind<B>(
  batches: Iterable<B> | AsyncIterable<B>,
  done: Done,
  run: Reader,
): AsyncGenerator<B> {
  if (Array.isArray(batches)) {
    const start = Math.min(done.left, batches.length);
    done.left -= start;
    return yield* batches.slice(start);
  }
  const iterator = iterate(batches);
  let over = false;
  try {
    done.left -= await read(iterator, done.left, run, ` of ${done.left}`);
    while (!run.signal.aborted) {
      const next = await iterator.next();
      over = next.done === true;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    if (!over) await iterator.return?.();
  }
}

/**
 * The epoch's batches are through.
 *
 * @throws {InputError} If they ended before where the run was.
 */
export function checkPassed({ left }: Done, run: Reader, taken: number): void {
  if (left === 0 || run.signal.aborted) return;
  throw tooFew(taken, taken - left);
}

/** How many batches were read of `count`; fewer where they end or the run does. */
async function read<B>(
  iterator: Iterator<B> | AsyncIterator<B>,
  count: number,
  run: Reader,
  where: string,
): Promise<number> {
  const { printer, signal } = run;
  let found = 0;
  let shown = false;
  try {
    while (found < count && !signal.aborted) {
      const next = await iterator.next();
      if (next.done) break;
      found++;
      const turning = turn(run);
      if (!turning) continue;
      shown = true;
      printer.status(`Reading on to where the run was: batch ${found}${where}`);
      await turning;
    }
    return found;
  } finally {
    if (shown) printer.status("");
  }
}
