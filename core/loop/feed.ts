/**
 * Batches for pass after pass: a fresh iterator each pass, or one that goes on
 * where the last pass ended, as Keras' `steps_per_epoch` asks for.
 *
 * @module
 */
import { isPromise } from "../run/dispatch.ts";
import type { PassPosition } from "../run/state.ts";
import { startOfPass } from "../run/state.ts";
import type { Source } from "../steps.ts";
import { waitFor } from "../waiting.ts";
import { iterate } from "./iterate.ts";
import { passOver, type Reader, readOn } from "./seek.ts";

/** What an iterator gives next, now or later. */
export type Next<B> = IteratorResult<B> | Promise<IteratorResult<B>>;

/** Batches for pass after pass. */
export interface Feed<B> {
  /** How far the pass is; the run's own. */
  readonly at: PassPosition;
  /** Batches a pass at most; Infinity for all. */
  readonly limit: number;
  /** Batches a pass; undefined until known. */
  readonly steps: number | undefined;
  /** Begin a pass of a run, or go on where the position says. */
  begin(epoch: number, run: Reader): Promise<void> | undefined;
  /** The next batch of this pass. */
  next(): Next<B>;
  /** The batches of the pass are through, or the data `ranOut`: learn from it how many there are, and free the `last`. */
  over(ranOut: boolean, last: B | undefined): void;
  /** What the pass is for is done: its position is forgotten. */
  end(): Promise<void>;
  /** Free what is held. */
  close(): Promise<void>;
}

/**
 * Feed a loop from a source.
 *
 * @param source The batches.
 * @param at How far the pass is.
 * @param limit Batches a pass; undefined for as many as there are.
 * @param restarts Whether each pass starts at the beginning, as validation does.
 */
export function feed<B>(
  source: Source<B>,
  at: PassPosition,
  limit?: number,
  restarts = false,
): Feed<B> {
  let iterator: Iterator<B> | AsyncIterator<B> | undefined;
  let known = source.steps;
  let opened = false;
  /** Begin the data anew, in the epoch at hand. */
  let anew = (): typeof iterator => undefined;

  async function close(): Promise<void> {
    const closing = iterator?.return?.();
    iterator = undefined;
    // A source that never answered does not answer to its end either.
    const never = new Error("the data never close");
    await waitFor(Promise.resolve(closing), () => never).catch((error) => {
      if (error !== never) throw error;
    });
  }

  /** Open the source where another part of this run left it. */
  async function seek(run: Reader): Promise<void> {
    const { epoch, passes, taken } = at;
    const { seed } = run.params;
    const most = restarts ? limit ?? Infinity : Infinity;
    const doubt = await source.doubt?.();
    if (doubt) run.printer.print(`Warning: ${doubt}`);
    await passOver(source, passes, most, run);
    if (source.batchesFrom && taken > 0) {
      iterator = iterate(source.batchesFrom(epoch, taken, seed));
      return;
    }
    iterator = iterate(source.batches(epoch, seed));
    await readOn(iterator, taken, run);
  }

  /** Where the data ended with the last pass, which asked for no more, this one begins them again. */
  function orAgain(next: IteratorResult<B>): Next<B> {
    if (!next.done) return next;
    known ??= at.taken - 1;
    at.passes++;
    at.taken = 1;
    iterator = anew();
    return iterator!.next();
  }

  return {
    at,
    limit: limit ?? Infinity,
    get steps() {
      return atMost(known, limit);
    },
    begin(epoch, run) {
      anew = () => {
        at.epoch = epoch;
        return iterate(source.batches(epoch, run.params.seed));
      };
      if (iterator) return undefined;
      if (at.taken === 0) at.epoch = epoch;
      const first = !opened;
      opened = true;
      if (at.taken > 0 || (first && at.passes > 0)) return seek(run);
      iterator = anew();
      return undefined;
    },
    next() {
      at.taken++;
      const next = iterator!.next();
      if (at.batch > 0 || at.taken === 1) return next;
      return isPromise(next) ? next.then(orAgain) : orAgain(next);
    },
    over(ranOut, last) {
      at.ranOut = ranOut;
      // A pass that went on at its end took none.
      if (last !== undefined) source.free?.(last);
      if (limit === undefined && ranOut) known ??= at.batch;
    },
    async end() {
      const { taken, epoch, passes } = at;
      const goesOn = limit !== undefined && !restarts && !at.ranOut &&
        (known === undefined || taken < known);
      Object.assign(at, startOfPass());
      if (goesOn) return void Object.assign(at, { taken, epoch, passes });
      at.passes = passes + 1;
      await close();
    },
    close,
  };
}

/**
 * Batches a pass; undefined until known.
 *
 * @param known Batches there are, as far as that is known.
 * @param limit Batches to take at most; undefined for all.
 */
export function atMost(known?: number, limit?: number): number | undefined {
  return limit === undefined ? known : Math.min(limit, known ?? limit);
}
