/**
 * Other words for the same metric: `val_acc` is `val_accuracy` to somebody else.
 *
 * @module
 */
import { VALIDATION_PREFIX } from "./log_keys.ts";

/** Each line: words for one thing, in any spelling. */
const SYNONYMS: readonly (readonly string[])[] = [
  [
    "accuracy",
    "acc",
    "binaryAccuracy",
    "categoricalAccuracy",
    "sparseCategoricalAccuracy",
  ],
  ["mse", "meanSquaredError"],
  ["mae", "meanAbsoluteError"],
  ["mape", "meanAbsolutePercentageError"],
  ["msle", "meanSquaredLogarithmicError"],
  ["cosine", "cosineProximity", "cosineSimilarity"],
  ["learning_rate", "lr"],
];

/**
 * The known key that means the same, if there is one.
 *
 * @param key A log key that is not there.
 * @param known Those that may be.
 */
export function synonymOf(
  key: string,
  known: Iterable<string>,
): string | undefined {
  const meaning = meaningOf(key);
  return meaning && [...known].find((other) => meaningOf(other) === meaning);
}

/** One text for all that mean the same; undefined where nothing is known. */
function meaningOf(key: string): string | undefined {
  const prefix = key.startsWith(VALIDATION_PREFIX) ? VALIDATION_PREFIX : "";
  const word = folded(key.slice(prefix.length));
  const words = SYNONYMS.find((words) => words.map(folded).includes(word));
  return words && prefix + words.join();
}

function folded(word: string): string {
  return word.toLowerCase().replaceAll("_", "");
}
