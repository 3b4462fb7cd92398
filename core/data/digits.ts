/**
 * The embedded data set: synthetic handwritten digits, drawn rather than shipped.
 *
 * @module
 */
import type { Dataset, Samples } from "./dataset.ts";
import { type Glyph, GLYPHS } from "./glyphs.ts";
import { type Random, seededRandom } from "../random.ts";
import { shuffled } from "./shuffle.ts";
import { drawSegment, path, type Sheet } from "./strokes.ts";

/** Options of {@linkcode digits}. */
export interface DigitsOptions {
  /** Number of training samples. Default 6,000. */
  readonly train?: number;
  /** Number of validation samples. Default 1,000. */
  readonly validation?: number;
  /** The same seed makes the same samples. Default 0. */
  readonly seed?: number;
}

/** Pixels per side. */
const SIZE = 28;

/**
 * Grey digits, 28x28 numbers from 0 (paper) to 1 (ink), with their classes 0 to
 * 9, equally many of each (give or take one). They are drawn from strokes, with
 * several ways to write each digit, with random shift, scale, rotation, slant,
 * thickness, wobble and noise. Training and validation samples are of the same
 * kind, but drawn from separate random streams.
 *
 * @throws {RangeError} If a count is negative or not a whole number, or the seed is
 * not a whole number from 0 to 2^53 - 1.
 */
export function digits(options: DigitsOptions = {}): Dataset {
  const { train = 6_000, validation = 1_000, seed = 0 } = options;
  return {
    name: "digits",
    train: drawDigits(train, seededRandom(seed, 0)),
    validation: drawDigits(validation, seededRandom(seed, 1)),
    classes: GLYPHS.length,
  };
}

function drawDigits(count: number, random: Random): Samples {
  if (!Number.isInteger(count) || count < 0) {
    throw new RangeError(
      `Cannot draw digits: their number must be a whole number from 0, current value is ${count}`,
    );
  }
  const x = new Float32Array(count * SIZE * SIZE);
  const y = Int32Array.from(shuffled(count, random), (i) => i % GLYPHS.length);
  const sheet = { size: SIZE, distances: new Float32Array(SIZE * SIZE) };
  for (let sample = 0; sample < count; sample++) {
    const image = x.subarray(sample * SIZE * SIZE, (sample + 1) * SIZE * SIZE);
    const ways = GLYPHS[y[sample]!]!;
    drawDigit(sheet, image, ways[random.integer(ways.length)]!, random);
  }
  return { x, xShape: [SIZE, SIZE], y, count };
}

/** Writes a glyph once, as one hand would, on grainy paper. */
function drawDigit(
  sheet: Sheet,
  image: Float32Array,
  glyph: Glyph,
  random: Random,
): void {
  const pen = between(random, 0.6, 1.7);
  const ink = between(random, 0.7, 1);
  const hand = randomHand(random);
  sheet.distances.fill(Infinity);
  for (const stroke of glyph) {
    const points = hand(path(wobbly(stroke, random)));
    for (let i = 2; i < points.length; i += 2) {
      const [x0, y0, x1, y1] = points.slice(i - 2, i + 2);
      drawSegment(sheet, x0!, y0!, x1!, y1!, pen + 0.5);
    }
  }
  for (let i = 0; i < image.length; i++) {
    // A pixel that the edge of the stroke runs through is grey in proportion.
    const cover = clamp(pen + 0.5 - Math.sqrt(sheet.distances[i]!));
    image[i] = clamp(ink * cover + 0.08 * random.normal());
  }
}

/** From the grid of the glyphs to pixels: scaled, slanted, turned and shifted at random. */
function randomHand(random: Random): (points: number[]) => number[] {
  const width = 0.2 * between(random, 0.7, 1.15);
  const height = 0.2 * between(random, 0.8, 1.15);
  const slant = 0.13 * random.normal();
  const angle = 0.1 * random.normal();
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const middle = (SIZE - 1) / 2;
  const right = middle + between(random, -1.6, 1.6);
  const down = middle + between(random, -1.6, 1.6);
  return (points) => {
    for (let i = 0; i < points.length; i += 2) {
      const y = height * (points[i + 1]! - 50);
      const x = width * (points[i]! - 50) - slant * y;
      points[i] = right + cos * x - sin * y;
      points[i + 1] = down + sin * x + cos * y;
    }
    return points;
  };
}

/** The points of a stroke, each slightly displaced. */
function wobbly(stroke: readonly number[], random: Random): number[] {
  return stroke.map((at) => at + 1.9 * random.normal());
}

function between(random: Random, least: number, most: number): number {
  return least + (most - least) * random.next();
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
