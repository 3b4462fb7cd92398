/**
 * A moving average.
 *
 * @module
 */
import type { Value } from "./given.ts";

/**
 * The exponential moving average of the values up to each, without a bias
 * towards 0 at the start (as TensorBoard smooths; the correction is Adam's,
 * Kingma and Ba, 2015). What is no number, and no value at all, stays as it is.
 *
 * @param weight Weight of the past, from 0 to below 1.
 */
export function smoothed(values: readonly Value[], weight: number): Value[] {
  let [average, past] = [0, 1];
  return values.map((value) => {
    if (value === undefined || !Number.isFinite(value)) return value;
    average = average * weight + value * (1 - weight);
    past *= weight;
    return average / (1 - past);
  });
}
