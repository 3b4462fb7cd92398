/**
 * How the files of a run were at one moment, so that a run that goes on finds
 * them as they were then.
 *
 * @module
 */

/** The files that a run has written, at one moment: plain data. */
export type FileMarks = unknown;

/** The files of a run that can be put back. */
export interface MarkedFiles {
  /**
   * Mark what the files hold now.
   *
   * @param id Number of the backup that the marks belong to.
   */
  mark(id: number): FileMarks;
  /** The marks of backups with a lower number are not needed any more. */
  forget(below: number): void;
  /**
   * The run goes on: put the files back as they were marked, and swallow what is
   * written until `goOn`, while those that are opened continue at their mark.
   */
  putBack(marks: FileMarks): void;
  /** From now on what is written counts again. */
  goOn(): void;
}
