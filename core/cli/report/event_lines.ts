/**
 * What happened in a run besides its logs, as text: a line each.
 *
 * @module
 */
import type { ActEvent, EventPlace } from "../../events.ts";
import type { PastEvent } from "./past_events.ts";
import { short } from "./summary.ts";

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
  switch (event.kind) {
    case "act": {
      const done = actText(event);
      const would = event.shadow ? "would have " : "";
      return done && `${whenOf(event)}${event.by} ${would}${done}`;
    }
    case "off":
      return `${whenOf(event)}${event.by} was switched off: ${event.reason}`;
    case "warning": {
      const by = event.by === undefined ? "" : `${event.by}: `;
      return `${whenOf(event)}${by}${event.text}`;
    }
    case "lost":
      return `${event.lost} events are lost: there was no room for them`;
    default:
      return undefined;
  }
}

function whenOf({ epoch, batch }: Partial<EventPlace>): string {
  if (epoch === undefined) return "";
  const at = batch === undefined ? "" : `, batch ${batch + 1}`;
  return `epoch ${epoch + 1}${at}: `;
}

const SETTINGS = { learningRate: "learning rate", momentum: "momentum" };

function actText({ what, was }: ActEvent): string | undefined {
  switch (what?.kind) {
    case "stop":
      return `stopped the run: ${what.reason}`;
    case "set": {
      const before = was === undefined ? "" : ` (it was ${short(was)})`;
      return `set the ${SETTINGS[what.setting]} to ${
        short(what.value)
      }${before}`;
    }
    case "restore":
      return `restored the weights "${what.name}"`;
    case "save":
      return `saved ${what.path}`;
    default:
      return undefined;
  }
}
