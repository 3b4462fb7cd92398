/**
 * The only source of randomness: seeded, and its state can be saved and
 * restored.
 *
 * @module
 */

/** The state of a {@linkcode Random}: four 32-bit words, plain data. */
export type RandomState = readonly [number, number, number, number];

/** A seeded generator of random numbers. */
export interface Random {
  /** A number from 0 (included) to 1 (excluded), in steps of 2^-32. */
  next(): number;
  /** A number from the standard normal distribution: mean 0, standard deviation 1. */
  normal(): number;
  /**
   * A whole number from 0 to `n - 1`.
   *
   * @throws {RangeError} If `n` is not a whole number from 1 to 2^32.
   */
  integer(n: number): number;
  /** The generator's state: read it to save, set it to continue from there. */
  state: RandomState;
}

/**
 * A generator that gives the same numbers for the same seed and stream.
 *
 * It is sfc32 from Chris Doty-Humphrey's PractRand 0.94 (a chaotic generator
 * with a counter, period at least 2^32), seeded with three words and 15 rounds;
 * what a stream has above 32 bits goes into the counter.
 *
 * @param seed A whole number from 0 to 2^53 - 1.
 * @param stream A whole number from 0 to 2^53 - 1: each gives its own numbers,
 * so that one seed serves training data, validation data, shuffling and steps.
 * Default 0.
 * @throws {RangeError} If seed or stream is out of that range.
 */
export function seededRandom(seed: number, stream = 0): Random {
  checkWhole("seed", seed);
  checkWhole("stream", stream);
  const [low, high] = [stream, stream / 2 ** 32];
  const words = new Uint32Array([seed, seed / 2 ** 32, low, 1 + high]);
  for (let i = 0; i < 15; i++) nextWord(words);

  function next(): number {
    return nextWord(words) / 2 ** 32;
  }
  return {
    next,
    // Box and Muller, 1958; the second number of the pair is dropped, so that
    // the four words are the whole state.
    normal: () =>
      Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    integer(n) {
      if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) {
        throw new RangeError(
          `Cannot draw a whole number below n: n must be a whole number from 1 to 2^32, current value is ${n}`,
        );
      }
      return Math.floor(next() * n);
    },
    get state(): RandomState {
      const [a, b, c, counter] = words;
      return [a!, b!, c!, counter!];
    },
    set state(saved: RandomState) {
      words.set(saved);
    },
  };
}

/** A seed for a run that was given none, from 0 to 2^32 - 1. */
export function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]!;
}

/** One round of sfc32. */
function nextWord(words: Uint32Array): number {
  const a = words[0]!, b = words[1]!, c = words[2]!, counter = words[3]!;
  const word = (a + b + counter) >>> 0;
  words[0] = b ^ (b >>> 9);
  words[1] = c + (c << 3);
  words[2] = ((c << 21) | (c >>> 11)) + word;
  words[3] = counter + 1;
  return word;
}

function checkWhole(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new RangeError(
    `Cannot make a random generator: ${name} must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, current value is ${value}`,
  );
}
