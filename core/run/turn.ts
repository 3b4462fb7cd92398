/**
 * Signals, timers and requests get their turn beside a run that computes without
 * a pause.
 *
 * @module
 */
import type { RunState } from "./state.ts";

/** How long they may be kept waiting, in milliseconds. */
const TURN = 100;

/** Give them their turn if they have waited long enough; a promise only then. */
export function turn(
  state: Pick<RunState, "now" | "turned">,
): Promise<void> | undefined {
  const waited = state.now() - state.turned;
  // Below 0 the clock was set back.
  if (waited >= 0 && waited <= TURN) return undefined;
  return new Promise((resolve) => {
    // Not setImmediate, after which signals may still be waiting.
    setTimeout(() => {
      state.turned = state.now();
      resolve();
    });
  });
}
