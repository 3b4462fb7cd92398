/**
 * Epochs as rows of one table: its columns are laid out before the first row,
 * and stay where they are.
 *
 * @module
 */
import type { Logs } from "../../core/plugin.ts";
import { duration, fitted } from "../_progress_text.ts";
import type { Style } from "./style.ts";

/** An epoch. */
export interface EpochRow {
  /** Its index, from 0. */
  readonly epoch: number;
  /** Milliseconds it took. */
  readonly took: number;
  /** Its logs. */
  readonly logs: Logs;
  /** The key that makes it the best so far; undefined where it is not. */
  readonly best?: string | undefined;
}

/** A log key's column. */
interface Column {
  /** The key. */
  readonly key: string;
  /** What stands above: the key, cut where it is wider than the window. */
  readonly title: string;
  /** How wide it is. */
  readonly width: number;
}

/** Where the columns are. */
export interface Layout {
  /** What stands in the first column: the number of an epoch, or the title. */
  readonly first: (epoch: number | "title") => string;
  /** The keys, line by line: what does not fit in a line goes below it. */
  readonly lines: readonly (readonly Column[])[];
}

/** Widths of a time, and of any number (see `fitted`). */
const [TIME, NUMBER] = [6, 9];

/** What marks the best value; other values leave its place empty. */
const MARK = "*";

/**
 * Lay a table out.
 *
 * @param keys The log keys.
 * @param epochs Epochs of the run.
 * @param columns Width of the window; Infinity for no window, where each epoch
 * is one line that begins with the word.
 */
export function layoutOf(
  keys: readonly string[],
  epochs: number,
  columns: number,
): Layout {
  const first = columns === Infinity ? inWords(epochs) : inDigits(epochs);
  const room = columns - 1 - lead(first("title"), "").length;
  const all = keys.map((key) => {
    const title = shortened(key, room - cell("", 0).length);
    return { key, title, width: Math.max(NUMBER, widthOf(title)) };
  });
  return { first, lines: flowing(all, room) };
}

/** Columns in as few lines as the room allows. */
function flowing(columns: readonly Column[], room: number): Column[][] {
  const lines: Column[][] = [[]];
  let left = room;
  for (const column of columns) {
    const width = cell("", column.width).length;
    if (width > left && lines.at(-1)!.length > 0) {
      lines.push([]);
      left = room;
    }
    lines.at(-1)!.push(column);
    left -= width;
  }
  return lines;
}

/** `Epoch 1/10`: a line that says by itself what it is of. */
function inWords(epochs: number): Layout["first"] {
  const words = (epoch: number) => `Epoch ${epoch + 1}/${epochs}`;
  const width = words(epochs - 1).length;
  return (epoch) => (epoch === "title" ? "epoch" : words(epoch)).padEnd(width);
}

function inDigits(epochs: number): Layout["first"] {
  const width = Math.max(5, epochText(epochs - 1, epochs).length);
  return (epoch) =>
    (epoch === "title" ? "epoch" : epochText(epoch, epochs)).padStart(width);
}

/** The number of an epoch, and of how many, unless that would be wide. */
export function epochText(epoch: number, epochs: number): string {
  return epochs < 1000 ? `${epoch + 1}/${epochs}` : String(epoch + 1);
}

/** The lines above the rows. */
export function headerOf(layout: Layout): string[] {
  return linesOf(
    layout,
    lead(layout.first("title"), "time"),
    ({ title, width }) => cell(title, width),
  );
}

/**
 * The lines of an epoch.
 *
 * @param style How the best value is set, besides its mark.
 * @param missing What stands where there is no value.
 */
export function rowOf(
  layout: Layout,
  { epoch, took, logs, best }: EpochRow,
  style: Style,
  missing = "-",
): string[] {
  const front = lead(layout.first(epoch), timeText(took));
  return linesOf(layout, front, ({ key, width }) => {
    const value = logs[key];
    const text = value === undefined ? missing : fitted(value, width);
    return key === best
      ? style.bold(cell(text, width, MARK))
      : cell(text, width);
  });
}

function linesOf(
  { lines }: Layout,
  lead: string,
  cell: (column: Column) => string,
): string[] {
  return lines.map((columns, i) =>
    ((i === 0 ? lead : " ".repeat(lead.length)) + columns.map(cell).join(""))
      .trimEnd()
  );
}

/** The columns that every table has. */
function lead(epoch: string, time: string): string {
  return `${epoch}  ${time.padStart(TIME)} `;
}

/** One of the others: behind a space, and before the place of a mark. */
function cell(text: string, width: number, mark = " "): string {
  return ` ${" ".repeat(Math.max(0, width - widthOf(text)))}${text}${mark}`;
}

/** A time in six characters: `100h` where the minutes would be more. */
function timeText(took: number): string {
  const text = duration(took);
  return text.length > TIME ? text.replace(/\d\dm$/, "") : text;
}

/** A key, cut where it is wider than the room, but never to less than a number needs. */
function shortened(key: string, room: number): string {
  const most = Math.max(NUMBER, room);
  if (widthOf(key) <= most) return key;
  let kept = "";
  for (const char of key) {
    if (widthOf(kept + char) > most - 1) break;
    kept += char;
  }
  return `${kept}…`;
}

/** Columns of a text: characters that terminals draw twice as wide count twice. */
function widthOf(text: string): number {
  const wide =
    /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/gu;
  const none = /[\p{Mn}\p{Me}]/gu;
  return [...text.replace(none, "")].length + (text.match(wide)?.length ?? 0);
}
