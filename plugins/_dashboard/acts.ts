/**
 * What plugins do, as a page lists it.
 *
 * @module
 */
import {
  type ActEvent,
  eventText,
  type OffEvent,
  type Run,
  type WarningEvent,
} from "../../core/plugin.ts";
import { type Journal, tell } from "./journal.ts";
import type { Wishes } from "./wishes.ts";

type Told = ActEvent | OffEvent | WarningEvent;

/**
 * Puts what happens into a journal.
 *
 * @param wishes What is carried out for the page, and holds until another
 * plugin undoes it: that is said.
 * @param elapsed Milliseconds since the run began.
 */
export function actTeller(
  journal: Journal,
  run: Run,
  wishes: Wishes,
  elapsed: () => number,
): (event: Told) => void {
  /** The learning rate that was set here, as long as it holds. */
  let held: { readonly value: number; readonly step: number } | undefined;
  /** Who set something in the batches of which epoch. */
  const setters = new Map<string, number | undefined>();

  function note(event: Told, text: string, kind: string): void {
    const { by, hook, epoch, batch } = event;
    tell(journal, {
      ...{ at: elapsed(), epoch: epoch ?? null, batch: batch ?? null },
      ...{ by: by ?? null, hook: hook ?? null, text, kind },
    });
  }

  /** Some set it batch after batch: once an epoch is enough. */
  function isAgain({ by, what, epoch, batch }: ActEvent): boolean {
    if (what.kind !== "set" || batch === undefined) return false;
    if (wishes.carriesOut) return false;
    if (setters.has(by) && setters.get(by) === epoch) return true;
    setters.set(by, epoch);
    return false;
  }

  function noteRate(event: ActEvent): void {
    const { what, by } = event;
    if (what.kind !== "set" || what.setting !== "learningRate") return;
    if (wishes.carriesOut) {
      held = { value: what.value, step: run.step };
    } else if (held) {
      const { value, step } = held;
      held = undefined;
      const batches = run.step - step === 1
        ? "1 batch"
        : `${run.step - step} batches`;
      const text =
        `the learning rate ${value} that was set here held for ${batches}: ${by} sets it too`;
      note({ ...placeOf(event), kind: "warning", text }, text, "warning");
    }
  }

  return (event) => {
    if (event.kind !== "act") return note(event, textOf(event), event.kind);
    const text = isAgain(event) ? undefined : eventText(event);
    if (text !== undefined) note(event, textOf(event), event.what.kind);
    noteRate(event);
  };
}

function placeOf({ hook, epoch, batch }: ActEvent) {
  return { hook, epoch, batch };
}

/** What happened, without who did it, which a page puts before it. */
function textOf(event: Told): string {
  if (event.kind === "warning") return event.text;
  return (eventText(event) ?? "").slice(event.by.length + 1);
}
