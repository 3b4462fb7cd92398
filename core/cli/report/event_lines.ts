/**
 * What happened in a run besides its logs, as text: a line each.
 *
 * @module
 */
import { eventWords } from "../../event_words.ts";
import type { EventPlace } from "../../events.ts";
import type { PastEvent } from "./past_events.ts";

/** Whether a line of a log is worth a look at all: most are logs. */
export function isNews(line: string): boolean {
  return !/^\{"at":\d+,"kind":"logs"/.test(line);
}

/**
 * An event in a line: when, who, what.
 *
 * @returns Undefined for what says little, such as a copy of the weights.
 */
export function eventLine(event: PastEvent): string | undefined {
  if (event.kind === "lost") {
    return `${event.lost} events are lost: there was no room for them`;
  }
  const words = eventWords(event);
  return words && whenOf(event) + words;
}

function whenOf({ epoch, batch }: Partial<EventPlace>): string {
  if (epoch === undefined) return "";
  const at = batch === undefined ? "" : `, batch ${batch + 1}`;
  return `epoch ${epoch + 1}${at}: `;
}
