/**
 * The SVG document around a drawing: its size, name and description, rules,
 * paper and title.
 *
 * @module
 */
import { coloured, ROOT, rules } from "./look.ts";
import { cut, escaped } from "./text.ts";

/** Room around a drawing, in pixels. */
export const EDGE = 12;

/** Room for a title, its font size, and how much wider bold letters are. */
const [HEAD, SIZE, BOLD] = [28, 16, 1.12];

/** What is known of a drawing from outside. */
export interface Cover {
  /** Stands above it. */
  readonly title: string | undefined;
  /** What it shows, in a few words: its name for who does not see it. */
  readonly name: string;
  /** What it shows, in sentences. */
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

/** Where a drawing begins below its title. */
export function headerHeight(title: string | undefined): number {
  return EDGE + (title ? HEAD : 0);
}

/** The document. Nothing in it has an `id`, so that a page may hold several. */
export function documentSvg(
  { title, name, text, width, height }: Cover,
  parts: readonly string[],
): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="${ROOT}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, -apple-system, 'Segoe UI', sans-serif">`,
    `<title>${escaped(name)}</title>`,
    `<desc>${escaped(text)}</desc>`,
    `<style>${rules()}</style>`,
    `<rect ${
      coloured("paper")
    } width="${width}" height="${height}" fill="currentColor"/>`,
    `<g ${coloured("ink")} fill="none">`,
    ...title ? [titleSvg(title, width - 2 * EDGE)] : [],
    ...parts,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

function titleSvg(title: string, width: number): string {
  return `<text x="${EDGE}" y="${
    EDGE + 14
  }" font-size="${SIZE}" font-weight="600" fill="currentColor">${
    escaped(cut(title, width / BOLD, SIZE))
  }</text>`;
}
