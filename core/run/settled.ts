/**
 * The end of what plugins began outside of hooks.
 *
 * @module
 */
import { waitBegins, waitEnds } from "./awaited.ts";
import { allOver } from "./begun.ts";
import type { Listener } from "./dispatch.ts";
import { failureOf, type Failures } from "./failure.ts";
import type { RunState } from "./state.ts";

/** Wait for it; a failure that nobody listens to waits like those of the end hooks. */
export async function settled(
  state: RunState,
  listeners: readonly Listener[],
  { defer, switchOff }: Failures,
): Promise<void> {
  waitBegins(state, "what plugins began");
  for (const { who, error } of await allOver(state)) {
    if (state.saving.told.has(Object(error))) continue;
    const failure = failureOf(who, error);
    const listener = listeners.find(({ entry }) => entry.name === who.by);
    if (!switchOff(listener, who, failure)) defer(failure);
  }
  waitEnds(state);
}
