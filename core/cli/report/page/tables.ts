/**
 * Tables of a page, with headings that a screen reader finds.
 *
 * @module
 */
import { type Html, markup, type Part } from "./html.ts";

/** A column of a table. */
export interface Column {
  /** Its heading. */
  readonly title: Part;
  /** Whether it holds numbers. Default false. */
  readonly numeric?: boolean;
}

/** A row of a table: its cells, the first of which names it. */
export interface Row {
  readonly cells: readonly Part[];
  /** Whether it stands out. Default false. */
  readonly marked?: boolean;
}

/**
 * A table.
 *
 * @param caption What it shows, to be read out.
 * @param look `"plain"` where the headings of its columns go without saying.
 */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly Row[],
  look = "",
): Html {
  const kind = (i: number) => columns[i]?.numeric && NUMERIC;
  const head = columns.map(({ title }, i) =>
    markup`<th scope="col"${kind(i)}>${title}</th>`
  );
  const body = rows.map(({ cells: [name, ...cells], marked }) =>
    markup`<tr${marked && MARKED}><th scope="row"${kind(0)}>${name}</th>${
      cells.map((cell, i) => markup`<td${kind(i + 1)}>${cell}</td>`)
    }</tr>\n`
  );
  // What may scroll sideways is reached by the keyboard.
  const scrolls = look !== "plain" &&
    markup` role="group" aria-label="${caption}" tabindex="0"`;
  return markup`<div class="scroll"${scrolls}><table${
    look && markup` class="${look}"`
  }>
<caption class="hidden">${caption}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody>
</table></div>`;
}

const NUMERIC = markup` class="num"`;
const MARKED = markup` class="marked"`;

/** What is folded away until it is asked for. */
export function folded(summary: Part, content: Part): Html {
  return markup`<details><summary>${summary}</summary>
${content}
</details>`;
}

/** A command to be copied: a click selects all of it. */
export function command(text: string): Html {
  return markup`<pre class="command" tabindex="0"><code>${text}</code></pre>`;
}
