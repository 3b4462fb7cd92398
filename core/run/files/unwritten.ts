/**
 * A run that goes on where its files cannot be written, and says at its end what
 * is missing.
 *
 * @module
 */
import { messageOf } from "../../errors.ts";
import { toldFaults } from "./file_faults.ts";
import { warn } from "../follow.ts";
import { newSaving } from "../saving.ts";
import type { RunState } from "../state.ts";

/** From now on faults of its files do not end the run. */
export function tolerateFaults(state: RunState): void {
  const faults = toldFaults(state);
  state.files.watch?.(faults);
  state.saving = newSaving(faults);
}

/** What of the files of a run that is over could not be written, a sentence each, of which it warns. */
export function unwrittenOf(state: RunState): string[] {
  const all = [
    ...state.files.finish?.() ?? [],
    ...[...state.saving.failed.values()].map(({ error }) => messageOf(error)),
  ];
  for (const it of all) warn(state, `${it}; the run is over`);
  return all;
}
