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
  /** What a Deno Jupyter notebook shows: `image/svg+xml`, and `text/plain` elsewhere. */
  readonly [key: symbol]: () => Readonly<Record<string, string>>;
}
