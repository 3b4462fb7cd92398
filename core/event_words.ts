/**
 * What happened in a run besides its logs, in words: one wording for records,
 * terminals and pages.
 *
 * @module
 */
import type { ActEvent, RunEvent } from "./events.ts";

/**
 * Who did what.
 *
 * @returns Undefined for logs, and for what says little, such as a copy of the
 * weights.
 */
export function eventWords(event: RunEvent): string | undefined {
  switch (event.kind) {
    case "act": {
      const done = actWords(event);
      const would = event.shadow ? "would have " : "";
      return done && `${event.by} ${would}${done}`;
    }
    case "off":
      return `${event.by} was switched off: ${event.reason}`;
    case "warning":
      return event.by === undefined ? event.text : `${event.by}: ${event.text}`;
    default:
      return undefined;
  }
}

const SETTINGS = { learningRate: "learning rate", momentum: "momentum" };

function actWords({ what, was }: ActEvent): string | undefined {
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

/** A number in few digits. */
export function short(value: number): string {
  return Number.isInteger(value) || Math.abs(value) >= 1e-3 ||
      !Number.isFinite(value)
    ? String(Number(value.toFixed(4)))
    : value.toExponential(2);
}
