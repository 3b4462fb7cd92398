/**
 * Batches as an iterator, whatever they are given as.
 *
 * @module
 */
import { kindOf } from "../contract/show.ts";
import { InputError } from "../errors.ts";
import { isPromise } from "../run/dispatch.ts";

/**
 * The iterator of batches that come at once or later.
 *
 * @throws {InputError} If they are no iterable.
 */
export function iterate<B>(
  batches: Iterable<B> | AsyncIterable<B>,
): Iterator<B> | AsyncIterator<B> {
  checkIterable(batches);
  return Symbol.asyncIterator in batches
    ? batches[Symbol.asyncIterator]()
    : batches[Symbol.iterator]();
}

/**
 * Refuse what gives no batches.
 *
 * @param batches What a function returned for an epoch.
 * @throws {InputError} If it is no iterable.
 */
export function checkIterable(batches: unknown): void {
  const given = Object(batches);
  if (Symbol.asyncIterator in given || Symbol.iterator in given) return;
  throw new InputError(
    `Cannot use the data: the function that makes the batches of an epoch returned ${
      isPromise(batches)
        ? "a promise; write it as async function*"
        : `${kindOf(batches)}; expected an iterable of batches`
    }`,
  );
}
