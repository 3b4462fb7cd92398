/**
 * What a run waits for, so that what holds it up can be named.
 *
 * @module
 */
import { type Entry, inFile } from "../contract/plugin_list.ts";
import { InputError } from "../errors.ts";
import { waitFor } from "../waiting.ts";
import type { RunState } from "./state.ts";

/** What a loop waits for, as people are told. */
type Part = "the next batch of the data" | "the step";

/** What has been promised and has not come yet: a plugin's hook, the data, a step, or nothing. */
export type Awaited = Entry | Part | undefined;

/** Wait for the data or a step. */
export async function promised<T>(
  state: RunState,
  what: Part,
  promise: Promise<T>,
): Promise<T> {
  state.awaited = what;
  try {
    return await waitFor(promise, () => neverComes(what));
  } finally {
    state.awaited = undefined;
  }
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

function nameOfAwaited({ awaited, hook }: RunState): string | undefined {
  return typeof awaited === "object"
    ? `plugin "${awaited.name}" in ${hook}${inFile(awaited.file)}`
    : awaited;
}

function neverComes(what: Part): InputError {
  return new InputError(
    `Cannot go on: ${what} is a promise that nothing is left to settle: no timer, no request, no file`,
  );
}
