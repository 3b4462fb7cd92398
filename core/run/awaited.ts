/**
 * What a run waits for, so that what holds it up can be named.
 *
 * @module
 */
import { type Entry, inFile } from "../contract/plugin_list.ts";
import { InputError } from "../errors.ts";
import { waitFor } from "../waiting.ts";
import type { RunState } from "./state.ts";

/** What has been promised and has not come yet: a plugin's hook, the data, a step, or nothing. */
export type Awaited = Entry | "data" | "step" | undefined;

/** Wait for the data or a step. */
export async function promised<T>(
  state: RunState,
  what: "data" | "step",
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
    let before = state.awaited;
    timer = setInterval(() => {
      const { awaited } = state;
      if (awaited && awaited === before) {
        printer.print(`Still waiting for ${nameOf(awaited, state)}`);
        before = undefined;
      } else before = awaited;
    }, PATIENCE);
    // A run that can never end is to be told so, not kept alive.
    timer.unref?.();
  }

  if (!signal.aborted) signal.addEventListener("abort", onAbort);
  return () => {
    signal.removeEventListener("abort", onAbort);
    clearInterval(timer);
  };
}

function nameOf(awaited: NonNullable<Awaited>, { hook }: RunState): string {
  if (awaited === "data") return "the next batch of the data";
  if (awaited === "step") return "the step";
  return `plugin "${awaited.name}" in ${hook}${inFile(awaited.file)}`;
}

function neverComes(what: "data" | "step"): InputError {
  const which = what === "data" ? "the next batch of the data" : "the step";
  return new InputError(
    `Cannot go on: ${which} is a promise that nothing is left to settle: no timer, no request, no file`,
  );
}
