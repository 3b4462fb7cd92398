/**
 * The named learning-rate schedules, for the command line. None keeps any
 * state, so a resumed run continues as before.
 *
 * @module
 */
import { OptionError } from "../core/plugin.ts";

/**
 * A learning rate from the index of the epoch or batch (from 0), the current
 * rate, and how many epochs or batches there are.
 */
export type Schedule = (
  index: number,
  learningRate: number,
  length: number,
) => number;

/** Settings of the named schedules; each schedule reads only its own. */
export interface ScheduleSettings {
  /** Epochs over which the rate rises to where it was, before the schedule begins. */
  readonly warmup: number;
  /** Table of epoch:rate pairs. */
  readonly steps: string;
  /** Rate of the exponential decay. */
  readonly rate: number;
  /** First epoch of the decay. */
  readonly startEpoch: number;
  /** Amount added to the rate in each warm-up epoch. */
  readonly increase: number;
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
  cosine: ({ warmup, minLr }) => (epoch, lr, length) =>
    cosine(epoch, lr, Math.max(1, length - warmup), minLr),
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
 * A schedule after a warm-up, in which the rate rises in equal steps to what it
 * was: Goyal et al., "Accurate, large minibatch SGD" (2017). Each rate follows
 * from the last one, so no state is kept.
 *
 * @param schedule What comes then; its index starts from 0.
 * @param warmup Length of the warm-up; 0 for none.
 */
export function warmedUp(schedule: Schedule, warmup: number): Schedule {
  if (warmup === 0) return schedule;
  return (index, lr, length) => {
    if (index >= warmup) return schedule(index - warmup, lr, length);
    return index === 0 ? lr / warmup : lr * (index + 1) / index;
  };
}

/**
 * The next rate of half a cosine, from the last one: the recursive form of
 * Loshchilov and Hutter, "SGDR: Stochastic gradient descent with warm restarts"
 * (2017), without restarts. As in Keras' CosineDecay, the end is reached behind
 * the last epoch, which so still trains.
 */
function cosine(
  index: number,
  lr: number,
  length: number,
  minLr: number,
): number {
  if (index === 0) return lr;
  // (1 + cos(pi t)) / 2, without the loss of digits near its end.
  const height = (at: number) =>
    at >= length ? 0 : Math.cos(Math.PI * at / length / 2) ** 2;
  const before = height(index - 1);
  return before === 0 ? minLr : minLr + (lr - minLr) * height(index) / before;
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
