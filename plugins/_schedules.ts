/**
 * The named learning-rate schedules, for the command line. None keeps any
 * state, so a resumed run continues as before.
 *
 * @module
 */
import { OptionError } from "../core/plugin.ts";

/** A learning rate from the epoch (from 0), the current rate and the epochs of the run. */
export type Schedule = (
  epoch: number,
  learningRate: number,
  epochs: number,
) => number;

/** Settings of the named schedules; each schedule reads only its own. */
export interface ScheduleSettings {
  /** Table of epoch:rate pairs. */
  readonly steps: string;
  /** Rate of the exponential decay. */
  readonly rate: number;
  /** First epoch of the decay. */
  readonly startEpoch: number;
  /** Amount added to the rate in each warm-up epoch. */
  readonly increase: number;
  /** Epochs over which a cosine falls; 0 for all epochs of the run. */
  readonly epochs: number;
  /** Where a cosine ends. */
  readonly minLr: number;
}

const SCHEDULES: Readonly<
  Record<string, (settings: ScheduleSettings) => Schedule>
> = {
  step: ({ steps }) => {
    const table = stepTable(steps);
    return (epoch, lr) => table.findLast(([from]) => epoch >= from)?.[1] ?? lr;
  },
  exponential: ({ rate, startEpoch }) => (epoch, lr) =>
    epoch < startEpoch ? lr : lr * Math.exp(-rate),
  warmup: ({ rate, startEpoch, increase }) => (epoch, lr) =>
    epoch < startEpoch ? lr + increase : lr * Math.exp(-rate),
  cosine: (settings) => (epoch, lr, epochs) =>
    cosine(epoch, lr, settings.epochs || epochs, settings.minLr),
};

/**
 * The schedule with a given name.
 *
 * @param name One of the four.
 * @param settings Its settings.
 * @throws {OptionError} If there is no such schedule, or it cannot read its
 * settings.
 */
export function namedSchedule(
  name: string,
  settings: ScheduleSettings,
): Schedule {
  if (Object.hasOwn(SCHEDULES, name)) return SCHEDULES[name]!(settings);
  throw new OptionError(
    `Cannot create learning-rate-scheduler as 'schedule' must be a function or one of ${
      Object.keys(SCHEDULES).join(", ")
    }: current value is ${JSON.stringify(name)}`,
  );
}

/**
 * The next rate of half a cosine, from the last one: the recursive form of
 * Loshchilov and Hutter, "SGDR: Stochastic gradient descent with warm restarts"
 * (2017), without restarts.
 */
function cosine(
  epoch: number,
  lr: number,
  epochs: number,
  minLr: number,
): number {
  if (epoch === 0) return lr;
  const last = Math.max(1, epochs - 1);
  const height = (at: number) => 1 + Math.cos(Math.PI * Math.min(1, at / last));
  const before = height(epoch - 1);
  return before === 0 ? minLr : minLr + (lr - minLr) * height(epoch) / before;
}

/** `"0:0.1 5:0.01"` as pairs, by epoch. */
function stepTable(text: string): [epoch: number, rate: number][] {
  const pairs = text.trim().split(/[\s;,]+/).map((pair): [number, number] => {
    const [, epoch, rate] = /^(\d+):([-+.e\d]+)$/i.exec(pair) ?? [];
    return [Number(epoch), Number(rate)];
  });
  const good = pairs.every(([epoch, rate], i) =>
    rate >= 0 && rate < Infinity && (i === 0 || epoch > pairs[i - 1]![0])
  );
  if (good) return pairs;
  throw new OptionError(
    `Cannot create learning-rate-scheduler as 'steps' must be pairs EPOCH:RATE with rising epochs, such as "0:0.1 5:0.01": current value is "${text}"`,
  );
}
