/**
 * The learning-rate schedules that have a name, for the command line.
 *
 * @module
 */

/** A learning rate from the epoch (from 0) and the rate so far. */
export type Schedule = (epoch: number, learningRate: number) => number;

/** Settings of the named schedules; which of them a schedule reads is said there. */
export interface ScheduleSettings {
  /** Table of epoch:rate pairs. */
  readonly steps: string;
  /** Rate of exponential decay. */
  readonly rate: number;
  /** First epoch of the decay. */
  readonly startEpoch: number;
  /** Added to the rate in each epoch of the warm-up. */
  readonly increase: number;
  /** Epochs over which a cosine falls. */
  readonly epochs: number;
  /** Where a cosine ends. */
  readonly minLr: number;
}

/** Makes a schedule from its settings. */
export type Make = (settings: ScheduleSettings) => Schedule;

/** By name. */
export const SCHEDULES: Readonly<Record<string, Make>> = {
  step: ({ steps }) => {
    const table = stepTable(steps);
    return (epoch, lr) => table.findLast(([from]) => epoch >= from)?.[1] ?? lr;
  },
  exponential: ({ rate, startEpoch }) => (epoch, lr) =>
    epoch < startEpoch ? lr : lr * Math.exp(-rate),
  warmup: ({ rate, startEpoch, increase }) => (epoch, lr) =>
    epoch < startEpoch ? lr + increase : lr * Math.exp(-rate),
  cosine: ({ epochs, minLr }) => {
    let first: number | undefined;
    return (epoch, lr) => {
      first ??= lr;
      const part = Math.min(1, epoch / Math.max(1, epochs - 1));
      return minLr + (first - minLr) * (1 + Math.cos(Math.PI * part)) / 2;
    };
  },
};

/** `"0:0.1 5:0.01"` as pairs, by epoch. */
function stepTable(text: string): [epoch: number, rate: number][] {
  const pairs = text.trim().split(/[\s;,]+/).map((pair) =>
    pair.split(":").map(Number) as [number, number]
  );
  const good = pairs.length > 0 &&
    pairs.every(([epoch, rate], i) =>
      Number.isInteger(epoch) && epoch >= 0 && rate >= 0 &&
      (i === 0 || epoch > pairs[i - 1]![0])
    );
  if (good) return pairs;
  throw new RangeError(
    `Cannot create learning-rate-scheduler as 'steps' must be pairs EPOCH:RATE with rising epochs, such as "0:0.1 5:0.01": current value is "${text}"`,
  );
}
