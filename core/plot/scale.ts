/**
 * The range of an axis and its ticks.
 *
 * @module
 */

/** An axis: from where to where, linear or logarithmic, with ticks. */
export interface Axis {
  readonly domain: readonly [low: number, high: number];
  readonly log: boolean;
  readonly ticks: readonly number[];
}

/** Room above and below the values, as a part of their range. */
const ROOM = 0.05;

/** The ends of a logarithmic axis stay above this: below, numbers lose their digits. */
const LEAST = 1e-307;

/**
 * An axis on which finite values fit; on a logarithmic one those above 0.
 *
 * @param values What it must hold. None is well.
 * @param log Whether a logarithmic one is wanted.
 * @param count About how many ticks.
 */
export function axisOf(
  values: readonly number[],
  log: boolean,
  count: number,
): Axis {
  if (values.length === 0) return { domain: [0, 1], log: false, ticks: [] };
  const [low, high] = extent(values);
  if (isConstant(low, high)) return constantAxis(low, high, log);
  if (!log) {
    const room = (high - low) * ROOM;
    const domain = [low - room, high + room] as const;
    return { domain, log, ticks: linearTicks(domain, count) };
  }
  const room = 10 ** ((Math.log10(high) - Math.log10(low)) * ROOM);
  const domain = [
    Math.max(low / room, LEAST),
    Math.min(high * room, 1 / LEAST),
  ] as const;
  const ticks = logTicks(domain, count);
  return {
    domain,
    log,
    ticks: ticks.length > 1 ? ticks : linearTicks(domain, count),
  };
}

/** The lowest and the highest value: of too many to be arguments of `Math.min`. */
export function extent(
  values: Iterable<number>,
): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Nearer to each other than what is computed in 32 bits can be. */
function isConstant(low: number, high: number): boolean {
  return high - low <= 1e-9 * Math.max(Math.abs(low), Math.abs(high));
}

/** The value in the middle, with one tick. */
function constantAxis(low: number, high: number, log: boolean): Axis {
  const value = Number(low.toPrecision(6));
  const room = Math.max(Math.abs(low) / 2, high - low) || 1;
  const domain = log
    ? [low / 2, high * 2] as const
    : [low - room, high + room] as const;
  return { domain, log, ticks: [value] };
}

/**
 * Ticks at multiples of 1, 2 or 5 times a power of ten.
 *
 * @param count About how many.
 */
export function linearTicks(
  [low, high]: readonly [number, number],
  count: number,
): number[] {
  const { step, first, last } = steps(low, high, count);
  const ticks = [];
  for (let i = first; i <= last; i++) ticks.push(step(i));
  return ticks;
}

/** A multiple of the step, without the error of a sum: 3 steps of 0.1 are 0.3. */
function steps(low: number, high: number, count: number) {
  const rough = (high - low) / Math.max(1, count);
  const power = Math.floor(Math.log10(rough));
  const unit = 10 ** power;
  const times = [1, 2, 5, 10].find((it) => it * unit >= rough * 0.999) ?? 10;
  const inverse = 10 ** -power;
  const step = power < 0 && Number.isFinite(inverse)
    ? (i: number) => i * times / inverse
    : (i: number) => i * times * unit;
  const width = step(1);
  return {
    step,
    first: Math.ceil(low / width - 1e-9),
    last: Math.floor(high / width + 1e-9),
  };
}

/** Powers of ten; with 3, or 2 and 5, times them where there are few. */
function logTicks(
  [low, high]: readonly [number, number],
  count: number,
): number[] {
  const [from, to] = [Math.log10(low), Math.log10(high)];
  const every = Math.max(1, Math.ceil((to - from) / Math.max(2, count)));
  const times = to - from < 1.5
    ? [1, 2, 5]
    : 2 * (to - from) < count
    ? [1, 3]
    : [1];
  const ticks = [];
  for (let power = Math.floor(from); power <= to; power++) {
    if (power % every !== 0) continue;
    ticks.push(...times.map((it) => Number(`${it}e${power}`)));
  }
  return ticks.filter((tick) => tick >= low && tick <= high);
}

/**
 * Ticks at epochs: whole numbers, the first epoch among them.
 *
 * @param most How many fit beside each other.
 */
export function epochTicks(
  first: number,
  last: number,
  most: number,
): number[] {
  const span = last - first;
  if (span === 0) return [first];
  const step = wholeStep(span / Math.max(1, most - 1));
  if (step === 1) return Array.from({ length: span + 1 }, (_, i) => first + i);
  const from = Math.ceil(first / step) * step;
  const ticks = [];
  for (let tick = from; tick <= last; tick += step) ticks.push(tick);
  // The first epoch is shown where it does not crowd the next tick.
  return ticks[0] === first || (ticks[0] ?? Infinity) - first < 0.7 * step
    ? ticks
    : [first, ...ticks];
}

function wholeStep(least: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, least))));
  return [1, 2, 5, 10].map((it) => it * unit).find((it) => it >= least) ??
    unit * 10;
}
