/**
 * A finished drawing.
 *
 * @module
 */

/** A drawing as an SVG document. Frozen; it shows itself in a Jupyter notebook. */
export interface Picture {
  /** The whole document, to be written to a file or put into a page. */
  readonly svg: string;
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** What it shows, in words. */
  readonly text: string;
  /** The same as `svg`. */
  toString(): string;
}

/** By this Deno's Jupyter kernel asks a value how it is shown. */
const DISPLAY = Symbol.for("Jupyter.display");

/**
 * A picture of a document.
 *
 * @param drawing The document, its size, and what it shows in words.
 */
export function pictureOf(drawing: Omit<Picture, "toString">): Picture {
  const { svg, text } = drawing;
  return Object.freeze({
    ...drawing,
    toString: () => svg,
    [DISPLAY]: () => ({ "image/svg+xml": svg, "text/plain": text }),
  });
}
