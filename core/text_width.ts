/**
 * How many columns of a terminal a text takes, and the part of it that fits.
 *
 * @module
 */

/** Colours and the like, which take no room. */
// deno-lint-ignore no-control-regex
const STYLES = /(\x1b\[[0-9;]*m)/;

/** What moves the cursor, or does worse: sequences, and characters that control. */
const CONTROL =
  // deno-lint-ignore no-control-regex
  /\x1b\[(?![0-9;]*m)[0-?]*[ -/]*[@-~]?|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b(?!\[[0-9;]*m)|[\x00-\x1a\x1c-\x1f\x7f-\x9f\u2028\u2029]/g;

/** How wide a character is; where terminals do not agree, the most that one takes. The first that fits counts. */
const WIDTHS: readonly (readonly [kind: RegExp, columns: number])[] = [
  // It makes a picture of the character before.
  [/\ufe0f/, 1],
  // Accents and joiners stand on the character before.
  [
    /[\p{Mn}\p{Me}\u200b-\u200f\u2060-\u2064\ufeff\u{e0000}-\u{e007f}]/u,
    0,
  ],
  // Wide or full-width (Unicode's annex 11), pictures, halves of flags.
  [
    /[\p{Emoji_Presentation}\u{1f000}-\u{3fffd}]|[\u1100-\u115f\u2329\u232a\u2630-\u268f\u2e80-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{1b2ff}\u{1d300}-\u{1d376}]/u,
    2,
  ],
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
  return WIDTHS.find(([kind]) => kind.test(char))?.[1] ?? 1;
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
