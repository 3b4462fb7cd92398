/**
 * What a run waits for, so that what holds it up can be named.
 *
 * @module
 */
import { type Entry, inFile } from "../contract/plugin_list.ts";
import { InputError, placeText } from "../errors.ts";
import { waitFor } from "../waiting.ts";
import { placeOf } from "./acts.ts";
import { note } from "./follow.ts";
import type { RunState } from "./state.ts";

/** What a loop waits for, as people are told. */
type Part =
  | "the next batch of the data"
  | "the step"
  | "what plugins began";

/** What has been promised and has not come yet: a plugin's hook, the data, a step, or nothing. */
export type Awaited = Entry | Part | undefined;

/** Where it stands what is awaited. */
export interface Waits {
  /** What has been promised and has not come yet. */
  awaited: Awaited;
  /** Watches each wait; undefined where nobody is to be told of long ones. */
  patience?: Patience | undefined;
}

/** Watches a wait. */
export interface Patience {
  /** Something is waited for. */
  begin(): void;
  /** It has come. */
  end(): void;
}

/** From here on the run waits. */
export function waitBegins(run: Waits, what: Entry | Part): void {
  run.awaited = what;
  run.patience?.begin();
}

/** What was awaited has come. */
export function waitEnds(run: Waits): void {
  run.awaited = undefined;
  run.patience?.end();
}

/** Wait for the data or a step. */
export async function promised<T>(
  state: RunState,
  what: Part,
  promise: Promise<T>,
): Promise<T> {
  waitBegins(state, what);
  try {
    return await waitFor(promise, () => neverComes(what));
  } finally {
    waitEnds(state);
  }
}

/** The longest time that a timer can take, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * Say what the run has been waiting for longer than it should, each once: it may
 * never come. Only what is waited for costs a timer.
 *
 * @param state What it waits for, and where it prints.
 * @param hookTimeout Milliseconds; 0 or Infinity for never. Default 30000.
 */
export function patience(
  state: RunState,
  hookTimeout = 30_000,
): Patience | undefined {
  if (hookTimeout === 0 || hookTimeout > LONGEST_TIMER) return undefined;
  const told = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function tell(): void {
    const name = nameOfAwaited(state);
    if (name === undefined || told.has(name)) return;
    told.add(name);
    note(
      state,
      `the run has been waiting for ${hookTimeout / 1000} s for ${
        nameOfAwaited(state, placeOfAwaited(state))
      }`,
    );
  }

  return {
    begin() {
      timer = setTimeout(tell, hookTimeout);
      // A run that can never end is to be told so, not kept alive.
      timer.unref?.();
    },
    end: () => clearTimeout(timer),
  };
}

/** How long what is awaited may take after the caller gave up, in milliseconds. */
const PATIENCE = 3000;

/**
 * Once the caller gives up, name what holds the run up, each once: it cannot be
 * ended from outside.
 *
 * @returns Stops watching.
 */
export function nameWhatHolds(state: RunState): () => void {
  const { signal, printer } = state;
  let timer: ReturnType<typeof setInterval> | undefined;

  function onAbort(): void {
    let before = nameOfAwaited(state);
    let told: string | undefined;
    timer = setInterval(() => {
      const name = nameOfAwaited(state);
      if (name && name === before && name !== told) {
        printer.print(`Still waiting for ${name}`);
        told = name;
      }
      before = name;
    }, PATIENCE);
    // A run that can never end is to be told so, not kept alive.
    timer.unref?.();
  }

  signal.addEventListener("abort", onAbort);
  return () => {
    signal.removeEventListener("abort", onAbort);
    clearInterval(timer);
  };
}

function nameOfAwaited(
  { awaited, hook }: RunState,
  place = "",
): string | undefined {
  if (typeof awaited !== "object") return awaited && awaited + place;
  return `plugin "${awaited.name}" in ${hook}${place}${inFile(awaited.file)}`;
}

/** The epoch and the batch, as errors say them. */
function placeOfAwaited(state: RunState): string {
  if (typeof state.awaited === "object") return placeText(placeOf(state));
  if (state.awaited === "what plugins began") return "";
  const { epoch, training, testing } = state.position;
  const pass = testing.taken > 0 ? testing : training;
  return placeText({
    epoch: state.params.mode === "fit" ? epoch : undefined,
    batch: pass.batch,
  });
}

function neverComes(what: Part): InputError {
  return new InputError(
    `Cannot go on: ${what} is a promise that nothing is left to settle: no timer, no request, no file`,
  );
}
