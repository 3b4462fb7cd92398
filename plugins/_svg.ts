/**
 * Parts of an SVG drawing.
 *
 * @module
 */

/** A text, whatever signs are in it. */
export function text(
  x: number,
  y: number,
  content: string,
  style = "",
  anchor: "start" | "middle" | "end" = "start",
): string {
  const named = style && ` class="${style}"`;
  return `<text x="${x}" y="${y}"${named} text-anchor="${anchor}">${
    escaped(content)
  }</text>`;
}

/** Text as it may stand in an element or an attribute. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** From a range of values to a range of places, in tenths. */
export function scale(
  from: number,
  to: number,
  start: number,
  end: number,
): (value: number) => number {
  const unit = (end - start) / (to - from);
  return (value) => Math.round((start + (value - from) * unit) * 10) / 10;
}
