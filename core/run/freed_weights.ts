/**
 * A run whose weights were freed beneath it fails somewhere in the engine, which
 * does not know why; here it is told.
 *
 * @module
 */
import { InputError, PluginError } from "../errors.ts";
import { placeOf } from "./acts.ts";
import { ABORTED } from "./outcome.ts";
import type { RunState } from "./state.ts";

/**
 * What was thrown, or if a weight is gone, that.
 *
 * @param state Knows the weights.
 * @param error What was thrown.
 */
export function withFreed(state: RunState, error: unknown): unknown {
  if (error === ABORTED) return error;
  const name = state.resources.weights?.freed?.();
  if (name === undefined || isTold(error)) return error;
  const { hook, epoch, batch } = placeOf(state);
  const at = [
    epoch === undefined ? "" : ` at epoch ${epoch}`,
    batch === undefined ? "" : `, batch ${batch}`,
  ].join("");
  return new InputError(
    `Cannot go on after ${hook}${at}: weight "${name}" was disposed during the run; a plugin may copy weights and set them, but not free them`,
    { cause: error },
  );
}

/** The same, to stand behind the message of a plugin's error. */
export function freedHint({ resources }: RunState): string {
  const name = resources.weights?.freed?.();
  return name === undefined
    ? ""
    : ` (weight "${name}" was disposed during the run)`;
}

function isTold(error: unknown): boolean {
  return error instanceof PluginError || error instanceof InputError;
}
