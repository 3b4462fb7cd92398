/**
 * One training run of an experiment, followed: its record, and the log of what
 * happens in it.
 *
 * @module
 */
import type { Outcome } from "../../plugin.ts";
import type { History } from "../../run/history.ts";
import { removeBackups } from "../../run/backup/backup_folder.ts";
import type { PlannedRun } from "../../run/planned_run.ts";
import type { GoesOn, RunWatch } from "../../run/run_options.ts";
import { eventLog, type EventMark } from "../report/event_log.ts";
import { texts } from "../report/plain_facts.ts";
import { factsAtEnd, factsAtStart, factsByNow } from "../report/run_facts.ts";
import { factsOnResume } from "../report/resumed_facts.ts";
import { type Facts, runRecord } from "../report/run_record.ts";
import { removeReport } from "../report/write_report.ts";

/** One training run. */
export interface Training {
  /** Its folder. */
  readonly dir: string;
  /** Follows it. */
  readonly watch: RunWatch;
  /** What it left; undefined while it runs. */
  readonly history: History | undefined;
  /** It was left open, and ended like its experiment. */
  end(outcome: Outcome): void;
  /** Add facts to its record, and write what could not be written so far. */
  add(facts: Facts): void;
  /** Why its files do not hold all that is known; undefined if they do. */
  readonly problem: string | undefined;
}

/** What a training knows again when it goes on. */
interface Kept {
  /** How far its log was. */
  readonly events: EventMark;
  /** How long each epoch took. */
  readonly seconds: readonly number[];
  /** Milliseconds since the last one. */
  readonly since: number;
}

/**
 * Begin to follow one.
 *
 * @param dir Its folder.
 * @param planned Its plan.
 * @param about What its record says besides.
 * @param warn Takes a line of warning.
 * @param options The clock, in milliseconds; whether it was broken off and
 * begins `again`; and `from` where it goes on, if not from its beginning: then
 * its log goes on too.
 * @throws {InputError | FileError} If its record cannot be written.
 */
export function training(
  dir: string,
  planned: PlannedRun,
  about: Facts,
  warn: (line: string) => void,
  { now, from, again }: {
    readonly now: () => number;
    readonly from: GoesOn | undefined;
    readonly again: boolean;
  },
): Training {
  const facts = { ...about, ...factsAtStart(planned) };
  // Those of an earlier run in this folder are none of this one.
  if (!again) {
    removeBackups(dir);
    removeReport(dir);
  }
  const known = again
    ? factsOnResume(dir, facts, from)
    : { ...facts, began: new Date().toISOString() };
  const record = runRecord(dir, known, warn, now);
  let notes = texts(known.notes);
  const log = eventLog(dir, warn, { now, resumed: from !== undefined });
  let seconds: number[] = [];
  let turn = now();
  let history: History | undefined;
  /** Whether the record of an earlier process tells more than is known here. */
  let behind = from !== undefined;

  function add(facts: Facts): void {
    log.flush();
    record.add(facts);
  }

  return {
    dir,
    add,
    end: (outcome) => add(factsAtEnd(outcome)),
    get history() {
      return history;
    },
    get problem() {
      return record.problem ?? log.problem;
    },
    watch: {
      dir,
      event: log.tell,
      flush: log.sync,
      note: (text) => record.add({ notes: notes = [...notes, text] }),
      keeps: {
        save: (): Kept => ({
          events: log.mark(),
          seconds: [...seconds],
          since: now() - turn,
        }),
        load(saved) {
          const { events, since, ...kept } = saved as Kept;
          log.goOn(events);
          seconds = [...kept.seconds];
          turn = now() - since;
          behind = false;
        },
      },
      epoch(soFar) {
        const before = turn;
        turn = now();
        seconds.push(Math.round(turn - before) / 1000);
        log.flush();
        record.follow(() => factsByNow(soFar, seconds));
      },
      end(soFar) {
        history = soFar.history();
        const { outcome } = history;
        const facts = behind ? {} : factsByNow(soFar, seconds);
        add({ ...facts, ...factsAtEnd(outcome) });
      },
    },
  };
}
