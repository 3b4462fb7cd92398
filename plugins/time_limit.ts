/**
 * Stops in time for a job's end, so that the run can be resumed in the next job.
 *
 * @example A batch that would not fit any more
 * ```ts
 * import timeLimit from "@hookloop/hookloop/plugins/time-limit";
 * import { fakeRun } from "@hookloop/hookloop/testing";
 *
 * const plugin = timeLimit({ minutes: 1, margin: 10 });
 * const { clock, fire, stops } = fakeRun(plugin);
 * await fire("onTrainBegin");
 * clock.now += 26_000;
 * await fire("onTrainBatchEnd", 0, { loss: 1 });
 * console.log(stops.join());
 * // the time limit of 1 minute leaves 34s: another batch and what follows may take 36s
 * ```
 *
 * @module
 */
import { OptionError, type Plugin, type Run } from "../core/plugin.ts";
import { duration } from "./_progress_text.ts";
import { checkNumber } from "./_ranges.ts";
import { checkUntil, momentOf } from "./_until.ts";

/** Options of {@linkcode timeLimit}: at least one of the first three. */
export interface TimeLimitOptions {
  /** Hours from the beginning of training in this process. Default: none. */
  readonly hours?: number | undefined;
  /** Minutes from there, which are added to the hours. Default: none. */
  readonly minutes?: number | undefined;
  /** A time of day such as `"06:30"`, the next one, or a date with a time such as `"2030-01-31T06:30"`. Default: none. */
  readonly until?: string | undefined;
  /** Seconds that are left free before the limit, for what cannot be foreseen: the end hooks and the last files. Default 10. */
  readonly margin?: number;
  /** Its name in this run, which must be another where it runs twice. Default `"time-limit"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults:
  & Required<Omit<TimeLimitOptions, "hours" | "minutes" | "until">>
  & Pick<TimeLimitOptions, "hours" | "minutes" | "until"> = {
    hours: undefined,
    minutes: undefined,
    until: undefined,
    margin: 10,
    name: "time-limit",
  };

/** One line of help per option. */
export const help: Readonly<Record<keyof TimeLimitOptions, string>> = {
  hours: "hours from the beginning of training in this process",
  minutes: "minutes from there, which are added to the hours",
  until: "a time of day such as 06:30, or a date with a time",
  margin: "seconds that are left free before the limit",
  name: "its name in this run, another where it runs twice",
};

/**
 * Stop before a batch that would not fit any more, with the validation and the
 * end of the epoch that follow it. How long these take is learnt as the run
 * goes: the longest batch of late, and the longest end of an epoch. Before the
 * first end of an epoch, a batch of validation counts as the shortest one of
 * training.
 *
 * The limit is this process's: the run is backed up before it stops, nothing of
 * the limit is in the backup, and a run that goes on counts afresh, or with
 * another limit.
 *
 * @param options The limit; where there are two, the earlier one counts.
 * @throws {OptionError} If no limit is given, `hours` or `minutes` is not a
 * finite number above 0, `margin` one of at least 0, or `until` no time; in
 * `onTrainBegin`, if `until` is past.
 */
export default function timeLimit(options: TimeLimitOptions = {}): Plugin {
  const { margin, name, ...limits } = { ...defaults, ...options };
  checkLimits(limits);
  checkNumber(defaults.name, "margin", margin, (v) => v >= 0, ">= 0");
  let limit = NONE;
  /** When the last batch was over, or the epoch began. */
  let last = 0;
  let longestBatch = 0;
  let shortestBatch: number | undefined;
  let longestEnd: number | undefined;

  function stopIfLate(now: number, run: Run): void {
    const afterwards = longestEnd ??
      (shortestBatch ?? 0) * (run.params.validationSteps ?? 0);
    const needed = longestBatch + afterwards + margin * 1000;
    const left = limit.at - now;
    if (left >= needed) return;
    const how = left > 0
      ? `leaves ${duration(left)}: another batch and what follows may take ${
        duration(needed)
      }`
      : "is reached";
    run.stop(`the time limit ${limit.text} ${how}`, { resumable: true });
    limit = NONE;
  }

  return {
    name,
    order: "post", // Behind the others, whose work counts.
    needs: {},
    requires: ["backup"],
    onTrainBegin(_logs, run) {
      last = run.now();
      longestBatch = 0;
      shortestBatch = longestEnd = undefined;
      limit = limitOf(limits, last, run.time());
    },
    onEpochBegin(_epoch, _logs, run) {
      last = run.now();
    },
    onTrainBatchEnd(batch, _logs, run) {
      const now = run.now();
      const took = now - last;
      last = now;
      // The very first takes longer than any after it.
      if (longestBatch > 0) {
        shortestBatch = Math.min(took, shortestBatch ?? took);
      }
      longestBatch = Math.max(took, longestBatch * 0.9);
      // What follows the last batch of an epoch is to come anyway.
      if (batch + 1 !== run.params.steps) stopIfLate(now, run);
    },
    onEpochEnd(epoch, _logs, run) {
      const now = run.now();
      longestEnd = Math.max(now - last, longestEnd ?? 0);
      if (epoch + 1 < run.params.epochs) stopIfLate(now, run);
    },
  };
}

type Limits = Pick<TimeLimitOptions, "hours" | "minutes" | "until">;

/** A limit: when, on the run's clock, and how to call it. */
interface Limit {
  readonly at: number;
  readonly text: string;
}

/** Before a run, and once it was asked to stop. */
const NONE: Limit = { at: Infinity, text: "" };

function checkLimits({ hours, minutes, until }: Limits): void {
  if ((hours ?? minutes ?? until) === undefined) {
    throw new OptionError(
      `Cannot create ${defaults.name} without a limit: give 'hours', 'minutes' or 'until', such as hours=2`,
    );
  }
  for (const [option, value] of Object.entries({ hours, minutes })) {
    if (value === undefined) continue;
    checkNumber(defaults.name, option, value, (v) => v > 0, "> 0");
  }
  if (until !== undefined) checkUntil(defaults.name, until);
}

/** The earliest limit, for a run that begins now. */
function limitOf(
  { hours, minutes, until }: Limits,
  now: number,
  time: number,
): Limit {
  const span: Limit = {
    at: now + (hours ?? 0) * 3_600_000 + (minutes ?? 0) * 60_000,
    text: `of ${
      [counted(hours, "hour"), counted(minutes, "minute")].flat().join(" ")
    }`,
  };
  if (until === undefined) return span;
  const left = momentOf(until, time) - time;
  if (left <= 0) {
    throw new OptionError(`'until' is past: ${until}; give a later one`);
  }
  const moment: Limit = { at: now + left, text: `at ${until}` };
  const spanned = (hours ?? minutes) !== undefined;
  return spanned && span.at < moment.at ? span : moment;
}

function counted(count: number | undefined, unit: string): string[] {
  if (count === undefined) return [];
  return [count === 1 ? `1 ${unit}` : `${count} ${unit}s`];
}
