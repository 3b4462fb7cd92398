/**
 * The arithmetic of a learning-rate range test: the rates to try, the smoothed
 * loss, and the rate to suggest.
 *
 * @module
 */

/** One batch of the test. */
export interface Point {
  /** The rate it was trained with. */
  readonly learningRate: number;
  /** Its own loss. */
  readonly loss: number;
  /** The smoothed loss so far. */
  readonly smoothed: number;
}

/** The rates to try. */
export interface Sweep {
  /** The first. */
  readonly startLr: number;
  /** The last. */
  readonly endLr: number;
  /** How many. */
  readonly steps: number;
  /** Whether each is a multiple of the one before, or a fixed amount more. */
  readonly schedule: "exponential" | "linear";
}

/** How to choose the suggested rate. */
export type SuggestBy = "steepest" | "valley";

/** The rate of batch `index`, from 0. */
export function rateAt(
  index: number,
  { startLr, endLr, steps, schedule }: Sweep,
): number {
  const part = index / (steps - 1);
  return schedule === "linear"
    ? startLr + (endLr - startLr) * part
    : startLr * (endLr / startLr) ** part;
}

/**
 * The loss with the next batch included: an exponential moving average with
 * bias correction at the start, as in fastai's recorder.
 */
export function smooth(
  points: readonly Point[],
  loss: number,
  beta: number,
): number {
  const count = points.length;
  const mean = count && points[count - 1]!.smoothed * (1 - beta ** count);
  return (beta * mean + (1 - beta) * loss) / (1 - beta ** (count + 1));
}

/**
 * The point whose rate to suggest: from where the loss falls, so never from the
 * end, where it rises again. The first tenth is left out, as in fastai: the
 * mean has too few batches there.
 *
 * @returns Undefined if the loss does not fall.
 */
export function suggest(
  points: readonly Point[],
  by: SuggestBy,
): Point | undefined {
  const settled = points.slice(Math.floor(points.length / 10))
    .filter(({ smoothed }) => Number.isFinite(smoothed));
  const falling = settled.slice(0, lowestIndex(settled) + 1);
  if (!falls(falling)) return undefined;
  return falling[by === "valley" ? valley(falling) : steepest(falling)];
}

/** A rounding difference is not a fall. */
function falls(points: readonly Point[]): boolean {
  if (points.length < 2) return false;
  const [first, last] = [points[0]!.smoothed, points.at(-1)!.smoothed];
  return first - last > 1e-9 * Math.abs(first);
}

function lowestIndex(points: readonly Point[]): number {
  return points.reduce(
    (best, { smoothed }, i) => smoothed < points[best]!.smoothed ? i : best,
    0,
  );
}

/** Where the loss falls most steeply over the logarithm of the rate. */
function steepest(points: readonly Point[]): number {
  let best = 0;
  let least = Infinity;
  for (let i = 0; i + 1 < points.length; i++) {
    const [from, to] = [points[i]!, points[i + 1]!];
    const slope = (to.smoothed - from.smoothed) /
      Math.log(to.learningRate / from.learningRate);
    if (slope < least) [best, least] = [i, slope];
  }
  return best;
}

/** The middle of the longest valley, the longest falling subsequence: fastai's `valley`. */
function valley(points: readonly Point[]): number {
  const lengths = points.map(() => 1);
  let end = 0;
  for (const [i, { smoothed }] of points.entries()) {
    for (let j = 0; j < i; j++) {
      if (smoothed < points[j]!.smoothed) {
        lengths[i] = Math.max(lengths[i]!, lengths[j]! + 1);
      }
    }
    if (lengths[i]! > lengths[end]!) end = i;
  }
  const third = lengths[end]! / 3;
  const start = end - lengths[end]!;
  return Math.max(0, start + Math.floor(third) + Math.floor(third / 2));
}
