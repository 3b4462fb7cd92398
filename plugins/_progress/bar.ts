/**
 * A progress bar: how far a pass over batches is, how fast, and how long it
 * will take.
 *
 * @module
 */
import { duration } from "../_progress_text.ts";
import type { Style } from "./style.ts";

/** How far a pass is. */
export interface Pace {
  /** Batches done, from 1. */
  readonly done: number;
  /** Batches in all; undefined if not known. */
  readonly total: number | undefined;
  /** Milliseconds so far. */
  readonly elapsed: number;
  /** Milliseconds that the whole run will take from here; undefined where that is this pass. */
  readonly run?: number | undefined;
  /** What is counted, in place of rate and time. */
  readonly what?: string | undefined;
}

/** Longest and shortest bar that is drawn, in characters. */
const [LONGEST, SHORTEST] = [30, 5];

const GAP = "  ";

/**
 * A bar that fits the terminal: where there is no room, the rate goes first,
 * then the time, then the bar.
 *
 * @param pace How far the pass is.
 * @param columns Width of the terminal.
 * @param style How what is not done yet is set back.
 */
export function bar(pace: Pace, columns: number, style: Style): string {
  const { done, total } = pace;
  const room = columns - 1;
  const bar = total === undefined ? 0 : SHORTEST + GAP.length;
  const words = wordsOf(pace);
  const text = [words, words.toSpliced(1, 1), words.slice(0, 1)]
    .map((some) => some.join(GAP))
    .find((text) => bar + text.length <= room) ?? words[0]!;
  const width = Math.min(LONGEST, room - GAP.length - text.length);
  if (total === undefined || width < SHORTEST) return text;
  const full = Math.round(Math.min(1, done / total) * width);
  const rest = style.dim("─".repeat(width - full));
  return `${"━".repeat(full)}${rest}${GAP}${text}`;
}

/** How far a pass is, how fast, and how long it will take, in words; only the first where nothing else is known. */
export function wordsOf({ done, total, elapsed, run, what }: Pace): string[] {
  const count = total === undefined
    ? done === 1 ? "1 batch" : `${done} batches`
    : `${done}/${total}`;
  if (what !== undefined) return [count, what];
  if (done === 0 || elapsed <= 0) return [count];
  const time = total === undefined
    ? duration(elapsed)
    : `ETA ${duration(remaining(done, total, elapsed))}`;
  return [
    count,
    rateText(done, elapsed),
    run === undefined ? time : `${time}, run ${duration(run)}`,
  ];
}

function rateText(done: number, elapsed: number): string {
  const perSecond = 1000 * done / elapsed;
  if (perSecond < 1) return `${duration(elapsed / done)}/batch`;
  return `${perSecond.toFixed(perSecond < 10 ? 1 : 0)} batches/s`;
}

/** Milliseconds that the rest of a pass will take. */
export function remaining(
  done: number,
  total: number,
  elapsed: number,
): number {
  return elapsed / done * Math.max(0, total - done);
}
