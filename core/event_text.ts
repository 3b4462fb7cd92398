/**
 * What happened in a run besides its logs, in words.
 *
 * @module
 */
import type { ActEvent, RunEvent } from "./events.ts";
import { short } from "./number_text.ts";

/**
 * What happened, in words, without where: `early-stopping stopped the run: …`.
 *
 * @example
 * ```ts
 * import { eventText } from "@hookloop/hookloop/plugin";
 *
 * const what = { kind: "set", setting: "learningRate", value: 0.001 } as const;
 * const event = { kind: "act", hook: "onEpochEnd", by: "decay", what, was: 0.01 } as const;
 * console.log(eventText(event)); // decay set the learning rate to 0.001 (it was 0.01)
 * ```
 *
 * @param event What a listener of `run.follow` is told.
 * @returns Undefined for what says little, such as logs and copies of weights.
 */
export function eventText(event: RunEvent): string | undefined {
  switch (event.kind) {
    case "act": {
      const done = actText(event);
      const would = event.shadow ? "would have " : "";
      return done && `${event.by} ${would}${done}`;
    }
    case "off":
      return `${event.by} was switched off: ${event.reason}`;
    case "warning": {
      const by = event.by === undefined ? "" : `${event.by}: `;
      return `${by}${event.text}`;
    }
    default:
      return undefined;
  }
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
