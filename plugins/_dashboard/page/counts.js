// @ts-check
/**
 * Steps counted in epochs, and epochs in steps.
 *
 * @module
 */

/** @import { EpochMessage } from "./protocol.ts" */

/**
 * From the one to the other: by the epochs that are over, and beyond them by
 * their length.
 *
 * @param {number} at
 * @param {"step" | "epoch"} from
 * @param {"step" | "epoch"} to
 * @param {readonly EpochMessage[]} epochs
 * @param {{ perEpoch: number, firstEpoch: number }} run Steps of an epoch, 0 if not known, and the first epoch's index.
 * @returns {number}
 */
export function counted(at, from, to, epochs, { perEpoch, firstEpoch }) {
  const last = epochs.length - 1;
  const length = perEpoch || lengthOf(epochs);
  const end = (/** @type {number} */ i) => {
    const it = epochs[i];
    if (it) return { step: it.step, epoch: it.epoch + 1 };
    const first = epochs[0];
    return {
      step: Math.max(0, (first?.step ?? 0) - length),
      epoch: first?.epoch ?? firstEpoch,
    };
  };
  let low = -1;
  let high = last;
  if (last >= 0 && at <= end(last)[from]) {
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (end(middle)[from] < at) low = middle;
      else high = middle;
    }
  } else low = high;
  const start = end(low);
  const next = low < high
    ? end(high)
    : { step: start.step + length, epoch: start.epoch + 1 };
  const share = (at - start[from]) / (next[from] - start[from] || 1);
  return start[to] + share * (next[to] - start[to]);
}

/** Steps of an epoch where the run does not say: those of the last. @param {readonly EpochMessage[]} epochs */
function lengthOf(epochs) {
  const [last, before] = [epochs.at(-1), epochs.at(-2)];
  return (last?.step ?? 1) - (before?.step ?? 0) || 1;
}
