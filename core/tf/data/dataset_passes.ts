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
 */
export function opensLater(iterator: DatasetIterator): boolean {
  return anyHas(iterator, "moreIterators");
}

/** Whether an iterator shuffles, or opens others that may. */
export function mayShuffle(iterator: DatasetIterator): boolean {
  return anyHas(iterator, "windowSize") || opensLater(iterator);
}

/** Whether an iterator has a field, or one of those that it reads from. */
function anyHas(iterator: unknown, field: string): boolean {
  if (typeof iterator !== "object" || iterator === null) return false;
  if (field in iterator) return true;
  if ("upstream" in iterator) return anyHas(iterator.upstream, field);
  if ("iterators" in iterator) return anyHas(iterator.iterators, field);
  if ("next" in iterator) return false;
  // Those that `zip` was given.
  return Object.values(iterator).some((it) => anyHas(it, field));
}
