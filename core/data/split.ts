/**
 * Samples apart: some to train on, the others to validate with.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { seededRandom } from "../random.ts";
import type { Dataset, Samples } from "./dataset.ts";
import { shuffled } from "./shuffle.ts";

/** How samples are split. */
export interface SplitOptions {
  /** Fraction of the samples to validate with: from 0, for none, up to but not including 1. */
  readonly validationSplit?: number | undefined;
  /** Seed of the choice, a whole number from 0 to 2^53 - 1. Default 0: the same samples always make the same split. */
  readonly splitSeed?: number | undefined;
}

/**
 * Split samples at random, so that a file sorted by class has every class on
 * both sides. With a fraction of 0 they stay as they are.
 *
 * @param name What the samples are called in messages.
 * @param part Fraction to validate with.
 * @param seed Seed of the choice. Default 0.
 * @throws {InputError} If the fraction is out of range, or leaves no samples on
 * one side.
 */
export function splitSamples(
  name: string,
  samples: Samples,
  part: number,
  seed = 0,
): Pick<Dataset, "train" | "validation"> {
  const { count } = samples;
  if (!(part >= 0 && part < 1)) {
    throw new InputError(
      `Cannot split ${name}: 'validationSplit' must be at least 0 and below 1, current value is ${part}`,
    );
  }
  // As Keras rounds it.
  const cut = Math.floor(count * (1 - part));
  if (part > 0 && (cut === 0 || cut === count)) {
    throw new InputError(
      `Cannot split ${name}: a validation split of ${part} leaves no samples on one side; it has ${count} ${
        count === 1 ? "sample" : "samples"
      }`,
    );
  }
  if (part === 0) return { train: samples, validation: taken(samples, []) };
  const order = shuffled(count, seededRandom(seed));
  return {
    train: taken(samples, order.subarray(0, cut)),
    validation: taken(samples, order.subarray(cut)),
  };
}

/** The samples at these indices. */
function taken(
  { x, xShape, y, count }: Samples,
  indices: ArrayLike<number>,
): Samples {
  const size = x.length / Math.max(1, count);
  const part: Samples = {
    x: new Float32Array(indices.length * size),
    xShape,
    y: y instanceof Int32Array
      ? new Int32Array(indices.length)
      : new Float32Array(indices.length),
    count: indices.length,
  };
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i]! * size;
    part.x.set(x.subarray(from, from + size), i * size);
    part.y[i] = y[indices[i]!]!;
  }
  return part;
}
