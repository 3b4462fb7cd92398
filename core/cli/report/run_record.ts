/**
 * The record of a run: `run.json` in its folder, which says from the start what
 * runs there, after each epoch how far it is, and at the end how it went. Facts
 * are added to it, never taken out.
 *
 * @module
 */
import { messageOf } from "../../errors.ts";
import { jsonText } from "./json_text.ts";
import { sweepRecord, writeRecord } from "./run_folder.ts";

/** What is known of a run, as plain data. */
export type Facts = Readonly<Record<string, unknown>>;

/** The record of one run. */
export interface RunRecord {
  /** Folder of the run. */
  readonly dir: string;
  /** Why the file does not hold all that is known; undefined if it does. */
  readonly problem: string | undefined;
  /**
   * Add facts; those that are there already are brought up to date. A file that
   * cannot be written is warned of once, and tried again with the next facts.
   */
  add(facts: Facts): void;
  /**
   * The same for facts that come often: the file is left for later where
   * writing it takes more than a twentieth of the run's time.
   */
  follow(facts: () => Facts): void;
}

/** Writing may take this part of the run's time, */
const SHARE = 1 / 20;
/** and this many milliseconds beside. */
const FREE = 500;

/**
 * Begin a record.
 *
 * @param dir Folder of the run.
 * @param facts What is known from the start.
 * @param warn Takes the warning.
 * @param now The clock, in milliseconds.
 * @throws {InputError | FileError} If the file cannot be written at the start.
 */
export function runRecord(
  dir: string,
  facts: Facts,
  warn: (line: string) => void,
  now: () => number = () => performance.now(),
): RunRecord {
  let known = facts;
  let problem: string | undefined;
  let warned = false;
  const start = now();
  /** Milliseconds of writing. */
  let spent = 0;

  function write(): void {
    const began = now();
    writeRecord(dir, `${jsonText(known, 2)}\n`);
    problem = undefined;
    spent += now() - began;
  }

  function add(more: Facts): void {
    known = { ...known, ...more };
    try {
      write();
    } catch (error) {
      problem = messageOf(error);
      if (!warned) {
        warn(`Warning: ${problem}; the run goes on, and it is tried again`);
      }
      warned = true;
    }
  }

  sweepRecord(dir);
  write();
  return {
    dir,
    get problem() {
      return problem;
    },
    add,
    follow: (facts) => {
      if (spent <= FREE + SHARE * (now() - start)) add(facts());
    },
  };
}
