/**
 * Points in time as people write them: a time of day, or a date with a time.
 *
 * @module
 */
import { OptionError } from "../core/plugin.ts";
import { shown } from "./_shown.ts";

/** Hours, minutes and perhaps seconds. */
const TIME_OF_DAY = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/;

/** A date alone would not say when on that day. */
const DATE_AND_TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/;

/**
 * Reject what is no point in time.
 *
 * @param plugin Name of the plugin.
 * @param until The option `until`.
 * @throws {OptionError} If it is neither a time of day nor a date with a time.
 */
export function checkUntil(plugin: string, until: string): void {
  const text = String(until);
  const date = DATE_AND_TIME.test(text) && !Number.isNaN(Date.parse(text));
  if (TIME_OF_DAY.test(text) || date) return;
  throw new OptionError(
    `Cannot create ${plugin} as 'until' must be a time of day such as "06:30" or a date with a time such as "2030-01-31T06:30": current value is ${
      shown(until)
    }`,
  );
}

/**
 * When that is, in milliseconds since 1970: of a time of day the next one. What
 * names no zone is meant where the program runs.
 *
 * @param until A checked text.
 * @param now Milliseconds since 1970.
 */
export function momentOf(until: string, now: number): number {
  const found = TIME_OF_DAY.exec(until);
  if (!found) return Date.parse(until);
  const [hours, minutes, seconds] = found.slice(1).map((it) => Number(it ?? 0));
  const moment = new Date(now);
  moment.setHours(hours!, minutes!, seconds!, 0);
  // By the calendar, as not every day has 24 hours.
  if (moment.getTime() <= now) moment.setDate(moment.getDate() + 1);
  return moment.getTime();
}
