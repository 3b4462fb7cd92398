// @ts-check
/**
 * The curves over batches as the page holds them: never more points than the
 * server keeps, which says when pairs of them become one.
 *
 * @module
 */

/** @import { PointsMessage } from "./protocol.ts" */

/**
 * @typedef {object} Points
 * @property {number[]} step The last batch of each point, counted from 1.
 * @property {Map<string, (number | null)[]>} values Log key -> a value per point; null where there is none.
 * @property {Map<string, { step: number, value: string }>} odd Log key -> its last NaN or infinity.
 * @property {number} thinned How often pairs became one.
 */

/** @returns {Points} */
export function noPoints() {
  return { step: [], values: new Map(), odd: new Map(), thinned: 0 };
}

/**
 * Appends points.
 *
 * @param {Points} points
 * @param {PointsMessage} message
 */
export function addPoints(points, { step, values, nonFinite = {} }) {
  for (const key of Object.keys(values)) {
    if (!points.values.has(key)) {
      points.values.set(key, points.step.map(() => null));
    }
  }
  for (const at of step) points.step.push(at);
  for (const [key, known] of points.values) {
    const added = values[key];
    for (let i = 0; i < step.length; i++) known.push(added?.[i] ?? null);
  }
  for (const [key, found] of Object.entries(nonFinite)) {
    const [index, value] = found[found.length - 1] ?? [0, ""];
    points.odd.set(key, { step: step[index] ?? 0, value });
  }
}

/**
 * Pairs become one: the step of the second, the mean of the values there are.
 * One that is left over stays.
 *
 * @param {Points} points
 */
export function thinPoints(points) {
  const { step, values } = points;
  const count = Math.ceil(step.length / 2);
  for (let i = 0; i < count; i++) {
    step[i] = step[2 * i + 1] ?? /** @type {number} */ (step[2 * i]);
  }
  for (const known of values.values()) {
    for (let i = 0; i < count; i++) {
      const first = known[2 * i] ?? null;
      const second = known[2 * i + 1] ?? null;
      known[i] = first === null
        ? second
        : second === null
        ? first
        : (first + second) / 2;
    }
    known.length = count;
  }
  step.length = count;
  points.thinned++;
}

/**
 * A curve made smooth: an exponential mean over about `share` of the points
 * there are, corrected for its beginning. It is continued rather than made
 * anew, until there are a fifth more points.
 *
 * @param {number} share
 */
export function smoother(share) {
  /** @type {(number | null)[]} */
  const smooth = [];
  let keep = 0;
  let mean = 0;
  let weight = 0;
  let madeFor = 0;
  let thinned = 0;
  return {
    /**
     * @param {readonly (number | null)[]} raw
     * @param {number} times How often the points were thinned.
     * @returns {(number | null)[]} As many values; the same list each time.
     */
    of(raw, times) {
      if (raw.length > 1.2 * madeFor || times !== thinned) {
        thinned = times;
        madeFor = raw.length;
        keep = 1 - 1 / Math.max(1, share * raw.length);
        smooth.length = mean = weight = 0;
      }
      for (let i = smooth.length; i < raw.length; i++) {
        const value = raw[i] ?? null;
        if (value !== null) {
          mean = keep * mean + (1 - keep) * value;
          weight = keep * weight + (1 - keep);
        }
        smooth.push(value === null ? null : mean / weight);
      }
      return smooth;
    },
  };
}

/**
 * A curve in words: where it is, its best value, where it tends.
 *
 * @param {readonly (number | null)[]} values
 * @param {(value: number) => string} format
 * @param {"min" | "max"} direction
 * @param {(index: number) => string} where
 * @returns {string}
 */
export function inWords(values, format, direction, where) {
  let last = -1;
  let best = -1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined) continue;
    last = i;
    const least = /** @type {number} */ (values[best] ?? value);
    if (best < 0 || (direction === "min" ? value < least : value > least)) {
      best = i;
    }
  }
  if (last < 0) return "no values yet";
  const name = direction === "min" ? "lowest" : "highest";
  return `now ${format(/** @type {number} */ (values[last]))}, ${name} ${
    format(/** @type {number} */ (values[best]))
  }${where(best)}${trend(values)}`;
}

/**
 * The last tenth of a curve against the one before.
 *
 * @param {readonly (number | null)[]} values
 */
function trend(values) {
  const tenth = Math.ceil(values.length / 10);
  const now = meanOf(values.slice(-tenth));
  const before = meanOf(values.slice(-2 * tenth, -tenth));
  if (values.length < 4 || now === undefined || before === undefined) return "";
  const change = (now - before) / (Math.abs(before) || 1);
  if (Math.abs(change) < 0.005) return ", level";
  return change > 0 ? ", rising" : ", falling";
}

/** @param {readonly (number | null)[]} values */
function meanOf(values) {
  const there = values.filter((value) => value !== null);
  if (there.length === 0) return undefined;
  return there.reduce((sum, value) => sum + value, 0) / there.length;
}
