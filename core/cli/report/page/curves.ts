/**
 * The curves of a run, and their values as a table.
 *
 * @module
 */
import type { RunReport } from "../run_report.ts";
import type { Section } from "./frame.ts";
import { type Html, markup, trusted } from "./html.ts";
import { folded, table } from "./tables.ts";
import { count } from "../../../number_text.ts";
import { milliseconds, valueOf } from "./words.ts";

/** A drawing of curves. */
export interface Figure {
  /** The drawing: SVG of ours, which says what it shows; empty if it cannot be drawn. */
  readonly svg: string;
  /** What it shows, or why it cannot be drawn. */
  readonly text: string;
}

/** The section of curves. */
export function curvesSection(
  report: RunReport,
  figures: readonly Figure[],
): Section {
  const body = report.run.epoch.length
    ? [drawings(figures), folded("The values of each epoch", epochs(report))]
    : markup`<p>There are no curves: no epoch came to its end${
      report.run.outcome ? "" : ", or none was recorded"
    }.</p>`;
  return { id: "curves", title: "Curves", body };
}

/** The section of what plugins drew. */
export function picturesSection({ pictures }: RunReport): Section | undefined {
  if (pictures.length === 0) return undefined;
  const figures = pictures.map(({ path, address }) =>
    markup`<figure><img src="${address}" alt="${path}"><figcaption><code>${path}</code></figcaption></figure>\n`
  );
  return {
    id: "pictures",
    title: "Pictures",
    body: markup`<div class="drawings">\n${figures}</div>`,
  };
}

/** Drawings beside one another, as far as there is room. */
export function drawings(figures: readonly Figure[]): Html {
  const single = figures.length === 1 ? " single" : "";
  return markup`<div class="drawings${single}">
${
    figures.map(({ svg, text }) =>
      markup`<figure>${svg ? trusted(svg) : markup`<p>${text}</p>`}</figure>
`
    )
  }</div>`;
}

/** Of more epochs than this, some are listed. */
const LISTED = 200;

/** The values of each epoch, or of some where they are very many. */
function epochs({ run, columns, seconds }: RunReport): Html {
  const { epoch, best } = run;
  const keys = Object.keys(columns);
  const rows = shown(epoch, best?.epoch);
  const timed = seconds.length === epoch.length;
  return markup`${
    rows.length < epoch.length &&
    markup`<p>${count(rows.length)} of ${
      count(epoch.length)
    } epochs: the first, the last, the best, and evenly spaced ones between. All are in <code>run.json</code>.</p>`
  }${
    table(
      "Values of each epoch; the best one is marked",
      [
        { title: "epoch", numeric: true },
        ...keys.map((title) => ({ title, numeric: true })),
        ...timed ? [{ title: "time", numeric: true }] : [],
      ],
      rows.map((i) => ({
        marked: epoch[i] === best?.epoch,
        cells: [
          epoch[i]! + 1,
          ...keys.map((key) => valueOf(columns[key]![i])),
          ...timed ? [milliseconds((seconds[i] ?? NaN) * 1000)] : [],
        ],
      })),
    )
  }`;
}

function shown(epochs: readonly number[], best: number | undefined): number[] {
  const all = epochs.map((_, i) => i);
  if (all.length <= LISTED) return all;
  const every = (all.length - 1) / (LISTED - 1);
  const some = Array.from({ length: LISTED }, (_, i) => Math.round(i * every));
  const at = epochs.indexOf(best ?? NaN);
  return [...new Set(at < 0 ? some : [...some, at])].sort((a, b) => a - b);
}
