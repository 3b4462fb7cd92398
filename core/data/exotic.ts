/**
 * Synthetic data in the form of the HIGGS set of Baldi, Sadowski and Whiteson,
 * "Searching for exotic particles in high-energy physics with deep learning"
 * (2014): 21 low-level features of a collision, 7 high-level ones derived from
 * them, and whether it is signal. The physics is not theirs, only the form.
 *
 * @module
 */
import type { Dataset, Samples } from "./dataset.ts";
import { type Random, seededRandom } from "../random.ts";

/** Options of {@linkcode exoticParticles}. */
export interface ExoticOptions {
  /** Number of training samples. Default 20,000. */
  readonly train?: number;
  /** Number of validation samples. Default 4,000. */
  readonly validation?: number;
  /** The same seed makes the same samples. Default 0. */
  readonly seed?: number;
}

const LOW = 21;
const HIGH = 7;
const PER_JET = 3;

/**
 * Collisions, half of them signal. The low-level features come in seven groups
 * of three; a high-level feature is the length of a group. In signal, pairs of
 * groups point the same way, which no single feature reveals.
 *
 * @throws {RangeError} If the seed is not a whole number from 0 to 2^53 - 1.
 */
export function exoticParticles(options: ExoticOptions = {}): Dataset {
  const { train = 20_000, validation = 4_000, seed = 0 } = options;
  return {
    name: "exotic",
    train: collisions(train, seededRandom(seed, 0)),
    validation: collisions(validation, seededRandom(seed, 1)),
    classes: 2,
  };
}

function collisions(count: number, random: Random): Samples {
  const width = LOW + HIGH;
  const x = new Float32Array(count * width);
  const y = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    y[i] = i % 2;
    collide(x.subarray(i * width, (i + 1) * width), y[i] === 1, random);
  }
  return { x, xShape: [width], y, count };
}

function collide(row: Float32Array, signal: boolean, random: Random): void {
  for (let i = 0; i < LOW; i++) row[i] = random.normal();
  if (signal) {
    // A decay: the second group of a pair follows the first, blurred.
    for (let jet = 0; jet + 1 < HIGH; jet += 2) {
      for (let k = 0; k < PER_JET; k++) {
        const from = jet * PER_JET + k;
        row[from + PER_JET] = 0.6 * row[from]! + 0.8 * row[from + PER_JET]!;
      }
    }
  }
  for (let jet = 0; jet < HIGH; jet++) {
    const [a, b, c] = row.subarray(jet * PER_JET, (jet + 1) * PER_JET);
    row[LOW + jet] = Math.hypot(a!, b!, c!) * (signal ? 1.05 : 1);
  }
}
