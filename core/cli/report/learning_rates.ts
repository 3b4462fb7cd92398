/**
 * The learning rate that plugins gave each epoch, as the log of a run tells:
 * those that put it into the logs are not the only ones that set it.
 *
 * @module
 */
import type { PastEvent } from "./past_events.ts";

/** Gather learning rates. */
export function learningRates(): {
  /** Take the next event. */
  take(event: PastEvent): void;
  /** With which one each of some epochs ended its batches; undefined if it never changed. */
  of(epochs: readonly number[]): readonly number[] | undefined;
} {
  let first: number | undefined;
  const set = new Map<number, number>();
  return {
    take(event) {
      if (event.kind !== "act" || event.what?.kind !== "set") return;
      if (event.shadow) return;
      const { what: { setting, value }, was, epoch = 0, hook } = event;
      if (setting !== "learningRate" || typeof value !== "number") return;
      first ??= was;
      set.set(hook === "onEpochEnd" ? epoch + 1 : epoch, value);
    },
    of(epochs) {
      const changes = [...set].sort(([a], [b]) => a - b);
      let [rate, next] = [first ?? NaN, 0];
      const rates = epochs.map((epoch) => {
        for (; next < changes.length && changes[next]![0] <= epoch; next++) {
          rate = changes[next]![1];
        }
        return rate;
      });
      return rates.some((it) => !Object.is(it, rates[0])) ? rates : undefined;
    },
  };
}
