/**
 * Which epochs the values of a column belong to when it has fewer than there
 * are epochs: Keras and tf.js leave out those without validation.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { Value } from "./given.ts";
import { plural } from "../number_text.ts";

/**
 * A value for each epoch. A column with fewer is one of every second, third and
 * so on epoch, if there is just one such number that fits.
 *
 * @param key Its name, for messages.
 * @param values Its values.
 * @param epochs The epochs, counted from 1.
 * @throws {InputError} If it cannot be known where they belong.
 */
export function inTheirEpochs(
  key: string,
  values: readonly Value[],
  epochs: readonly number[],
): readonly Value[] {
  if (values.length === epochs.length) return values;
  if (values.length === 0) return epochs.map(() => undefined);
  const every = values.length < epochs.length
    ? spacing(values.length, epochs)
    : undefined;
  if (every === undefined) {
    throw new InputError(
      `Cannot draw "${key}": it has ${plural(values.length, "value")} for ${
        plural(epochs.length, "epoch")
      }, and which they belong to is not known: put null where an epoch has none`,
    );
  }
  let next = 0;
  return epochs.map((epoch) =>
    epoch % every === 0 ? values[next++] : undefined
  );
}

/** Rarer validations than every so many epochs are not looked for. */
const RAREST = 100_000;

/** The only n such that there are `count` epochs that n divides; undefined if there are several or none. */
function spacing(
  count: number,
  epochs: readonly number[],
): number | undefined {
  const found = new Map<string, number>();
  const last = Math.min(epochs.at(-1)!, RAREST);
  for (let every = 2; every <= last && found.size < 2; every++) {
    const first = epochs.filter((epoch) => epoch % every === 0);
    if (first.length === count) found.set(first.join(), every);
    // Fewer and fewer are divided from here on.
    if (epochs.at(-1)! < every * count) break;
  }
  return found.size === 1 ? [...found.values()][0] : undefined;
}
