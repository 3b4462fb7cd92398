/**
 * What a throw in a hook does to the run.
 *
 * @module
 */
import { hookOf, isOuter } from "../contract/phases.ts";
import { PluginError } from "../errors.ts";
import { HOOKS } from "../plugin.ts";
import { placeOf } from "./acts.ts";
import type { Beginner } from "./begun.ts";
import type { Listener, OnFailure } from "./dispatch.ts";
import { switchedOff } from "./follow.ts";
import { freedHint } from "./freed_weights.ts";
import type { RunState } from "./state.ts";

/** What to do with failures, and those that wait until the end hooks have run. */
export interface Failures {
  /** To be called for each. */
  readonly onFailure: OnFailure;
  /** Switch a plugin off, with a warning, if its failures are to do that; otherwise false. */
  switchOff(
    listener: Listener | undefined,
    who: Beginner,
    failure: Error,
  ): boolean;
  /** Remember an error until the end hooks have run; the first one counts. */
  defer(error: Error): void;
  /** Whether an error waits. */
  readonly waiting: boolean;
  /** The first error that waits; it is forgotten then. */
  take(): Error | undefined;
}

/**
 * A throw switches the plugin off if it says so. Else it fails the run; but all
 * end hooks run first, save those of plugins that never began.
 */
export function failures(state: RunState): Failures {
  let deferred: Error | undefined;

  function defer(error: Error): void {
    deferred ??= error;
  }

  function switchOff(
    listener: Listener | undefined,
    who: Beginner,
    failure: Error,
  ): boolean {
    if (listener?.entry.heeded.onError !== "disable") return false;
    listener.muted = "all";
    state.muting = true;
    switchedOff(state, who, failure.message);
    return true;
  }

  const onFailure: OnFailure = (hook, calls, at, error, who) => {
    // A checkpoint that could not be written, in a run that goes on.
    if (state.saving.told.has(Object(error))) return;
    const listener = who
      ? calls.map(({ listener }) => listener)
        .find(({ entry }) => entry.name === who.by)
      : calls[at]!.listener;
    const place = who ?? { ...placeOf(state), by: listener!.entry.name };
    const failure = failureOf(
      place,
      error,
      listener?.entry.file,
      freedHint(state),
    );
    if (switchOff(listener, place, failure)) return;
    if (isOuter(hook) && HOOKS[hook].side === "end") {
      return defer(failure);
    }
    if (isOuter(hook)) {
      const end = hookOf(HOOKS[hook].phase, "end");
      for (const late of calls.slice(at)) late.listener.muted ??= end;
      state.muting = true;
    }
    throw failure;
  };

  return {
    onFailure,
    switchOff,
    defer,
    get waiting() {
      return deferred !== undefined;
    },
    take() {
      const first = deferred;
      deferred = undefined;
      return first;
    },
  };
}

/** A failure with its place. */
export function failureOf(
  { by, hook, epoch, batch }: Beginner,
  error: unknown,
  file?: string,
  hint = "",
): PluginError {
  const place = { plugin: by, file, hook, epoch, batch };
  return new PluginError(place, error, hintOn(error) || hint);
}

/** What the engine says of a change to frozen logs does not tell what to do. */
function hintOn(error: unknown): string {
  return error instanceof TypeError &&
      /read only property|not extensible/.test(error.message)
    ? "; logs and run are frozen: return the keys you add, and declare them in provides"
    : "";
}
