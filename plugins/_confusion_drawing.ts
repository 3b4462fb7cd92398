/**
 * The drawing of a confusion matrix, as SVG.
 *
 * @module
 */
import { type Counts, grouped } from "./_confusion.ts";
import { escaped, text } from "./_svg.ts";

/** Side of a cell, and room for the names; both in pixels. */
const [CELL, NAMES, HEAD] = [44, 120, 84];

/** Room for the note, and for a letter of the title; both in pixels. */
const [NOTE, LETTER] = [420, 9.5];

/** With more classes than this, the counts would not be readable. */
const MOST_COUNTS = 30;

/** Dark if the reader prefers dark pages. */
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .head { font-size: 16px; font-weight: 600 }
  .note { fill: #59636e }
  .page { fill: #ffffff }
  .right { fill: #0b5cad }
  .wrong { fill: #bc4c00 }
  .grid { fill: none; stroke: #d1d9e0 }
  .bright { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .note { fill: #9aa4af }
    .page { fill: #0d1117 }
    .grid { stroke: #30363d }
  }
`;

/**
 * The matrix, each cell as dark as its share of its row.
 *
 * @param counts Row: the true class; column: the predicted one.
 * @param names Names of the classes.
 * @param title What stands above it.
 */
export function matrixDrawing(
  counts: Counts,
  names: readonly string[],
  title: string,
): string {
  const side = counts.length * CELL;
  const words = Math.max(NOTE, Math.ceil(24 + title.length * LETTER));
  const [width, height] = [
    Math.max(NAMES + side + 24, words),
    HEAD + side + 24,
  ];
  const middle = (i: number) => i * CELL + CELL / 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${
    escaped(title)
  }">
<style>${STYLE}</style>
<rect class="page" width="${width}" height="${height}"/>
${text(12, 26, title, "head")}
${text(12, 47, "rows: the true class; columns: the predicted one", "note")}
${
    names.map((name, i) =>
      text(NAMES + middle(i), HEAD - 8, short(name, 6), "", "middle") + "\n" +
      text(NAMES - 8, HEAD + middle(i) + 4, short(name, 16), "", "end")
    ).join("\n")
  }
${counts.map((row, i) => rowOf(row, i, counts.length)).join("\n")}
</svg>
`;
}

function rowOf(row: readonly number[], i: number, classes: number): string {
  const all = row.reduce((a, b) => a + b, 0);
  return row.map((count, j) => {
    const [x, y] = [NAMES + j * CELL, HEAD + i * CELL];
    const share = all === 0 ? 0 : count / all;
    const place = `x="${x}" y="${y}" width="${CELL}" height="${CELL}"`;
    const style = share > 0.5 ? "bright" : "";
    const number = count === 0 || classes > MOST_COUNTS
      ? ""
      : text(x + CELL / 2, y + CELL / 2 + 4, grouped(count), style, "middle");
    return `<rect class="${i === j ? "right" : "wrong"}" fill-opacity="${
      share.toFixed(3)
    }" ${place}/><rect class="grid" ${place}/>${number}`;
  }).join("\n");
}

function short(name: string, most: number): string {
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
}
