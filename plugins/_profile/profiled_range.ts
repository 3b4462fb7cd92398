/**
 * Profiles some batches of a run, whole rounds: from the begin of the first to
 * that of the one after the last.
 *
 * @module
 */
import type { Profile, Profiling, Run } from "../../core/plugin.ts";
import type { BatchRange } from "./batch_range.ts";

/** What was measured, and of which batches. */
export interface ProfiledRange {
  /** What was measured. */
  readonly profile: Profile;
  /** The batches, counted from 1. */
  readonly range: BatchRange;
}

/** Follows a run through a range of batches. What it returns is to be made use of. */
export interface RangeProfiler {
  /** How many batches have begun in this process, as they are counted in the run. */
  readonly batches: number;
  /** A batch begins; it is counted from 1. */
  begins(batch: number, run: Run): ProfiledRange | undefined;
  /** An epoch's batches are over: so is the range, if it ended with them. */
  ends(): ProfiledRange | undefined;
  /** The run is over: so is what was begun. */
  over(): ProfiledRange | undefined;
}

/**
 * Profile a range of batches.
 *
 * @param range Which; a run that goes on has what is left of it.
 */
export function rangeProfiler({ first, last }: BatchRange): RangeProfiler {
  let under: Profiling | undefined;
  let from = 0;
  let at = 0;

  function stop(to: number): ProfiledRange | undefined {
    const profile = under?.stop();
    under = undefined;
    return profile && { profile, range: { first: from, last: to } };
  }

  return {
    get batches() {
      return at;
    },
    begins(batch, run) {
      at = batch;
      if (under) return batch > last ? stop(batch - 1) : undefined;
      if (batch < first || batch > last) return undefined;
      from = batch;
      under = run.profile();
      return undefined;
    },
    ends: () => at === last ? stop(at) : undefined,
    over: () => stop(at),
  };
}
