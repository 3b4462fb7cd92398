/**
 * What the passes over a `tf.data.Dataset` leave behind in it.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";

/** An iterator of a data set. */
export type DatasetIterator = Awaited<
  ReturnType<ReturnType<typeof tf["data"]["array"]>["iterator"]>
>;

/**
 * Whether an iterator opens iterators of other data sets only while it is read,
 * as those of `repeat` and `concatenate` do: then a pass has to be read to leave
 * what it left before. Otherwise, opening is enough.
 *
 * @param iterator An iterator, or those that `zip` was given.
 */
export function opensLater(iterator: unknown): boolean {
  if (typeof iterator !== "object" || iterator === null) return false;
  if ("moreIterators" in iterator) return true;
  if ("upstream" in iterator) return opensLater(iterator.upstream);
  if ("iterators" in iterator) return opensLater(iterator.iterators);
  return !("next" in iterator) && Object.values(iterator).some(opensLater);
}
