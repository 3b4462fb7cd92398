/**
 * All that a page shows of a run, and what of it somebody has not seen yet.
 * Nothing is kept for anyone: who has read slowly gets the rest in one piece.
 *
 * @module
 */
import type { LogRecord } from "../../core/plugin.ts";
import type {
  ActMessage,
  EndMessage,
  EpochMessage,
  PointsMessage,
  RunMessage,
  StatusMessage,
} from "./page/protocol.ts";
import { MOST, noPoints, type Points, pointsFrom } from "./points.ts";

/** An epoch that is over. */
export interface ShownEpoch extends Omit<EpochMessage, "logs" | "best"> {
  /** Its logs, plugins' keys included. */
  readonly logs: LogRecord;
}

/** What is shown. */
export interface Journal {
  /** Tells it from those of other runs and processes; another one where all is to be read again. */
  id: string;
  /** What the run is; another object where that has changed. */
  run: RunMessage;
  /** The curves over batches. */
  points: Points;
  /** The epochs that are over. */
  epochs: ShownEpoch[];
  /** The best of them. */
  best: EndMessage["best"] | undefined;
  /** What happened, without the oldest of very many. */
  acts: ActMessage[];
  /** How many of these were left out. */
  dropped: number;
  /** How far the run is. */
  status: StatusMessage;
  /** How it ended; undefined while it runs. */
  end: EndMessage | undefined;
}

/** What somebody has seen. */
export interface Seen {
  /** Of which journal; `""` for none. */
  readonly id: string;
  readonly run: RunMessage | undefined;
  readonly every: number;
  readonly points: number;
  readonly epochs: number;
  readonly acts: number;
  readonly status: StatusMessage | undefined;
  readonly end: boolean;
}

/** Nothing. */
export const NOTHING: Seen = {
  ...{ id: "", run: undefined, every: 1, points: 0, epochs: 0, acts: 0 },
  ...{ status: undefined, end: false },
};

/** How many acts are shown. */
export const MOST_ACTS = 2000;

/** How many points go into a message, and epochs and acts into a piece. */
const PIECE = { points: 5000, others: 500 };

/** A journal in which nothing has happened. */
export function journal(run: RunMessage, status: StatusMessage): Journal {
  return {
    ...{
      id: newId(),
      run,
      points: noPoints(0),
      epochs: [],
      acts: [],
      dropped: 0,
    },
    ...{ status, best: undefined, end: undefined },
  };
}

/** An id that no other journal has. */
export function newId(): string {
  return crypto.randomUUID().slice(0, 8);
}

/** Something happened. */
export function tell(journal: Journal, act: ActMessage): void {
  journal.acts.push(act);
  if (journal.acts.length < 2 * MOST_ACTS) return;
  journal.dropped += MOST_ACTS;
  journal.acts.splice(0, MOST_ACTS);
}

/** What somebody has seen, as a text from which it can be read again. */
export function idOf({ id, every, points, epochs, acts }: Seen): string {
  return [id, every, points, epochs, acts].join(".");
}

/** What an id says has been seen. One that says nothing is of no journal that there is. */
export function seenBy(text: string | null): Seen {
  if (!text) return NOTHING;
  const whole = /^(\w+)\.(\d{1,15})\.(\d{1,15})\.(\d{1,15})\.(\d{1,15})$/
    .exec(text);
  if (!whole) return { ...NOTHING, id: "another" };
  const [every, points, epochs, acts] = whole.slice(2).map(Number) as [
    ...[number, number, number, number],
  ];
  return { ...NOTHING, ...{ id: whole[1]!, every, points, epochs, acts } };
}

/**
 * The next piece of what somebody has not seen, as server-sent events.
 *
 * @returns Undefined if there is nothing new.
 */
export function piece(
  journal: Journal,
  before: Seen,
): { readonly text: string; readonly seen: Seen } | undefined {
  let seen = before;
  let text = "";
  const say = (event: string, data: unknown, now: Partial<Seen>) => {
    seen = { ...seen, ...now };
    text += `id: ${idOf(seen)}\nevent: ${event}\ndata: ${
      JSON.stringify(data)
    }\n\n`;
  };

  const fresh = { ...NOTHING, id: journal.id };
  if (seen.id === "") seen = fresh;
  else if (!goesOn(journal, seen)) say("reset", {}, fresh);
  const { run, status, epochs, acts, dropped, points, end } = journal;
  if (seen.run !== run) say("run", run, { run });

  for (const epoch of epochs.slice(seen.epochs, seen.epochs + PIECE.others)) {
    const best = epoch.epoch === journal.best?.epoch;
    // In JSON what is not finite is null.
    say("epoch", { ...epoch, best }, { epochs: seen.epochs + 1 });
  }
  const from = Math.max(0, seen.acts - dropped);
  for (const act of acts.slice(from, from + PIECE.others)) {
    say("act", act, { acts: Math.max(seen.acts, dropped) + 1 });
  }

  while (seen.every < points.every) {
    const every = seen.every * 2;
    say("thin", { every }, { every, points: seen.points / 2 });
  }
  // Points that may soon become one go out together, so that a page can follow.
  const odd = !end && points.length > MOST / 2 ? points.length % 2 : 0;
  const last = points.length - odd;
  const to = Math.min(last, seen.points + PIECE.points);
  if (to > seen.points) {
    const sent: PointsMessage = pointsFrom(points, seen.points, to);
    say("points", sent, { points: to });
  }
  const all = seen.epochs === epochs.length && to >= last &&
    seen.acts >= dropped + acts.length;
  if (all && seen.status !== status) say("status", status, { status });
  if (all && end && !seen.end) say("end", end, { end: true });
  return text === "" ? undefined : { text, seen };
}

/** Whether what has been seen is the beginning of what there is. */
function goesOn({ id, points, epochs, acts, dropped }: Journal, seen: Seen) {
  const halvings = Math.log2(points.every / seen.every);
  return seen.id === id && Number.isInteger(halvings) && halvings >= 0 &&
    Number.isInteger(seen.points / 2 ** halvings) &&
    seen.points / 2 ** halvings <= points.length &&
    seen.epochs <= epochs.length &&
    seen.acts <= dropped + acts.length;
}
