/**
 * A short text that tells data apart, so that a run does not go on with others
 * unnoticed.
 *
 * @module
 */
import type { Columns } from "./batch.ts";

/** Numbers of a column that are looked at, at most: evenly spread, so that it takes milliseconds. */
const MOST = 2 ** 20;

/**
 * What stands for the samples of some columns. Where there are more numbers than
 * can be looked at quickly, a change of a few of them may go unnoticed.
 *
 * @returns Such as `"1797 samples, 5f0c1a2b"`.
 */
export function fingerprint(
  { inputs, targets, sampleWeights, count }: Columns,
): string {
  const columns = [...inputs, ...targets, ...sampleWeights];
  const hash = columns.reduce((seed, column) => {
    const numbers = column?.numbers?.();
    return numbers ? hashOf(numbers, seed) : seed;
  }, BASIS);
  return `${count} samples, ${(hash >>> 0).toString(16).padStart(8, "0")}`;
}

/** FNV-1a (Fowler, Noll, Vo, 1991) over the words of float64 numbers. */
function hashOf(numbers: ArrayLike<number>, seed: number): number {
  const number = new Float64Array(1);
  const words = new Uint32Array(number.buffer);
  const stride = Math.max(1, Math.floor(numbers.length / MOST));
  let hash = Math.imul(seed ^ numbers.length, PRIME);
  for (let i = 0; i < numbers.length; i += stride) {
    number[0] = numbers[i]!;
    hash = Math.imul(hash ^ words[0]!, PRIME);
    hash = Math.imul(hash ^ words[1]!, PRIME);
  }
  return hash;
}

const BASIS = 0x811c9dc5;
const PRIME = 0x01000193;
