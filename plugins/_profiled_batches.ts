/**
 * A range of batches that is measured while a run goes on.
 *
 * @module
 */
import type { Profile, Profiling, Run } from "../core/plugin.ts";
import type { BatchRange } from "./_batch_range.ts";

/** Batches to be measured. */
export interface ProfiledBatches {
  /** A training batch begins: where it is the first, so does the measuring. */
  begins(run: Run): void;
  /** An epoch ends, and perhaps the range with it. */
  epochEnds(run: Run): void;
  /** The run ends, and the range in any case. */
  ends(run: Run): void;
}

/**
 * Batches to be measured, from the begin of the first to that of the one after
 * the last, so that the hooks behind a batch count too. A run that goes on
 * measures what is left of them.
 *
 * @param range The batches, counted from 1 over all epochs.
 * @param report Is given what was measured.
 */
export function profiledBatches(
  { first, last }: BatchRange,
  report: (profile: Profile, run: Run) => void,
): ProfiledBatches {
  let under: Profiling | undefined;

  function ends(run: Run): void {
    const measured = under?.stop();
    under = undefined;
    if (measured) report(measured, run);
  }

  return {
    begins(run) {
      const batch = run.step + 1;
      if (under && batch > last) ends(run);
      else if (!under && first <= batch && batch <= last) under = run.profile();
    },
    epochEnds(run) {
      if (run.step >= last) ends(run);
    },
    ends,
  };
}
