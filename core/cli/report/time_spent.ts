/**
 * Where the time of a run went, from the clock of its log.
 *
 * @module
 */

/** Milliseconds between the events of a log, by what was done between them. */
export interface TimeSpent {
  /** Up to the first logs: the first batch among it. */
  readonly start: number;
  /** The batches of training, with what came before each. */
  readonly batches: number;
  /** Validation; the batches too, where their logs were not recorded. */
  readonly validation: number;
  /** The end of epochs: what plugins do then, such as saving checkpoints. */
  readonly epochEnds: number;
  /** After the last epoch. */
  readonly end: number;
  /** How many batches were told of. */
  readonly told: number;
}

const PARTS: Readonly<Record<string, keyof TimeSpent>> = {
  onTrainBatchEnd: "batches",
  onTestBatchEnd: "validation",
  onTestEnd: "validation",
  onEpochEnd: "epochEnds",
  onTrainEnd: "end",
};

/** A line that tells of logs, as the log writes it: most lines do, and none is parsed for this. */
const LOGS = /^\{"at":(\d+),"kind":"logs","hook":"(\w+)"/;

/** Add up the time between the lines of a log. */
export function timeSpent(): {
  /**
   * Take the next line.
   *
   * @returns Whether it tells of logs.
   */
  take(line: string): boolean;
  /** What has been taken; undefined if that was nothing. */
  result(): TimeSpent | undefined;
} {
  const spent = { batches: 0, validation: 0, epochEnds: 0, end: 0 };
  let start: number | undefined;
  let before = 0;
  let told = 0;
  return {
    take(line) {
      const found = LOGS.exec(line);
      if (!found) return false;
      const at = Number(found[1]);
      const part = PARTS[found[2]!];
      if (start === undefined) start = at;
      else if (part) {
        spent[part as keyof typeof spent] += Math.max(0, at - before);
      }
      if (part === "batches") told++;
      before = at;
      return true;
    },
    result: () => start === undefined ? undefined : { start, ...spent, told },
  };
}
