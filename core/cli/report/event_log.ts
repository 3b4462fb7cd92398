/**
 * What happens in a run, as it happens: `events.jsonl` in its folder, one JSON a
 * line. Who tells of something does not wait for the disk; what cannot be
 * written is kept for later, as far as there is room.
 *
 * @module
 */
import { denoDisk, type Disk } from "../../disk.ts";
import { messageOf } from "../../errors.ts";
import { fileError } from "../../files.ts";
import { putAtSync, syncFile } from "../../growing_files.ts";
import type { RunEvent } from "../../events.ts";
import { jsonOfLogs, jsonText } from "./json_text.ts";

/** Name of the file. */
export const EVENTS_FILE = "events.jsonl";

/** For how many events there was no room while the file could not be written. */
export interface LostEvent {
  /** Which kind of event it is. */
  readonly kind: "lost";
  /** How many. */
  readonly lost: number;
}

/** How far a log is: plain data, from which it can go on in another process. */
export interface EventMark {
  /** Bytes of the file that count. */
  readonly length: number;
  /** Lines that could not be written yet. */
  readonly rest: string;
  /** Milliseconds since the run began. */
  readonly at: number;
}

/** The log of one run. */
export interface EventLog {
  /** Take an event; it is written within a second or so. Never throws. */
  tell(event: RunEvent): void;
  /**
   * Write what has been taken, unless the run has yet to go on. A file that
   * cannot be written is warned of once, and tried again.
   */
  flush(): void;
  /** Have the disk write what it holds of the file. */
  sync(): Promise<void>;
  /** How far it is, with all that has been taken. */
  mark(): EventMark;
  /**
   * Go on from a mark: what came later, in the file or since this log began, is
   * dropped.
   */
  goOn(mark: EventMark): void;
  /** Why the file does not hold all that is known; undefined if it does. */
  readonly problem: string | undefined;
}

/** Settings of {@linkcode eventLog}. */
export interface EventLogOptions {
  /** Whether the run goes on: the file is not touched before `goOn`. Default false. */
  readonly resumed?: boolean;
  /** How many events are kept while they cannot be written. Default 20,000. */
  readonly most?: number;
  /** The clock, in milliseconds. Default the system's. */
  readonly now?: (() => number) | undefined;
  /** Where the file is. Default Deno's. */
  readonly disk?: Disk;
}

/** How long an event may wait to be written, in milliseconds. */
const WAIT = 1000;

const MOST = 20_000;

/**
 * A log in the folder of a run; one that an earlier run left there is emptied.
 *
 * @param dir Folder of the run.
 * @param warn Takes a line of warning.
 * @param options Whether the run goes on, and so on.
 */
export function eventLog(
  dir: string,
  warn: (line: string) => void,
  options: EventLogOptions = {},
): EventLog {
  const { most = MOST, now = () => performance.now(), disk = denoDisk } =
    options;
  let { resumed = false } = options;
  const path = `${dir}/${EVENTS_FILE}`;
  let began = now();
  let taken: { readonly at: number; readonly event: RunEvent }[] = [];
  /** Lines that wait for the disk, how many they are, and for how many more there was no room. */
  let waiting = { text: "", count: 0, lost: 0 };
  let length = 0;
  /** Whether the file ends there. */
  let cut = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let problem: string | undefined;

  const elapsed = () => Math.round(now() - began);

  function gather(): void {
    for (const { at, event } of taken) {
      if (waiting.count >= most) waiting.lost++;
      else {
        waiting.text += lineOf(at, event);
        waiting.count++;
      }
    }
    taken = [];
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    gather();
    const { text, lost } = waiting;
    if (text || !cut) {
      try {
        const hole = lost ? lineOf(elapsed(), { kind: "lost", lost }) : "";
        length = putAtSync(path, length, text + hole, disk);
        cut = true;
      } catch (error) {
        return failed(error);
      }
    }
    waiting = { text: "", count: 0, lost: 0 };
    problem = undefined;
    if (lost) {
      warn(
        `Warning: ${path} is written again; for ${lost} events there was no room`,
      );
    }
  }

  function failed(error: unknown): void {
    const before = problem;
    problem = messageOf(fileError(`Cannot write ${path}`, "write", dir, error));
    if (before !== undefined) return;
    warn(`Warning: ${problem}; the run goes on, and it is tried again`);
  }

  if (!resumed) flush();
  return {
    tell(event) {
      taken.push({ at: elapsed(), event });
      if (resumed || timer !== undefined) return;
      timer = setTimeout(flush, WAIT);
      Deno.unrefTimer(timer);
    },
    flush() {
      if (!resumed) flush();
    },
    sync: () => syncFile(path, disk),
    mark() {
      flush();
      return { length, rest: waiting.text, at: elapsed() };
    },
    goOn(mark) {
      resumed = false;
      taken = [];
      [length, cut] = [mark.length, false];
      waiting = { text: mark.rest, count: 0, lost: 0 };
      began = now() - mark.at;
      flush();
    },
    get problem() {
      return problem;
    },
  };
}

/** A line; nobody's untyped plugin may keep the others from being written. */
function lineOf(at: number, event: RunEvent | LostEvent): string {
  try {
    return event.kind === "logs"
      ? `${jsonOfLogs({ at, ...event })}\n`
      : `${jsonText({ at, ...event })}\n`;
  } catch {
    return `${jsonText({ at, kind: event.kind, problem: "no plain data" })}\n`;
  }
}
