/**
 * Writes a checkpoint that a plugin asked for. Where it cannot be written and
 * the run is to go on all the same, the plugin's hook ends there, as if it had
 * thrown, and the plugin may ask again the next time.
 *
 * @module
 */
import type { Act, Request } from "../events.ts";
import { type FileFaults, isFileFault } from "./files/file_faults.ts";
import type { RunState } from "./state.ts";

/** What is known of the checkpoints of a run. */
export interface Saving {
  /** Who is told of faults. */
  readonly faults: FileFaults;
  /** Faults that are told already, and end no run. */
  readonly told: WeakSet<object>;
  /** The last fault of each plugin whose last checkpoint could not be written. */
  readonly failed: Map<string, Fault>;
}

interface Fault {
  /** Where the first one was to be that could not be written. */
  readonly path: string;
  readonly error: Error;
}

/** Nothing has been saved. */
export function newSaving(faults: FileFaults): Saving {
  return { faults, told: new WeakSet(), failed: new Map() };
}

/**
 * Write a checkpoint.
 *
 * @param place Where.
 * @param write Writes it.
 * @throws Whatever `write` throws.
 */
export async function saveInto(
  { files, saving: { faults, told, failed } }: RunState,
  { by }: Pick<Act, "by">,
  place: string,
  what: Extract<Request, { kind: "save" }>,
  write: (path: string, what: { weightsOnly: boolean }) => Promise<void>,
): Promise<void> {
  try {
    if (files.saving?.(place) === false) return;
    try {
      await write(place, what);
    } finally {
      files.saved?.(place);
    }
  } catch (error) {
    if (!isFileFault(error)) throw error;
    const path = failed.get(by)?.path ?? place;
    faults.failed(path, error, by, false);
    failed.set(by, { path, error: error as Error });
    told.add(error as Error);
    throw error;
  }
  const before = failed.get(by);
  if (!before) return;
  failed.delete(by);
  faults.mended(before.path, 0);
}
