/**
 * What happened in a run, read back from its log.
 *
 * @module
 */
import type { LogRecord } from "../../plugin.ts";
import type { RunEvent } from "../../events.ts";
import { EVENTS_FILE, type LostEvent } from "./event_log.ts";
import { numberFrom } from "./json_text.ts";
import { linesOf } from "./lines_of.ts";

/** Something that happened, and when. */
export type PastEvent = (RunEvent | LostEvent) & {
  /** Milliseconds since the run began. */
  readonly at: number;
};

/**
 * The events of a run, in order.
 *
 * @param dir Folder of the run.
 * @param wanted Which lines are read at all. Default: all.
 * @returns None if there is no log. A line that was torn when the process was
 * killed is left out.
 */
export function eventsIn(
  dir: string,
  wanted: (line: string) => boolean = () => true,
): PastEvent[] {
  const events: PastEvent[] = [];
  for (const line of linesOf(`${dir}/${EVENTS_FILE}`)) {
    const event = wanted(line) ? eventFrom(line) : undefined;
    if (event) events.push(event);
  }
  return events;
}

/** The event of a line; undefined if it is none. */
export function eventFrom(line: string): PastEvent | undefined {
  try {
    const event = JSON.parse(line);
    return typeof event?.kind === "string" ? withNumbers(event) : undefined;
  } catch {
    return undefined;
  }
}

/** Text stands where a number was that JSON does not have. */
function withNumbers(event: PastEvent): PastEvent {
  if (event.kind === "logs") return { ...event, logs: numbersIn(event.logs) };
  if (event.kind !== "act" || event.what?.kind !== "set") return event;
  const { what, was } = event;
  return {
    ...event,
    what: { ...what, value: numberFrom(what.value) ?? what.value },
    ...was !== undefined && { was: numberFrom(was) ?? was },
  };
}

function numbersIn(logs: LogRecord): LogRecord {
  return Object.fromEntries(
    Object.entries(logs).map(([key, it]) => [key, numberFrom(it) ?? it]),
  );
}
