/**
 * Text as it is drawn: escaped, measured without a font, cut to a width.
 *
 * @module
 */

/** What an XML document may not hold: control characters and halves of characters. */
// deno-lint-ignore no-control-regex -- they are what is looked for
const NOT_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]/g;

/** Text as a document may hold it, in one line. */
export function plain(text: string): string {
  return text.toWellFormed().replace(NOT_XML, "\ufffd").replace(/\s+/g, " ");
}

/** Text for an element or an attribute of a document, in one line. */
export function escaped(text: string): string {
  return plain(text)
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Widths in em, as in DejaVu Sans: the widest of the usual sans-serif fonts. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[ijl.,:;'|!()[\] ftI-]/, 0.41],
  [/[mwMW%@—…]/, 1],
  [/[A-Z]/, 0.78],
  [/[\x21-\x7e]/, 0.64],
  [/[\u0300-\u036f\u200b-\u200f]/, 0],
  [/[\u0100-\u10ff\u2010-\u2027]/, 0.8],
];

/** Other scripts and pictures: as wide as they are high. */
const SQUARE = 1.1;

/**
 * How wide a text is at most, in pixels: whoever draws has no fonts, and whoever
 * looks may have others.
 *
 * @param size Font size in pixels.
 */
export function textWidth(text: string, size: number): number {
  let em = 0;
  for (const letter of text) {
    em += WIDTHS.find(([letters]) => letters.test(letter))?.[1] ?? SQUARE;
  }
  return em * size;
}

/** The text, or as much of it as fits into a width, with `…` behind it. */
export function cut(text: string, width: number, size: number): string {
  if (textWidth(text, size) <= width) return text;
  const letters = [...text.slice(0, Math.ceil(width))];
  while (
    letters.length > 0 && textWidth(`${letters.join("")}…`, size) > width
  ) {
    letters.pop();
  }
  return `${letters.join("").trimEnd()}…`;
}

/** The text in lines of a width, the last one cut where there would be more than `most`. */
export function wrapped(
  text: string,
  width: number,
  size: number,
  most: number,
): string[] {
  const lines: string[] = [];
  let rest = text.trim();
  while (rest && lines.length < most - 1 && textWidth(rest, size) > width) {
    const line = firstLine(rest, width, size);
    if (!line) break;
    lines.push(line);
    rest = rest.slice(line.length).trim();
  }
  return rest ? [...lines, cut(rest, width, size)] : lines;
}

/** As many words as fit; none if the first does not. */
function firstLine(text: string, width: number, size: number): string {
  let end = 0;
  for (const { index } of text.matchAll(/\s+/g)) {
    if (textWidth(text.slice(0, index), size) > width) break;
    end = index;
  }
  return text.slice(0, end);
}
