/**
 * Whether a run is to stop: because a plugin asked for it through `run.stop`, or
 * because `model.stopTraining` was set, as callbacks of Keras and tf.js do.
 *
 * @module
 */
import { placeOf } from "./acts.ts";
import { tellingOf } from "./follow.ts";
import type { RunState } from "./state.ts";

/** A model whose flag stops the training when it is set. */
export interface Flagged {
  /** The flag. */
  stopTraining?: unknown;
}

/**
 * The model of a training run as far as it has a flag, which is lowered: one
 * left from an earlier run asks for nothing.
 *
 * @param model Whatever the run has as its model.
 */
export function flagged(model: unknown): Flagged | undefined {
  const it = model as Flagged;
  try {
    if (it.stopTraining) it.stopTraining = false;
    return it;
  } catch {
    // There is no model, or it has no flag, as tf.js' sequential one before it is compiled.
    return undefined;
  }
}

/**
 * Whether the run is to stop: to be asked after each training batch and each
 * epoch. A flag that was set is lowered, and counts as a request.
 */
export function stopping(state: RunState): boolean {
  if (state.stop) return true;
  if (!state.flagged?.stopTraining) return false;
  state.flagged.stopTraining = false;
  const reason = "model.stopTraining was set";
  const what = { kind: "stop", reason } as const;
  state.stop = { by: "a callback", ...placeOf(state), what };
  tellingOf(state, state.stop)?.();
  return true;
}
