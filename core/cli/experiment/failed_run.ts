/**
 * A run that failed, for whoever tells the user.
 *
 * @module
 */
import { messageOf } from "../../errors.ts";

/** A run that failed, and its folder. Its message is that of its cause. */
export class FailedRun extends Error {
  /** Folder of the run; undefined if it wrote nothing. */
  readonly dir: string | undefined;

  /**
   * @param dir Folder of the run; undefined if it wrote nothing.
   * @param cause What was thrown.
   */
  constructor(dir: string | undefined, cause: unknown) {
    super(messageOf(cause), { cause });
    this.dir = dir;
  }
}
