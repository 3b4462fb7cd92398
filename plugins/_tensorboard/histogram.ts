/**
 * How numbers are distributed: buckets of equal width between the lowest and the
 * highest, as `tf.summary.histogram` has them.
 *
 * @module
 */

/** A bucket. */
export interface Bucket {
  /** Its lower edge, which belongs to it. */
  readonly left: number;
  /** Its upper edge, which belongs to the next one, save in the last. */
  readonly right: number;
  /** How many of the numbers are in it. */
  readonly count: number;
}

/**
 * Sort numbers into buckets. Where all are the same, they are in the last of
 * buckets without width; where there are none, all is 0.
 *
 * @param values The numbers; those that are not finite are left out, as there is
 * no bucket for them.
 * @param count How many buckets.
 */
export function histogramOf(
  values: ArrayLike<number>,
  count: number,
): Bucket[] {
  const counts = new Array<number>(count).fill(0);
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (least > most) return counts.map(() => ({ left: 0, right: 0, count: 0 }));
  const single = most === least;
  const width = (most - least) / count;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    const at = single ? count : Math.floor((value - least) / width);
    counts[Math.min(at, count - 1)]!++;
  }
  const edge = (i: number) => i === count ? most : least + width * i;
  return counts.map((count, i) => ({
    left: single ? most : edge(i),
    right: edge(i + 1),
    count,
  }));
}
