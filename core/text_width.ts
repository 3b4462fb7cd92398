/**
 * How many columns of a terminal a text takes, and the part of it that fits.
 *
 * @module
 */
import { eastAsianWidth } from "get-east-asian-width";

/** Colours and the like, which take no room. */
// deno-lint-ignore no-control-regex
const STYLES = /(\x1b\[[0-9;]*m)/;

/** What moves the cursor, or does worse: sequences, and characters that control. */
const CONTROL =
  // deno-lint-ignore no-control-regex
  /\x1b\[(?![0-9;]*m)[0-?]*[ -/]*[@-~]?|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b(?!\[[0-9;]*m)|[\x00-\x1a\x1c-\x1f\x7f-\x9f\u2028\u2029]/g;

/** What stands on the character before: accents, joiners, marks of direction. */
const NO_ROOM =
  /[\p{Mn}\p{Me}\u200b-\u200f\u2060-\u2064\ufeff\u{e0000}-\u{e007f}]/u;

/** Where terminals do not agree, the most that one takes: half of a flag, and what makes a picture of the character before. */
const MOST: readonly (readonly [RegExp, number])[] = [
  [/[\u{1f1e6}-\u{1f1ff}]/u, 2],
  [/\ufe0f/u, 1],
  [NO_ROOM, 0],
];

const PLAIN = /^[ -~]*$/;
const PLAIN_AGAIN = "\x1b[0m";

/**
 * The columns that a text takes at most: terminals do not agree on pictures that
 * are made of several characters.
 *
 * @param text A line; its colours do not count.
 */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const part of text.split(STYLES)) {
    if (part.startsWith("\x1b")) continue;
    for (const char of part) width += widthOfOne(char);
  }
  return width;
}

function widthOfOne(char: string): number {
  const [, most] = MOST.find(([kind]) => kind.test(char)) ?? [];
  return most ?? eastAsianWidth(char.codePointAt(0)!);
}

/**
 * A line that takes no more room than there is: what does not fit is cut, and an
 * ellipsis says so. What would move the cursor is left out.
 *
 * @param line The line; colours stay.
 * @param columns The room.
 */
export function cut(line: string, columns: number): string {
  if (PLAIN.test(line) && line.length <= columns) return line;
  const clean = line.toWellFormed().replaceAll("\t", " ").replace(CONTROL, "");
  if (widthOf(clean) <= columns) return clean;
  if (columns < 1) return "";
  let kept = "";
  let room = columns - 1;
  for (const segment of segments(clean)) {
    room -= widthOf(segment);
    if (room < 0) break;
    kept += segment;
  }
  return `${kept}…${kept.includes("\x1b") ? PLAIN_AGAIN : ""}`;
}

/** What must stay in one piece: a character with its accents, a colour. */
function segments(line: string): string[] {
  return line.split(STYLES).flatMap((part) =>
    part.startsWith("\x1b")
      ? [part]
      : [...new Intl.Segmenter().segment(part)].map(({ segment }) => segment)
  );
}
