/**
 * Parts of an SVG drawing.
 *
 * @module
 */

/** A text element; the text may contain any characters. */
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

/** Text escaped for an element or an attribute. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Map a range of values to a range of positions, in tenths; values far outside are pulled closer. */
export function scale(
  from: number,
  to: number,
  start: number,
  end: number,
): (value: number) => number {
  return (value) => {
    const part = (value - from) / (to - from);
    const within = Math.max(-FAR, Math.min(FAR, part));
    return Math.round((start + within * (end - start)) * 10) / 10;
  };
}

/** Kept within range: viewers mishandle numbers that are too large. */
const FAR = 10;
