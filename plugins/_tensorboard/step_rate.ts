/**
 * How many steps a second, in a batch and over an epoch.
 *
 * @module
 */

/** Where an epoch began: plain data, with a clock that another process has not. */
export interface EpochSoFar {
  /** Steps before it. */
  readonly steps: number;
  /** Milliseconds that it has lasted. */
  readonly lasted: number;
}

/** Measures. */
export interface StepRate {
  /** A batch begins. */
  beginBatch(): void;
  /** Steps a second, of the batch. */
  ofBatch(): number;
  /** An epoch begins, after so many steps. */
  beginEpoch(steps: number): void;
  /** Steps a second since it began, of which there are so many by now. */
  ofEpoch(steps: number): number;
  /** The epoch so far. */
  save(): EpochSoFar;
  /** Go on with that. */
  load(epoch: EpochSoFar): void;
}

/**
 * A measure that has not begun.
 *
 * @param now The clock, in milliseconds.
 */
export function stepRate(now: () => number): StepRate {
  let batch = now();
  let epoch = { steps: 0, began: batch };
  return {
    beginBatch: () => void (batch = now()),
    ofBatch: () => perSecond(1, now() - batch),
    beginEpoch: (steps) => void (epoch = { steps, began: now() }),
    ofEpoch: (steps) => perSecond(steps - epoch.steps, now() - epoch.began),
    save: () => ({ steps: epoch.steps, lasted: now() - epoch.began }),
    load: ({ steps, lasted }) =>
      void (epoch = { steps, began: now() - lasted }),
  };
}

/** No span is shorter than what a clock can tell. */
function perSecond(steps: number, milliseconds: number): number {
  return 1000 * steps / Math.max(milliseconds, 0.001);
}
