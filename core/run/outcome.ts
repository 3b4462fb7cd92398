/**
 * How a run ended: completed, stopped, failed or aborted; by whom and why.
 *
 * @module
 */
import { messageOf, PluginError } from "../errors.ts";
import type { Outcome } from "../plugin.ts";
import type { RunState } from "./state.ts";

/** Thrown through the loop when the caller's signal is aborted. */
export const ABORTED: unique symbol = Symbol("aborted");

/** What the loop is left with once the caller's signal is aborted. */
export function aborted(
  { aborted }: AbortSignal,
): { readonly error: unknown } | undefined {
  return aborted ? { error: ABORTED } : undefined;
}

/** How a run ended: with what was thrown, or without. */
export function outcomeOf(
  state: RunState,
  failure: { readonly error: unknown } | undefined,
): Outcome {
  return Object.freeze(described(state, failure));
}

function described(
  state: RunState,
  failure: { readonly error: unknown } | undefined,
): Outcome {
  const epoch = state.params.mode === "fit"
    ? { epoch: state.position.epoch }
    : {};
  if (failure?.error === ABORTED) {
    const { reason } = state.signal;
    return { status: "aborted", ...epoch, reason: messageOf(reason) };
  }
  if (failure) return { ...epoch, ...failed(failure.error) };
  return state.stop ? stopped(state.stop) : { status: "completed" };
}

function failed(error: unknown): Outcome {
  const place = error instanceof PluginError ? error.place : undefined;
  return {
    status: "failed",
    ...place ? { by: place.plugin } : {},
    ...place?.hook ? { hook: place.hook } : {},
    ...place?.batch === undefined ? {} : { batch: place.batch },
    reason: messageOf(error),
    error,
  };
}

function stopped(
  { by, hook, epoch, batch, what }: NonNullable<RunState["stop"]>,
): Outcome {
  return {
    status: "stopped",
    by,
    hook,
    ...epoch === undefined ? {} : { epoch },
    ...batch === undefined ? {} : { batch },
    reason: what.kind === "stop" ? what.reason : "",
    ...what.kind === "stop" && what.resumable ? { resumable: true } : {},
  };
}
