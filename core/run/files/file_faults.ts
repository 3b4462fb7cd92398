/**
 * What becomes of a run whose files cannot be written: it says so, once, and
 * goes on, or it fails, as its options say.
 *
 * @module
 */
import { hookOf, WHOLE } from "../../contract/phases.ts";
import { FileError, InputError, messageOf } from "../../errors.ts";
import { warn } from "../follow.ts";
import type { RunState } from "../state.ts";

/** Who is told of faults. */
export interface FileFaults {
  /**
   * Something cannot be written.
   *
   * @param path Where it is.
   * @param error Says what, and why.
   * @param by The plugin whose it is, if that is known.
   * @param kept Whether it waits, to be written later.
   * @throws The error, where it ends the run.
   */
  failed(
    path: string,
    error: unknown,
    by: string | undefined,
    kept: boolean,
  ): void;
  /** There is no room for more that waits: from here on it is lost. */
  full(path: string): void;
  /** It is written again, with all that waited, save for so many bytes. */
  mended(path: string, lost: number): void;
}

/** Faults end what they happen in. */
export const FAILING: FileFaults = {
  failed(_path, error) {
    throw error;
  },
  full() {},
  mended() {},
};

/**
 * Faults of a run that goes on. What fails in its first hook still ends it: the
 * user is there to put it right, and nothing is lost.
 */
export function toldFaults(state: RunState): FileFaults {
  const told = new Set<string>();
  const first = hookOf(WHOLE[state.params.mode], "begin");
  return {
    failed(path, error, by, kept) {
      if (state.hook === first) throw error;
      if (told.has(path)) return;
      told.add(path);
      const whose = by === undefined ? "" : `, which plugin "${by}" writes`;
      const later = kept
        ? "what is missing waits, and is written once that is possible"
        : "it is tried again the next time";
      warn(state, `${messageOf(error)}${whose}; the run goes on, ${later}`);
    },
    full(path) {
      warn(
        state,
        `${path} cannot be written still, and what waits for it fills ${
          ROOM / 2 ** 20
        } MiB: what comes now is lost`,
      );
    },
    mended(path, lost) {
      if (!told.delete(path)) return;
      if (lost === 0) {
        state.printer.print(`${path} is written again, nothing is missing`);
        return;
      }
      warn(
        state,
        `${path} is written again; ${lost} bytes are missing in it, for which there was no room`,
      );
    },
  };
}

/** How many bytes of a file wait at most. */
export const ROOM = 16 * 2 ** 20;

/** Whether an error is the disk's, or of what may be done with it. */
export function isFileFault(error: unknown): boolean {
  const ours = error instanceof InputError || error instanceof FileError;
  if (ours) return isFileFault(error.cause);
  if (!(error instanceof Error)) return false;
  return typeof (error as { code?: unknown }).code === "string" ||
    error.name === "NotCapable";
}
