/**
 * Did-you-mean: the known word that is nearest to a misspelt one.
 *
 * @module
 */

/**
 * The known word nearest to `word`, or undefined if none is near: at most a
 * third of its letters may be wrong. Case, `-` and `_` are ignored.
 *
 * The distance is the optimal string alignment distance (Damerau-Levenshtein
 * without repeated edits; Boytsov, "Indexing methods for approximate
 * dictionary searching", 2011): insert, delete, replace, swap neighbours.
 *
 * @param word The word that was given.
 * @param known The valid words.
 */
export function didYouMean(
  word: string,
  known: Iterable<string>,
): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const d = distance(fold(word), fold(candidate));
    // Words with nothing in common are not near, however short they are.
    if (d < least && d < word.length) [best, least] = [candidate, d];
  }
  return best;
}

/**
 * `, did you mean "x"?` or nothing, to append to a message.
 *
 * @param word The word that was given.
 * @param known The valid words.
 */
export function suggestion(word: string, known: Iterable<string>): string {
  const near = didYouMean(word, known);
  return near === undefined ? "" : `, did you mean "${near}"?`;
}

function fold(word: string): string {
  return word.toLowerCase().replaceAll(/[-_]/g, "");
}

function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j]!, before[j - 2]! + 1);
      }
    }
    [before, above] = [above, row];
  }
  return above[b.length]!;
}
