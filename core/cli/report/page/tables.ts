/**
 * Tables of a page, with headings that a screen reader finds.
 *
 * @module
 */
import { type Html, html, type Part } from "./html.ts";

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
 * @param caption What it shows; read out, and seen where `seen` is set.
 */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly Row[],
  seen = false,
): Html {
  const kind = (i: number): Html | undefined =>
    columns[i]?.numeric
      ? html`
        class="num"
      `
      : undefined;
  return html`
    <div class="scroll" role="region" aria-label="${caption}" tabindex="0">
      <table>
        <caption${seen ? undefined : html`
          class="hidden"
        `}>${caption}</caption>
    <thead><tr>${columns.map(({ title }, i) =>
      html`
        <th scope="col" ${kind(i)}>${title}</th>
      `
    )}</tr></thead>
    <tbody>
    ${rows.map(({ cells, marked }) =>
      html`
        <tr${marked
          ? html`
            class="marked"
          `
          : undefined}>${cells.map((cell, i) =>
            i === 0
              ? html`
                <th scope="row" ${kind(i)}>${cell}</th>
              `
              : html`<td${kind(i)}>${cell}</td>`
          )}</tr>
      `
    )}</tbody>
    </table></div>
  `;
}

/** What is folded away until it is asked for. */
export function folded(summary: Part, content: Part): Html {
  return html`<details><summary>${summary}</summary>
${content}
</details>`;
}

/** A command to be copied: a click selects all of it. */
export function command(text: string): Html {
  return html`<pre class="command" tabindex="0"><code>${text}</code></pre>`;
}
