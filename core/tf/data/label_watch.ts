/**
 * Labels on a GPU: they are checked while the training goes on, since to wait
 * for them would take longer than a step.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import type { Columns } from "./batch.ts";

/** Watches the labels of batch after batch. */
export interface LabelWatch {
  /** Note what is still to be checked in batch `index`. */
  add(columns: Columns, index: number): void;
  /** @throws {InputError} If a batch has turned out to be wrong. */
  raise(): void;
  /**
   * Wait for the rest.
   *
   * @throws {InputError} If a batch has turned out to be wrong.
   */
  settle(): Promise<void>;
}

/** A watch of one pass. */
export function labelWatch(): LabelWatch {
  let found: unknown;
  let rest = Promise.resolve();
  const raise = () => {
    if (found !== undefined) throw found;
  };
  return {
    add({ targets }, index) {
      for (const { checked } of targets) {
        if (!checked) continue;
        const noted = checked.catch((error) => {
          found ??= inBatch(error, index);
        });
        rest = rest.then(() => noted);
      }
    },
    raise,
    async settle() {
      await rest;
      raise();
    },
  };
}

/** The error with the batch it was found in; what is no mistake in the data stays as it is. */
export function inBatch(error: unknown, index: number): unknown {
  if (!(error instanceof InputError)) return error;
  return new InputError(`${error.message} (in batch ${index} of the data)`, {
    cause: error,
  });
}
