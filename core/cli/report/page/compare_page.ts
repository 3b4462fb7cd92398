/**
 * The page of several runs: their curves over one another, how each went, and by
 * what they differ.
 *
 * @module
 */
import type { RunReport } from "../run_report.ts";
import { stateText } from "../run_state.ts";
import { drawings, type Figure } from "./curves.ts";
import { bestValues, type Compared, comparedSettings } from "./differences.ts";
import { page, type Section } from "./frame.ts";
import { type Html, markup, type Part } from "./html.ts";
import { command, folded, table } from "./tables.ts";
import { count, plural } from "../../../number_text.ts";
import { took, valueOf } from "./words.ts";

/** A run among those that are compared. */
export interface ComparedRun {
  /** What it is called here. */
  readonly name: string;
  /** What is known of it. */
  readonly report: RunReport;
  /** Where its own page is, seen from this one; undefined if there is none. */
  readonly page: string | undefined;
}

/**
 * The page of several runs.
 *
 * @param runs What is known of each.
 * @param figures Their curves.
 * @param at When the page is made, as an ISO date.
 * @returns A whole HTML document.
 */
export function comparePage(
  runs: readonly ComparedRun[],
  figures: readonly Figure[],
  at: string,
): string {
  const compared = comparedSettings(runs.map(({ report }) => report));
  const sections: (Section | undefined)[] = [
    { id: "results", title: "Results", body: results(runs) },
    {
      id: "curves",
      title: "Curves",
      body: figures.length
        ? drawings(figures)
        : markup`<p>There are no curves: none of the runs has values of an epoch.</p>`,
    },
    {
      id: "differences",
      title: "Differences",
      body: differences(runs, compared),
    },
    repeat(runs),
  ];
  return page({
    title: `${runs.length} runs compared`,
    head: markup`<h1>${plural(runs.length, "run")} compared</h1>
<ul>${
      runs.map(({ name, page, report: { run, dir } }) => {
        const link = page === undefined
          ? markup`<b>${name}</b>`
          : markup`<a href="${page}">${name}</a>`;
        return markup`<li>${link}: ${
          stateText(run)
        } <span class="soft">(<code>${dir}</code>)</span></li>\n`;
      })
    }</ul>`,
    sections: sections.filter((it) => it !== undefined),
    at,
  });
}

function results(runs: readonly ComparedRun[]): Html {
  const metrics = bestValues(runs.map(({ report }) => report));
  return markup`${
    table(
      "How each run went, with its best values",
      [
        { title: "run" },
        { title: "ended" },
        { title: "epochs", numeric: true },
        { title: "took", numeric: true },
        ...metrics.map(({ key, direction }) => ({
          title: markup`${key} <span class="soft">${
            direction === "min" ? "lowest" : "highest"
          }</span>`,
          numeric: true,
        })),
      ],
      runs.map(({ name, report: { run, state } }, i) => ({
        cells: [
          name,
          state.word,
          run.wanted === undefined
            ? count(run.epoch.length)
            : `${count(run.epoch.length)}/${count(run.wanted)}`,
          took(run.seconds),
          ...metrics.map(({ values }) => bestCell(values[i])),
        ],
      })),
    )
  }${
    metrics.length > 0 &&
    markup`<p>Of each metric the best value of a run, with its epoch; the best of all is in bold, with a star.</p>`
  }`;
}

function bestCell(
  best: ReturnType<typeof bestValues>[number]["values"][number],
): Part {
  if (!best) return "–";
  const value = valueOf(best.value);
  return markup`${
    best.best ? markup`<b class="best">★ ${value}</b>` : value
  }<br><span class="soft">epoch ${count(best.epoch + 1)}</span>`;
}

function differences(
  runs: readonly ComparedRun[],
  compared: readonly Compared[],
): Part {
  const different = compared.filter((it) => !it.equal);
  const equal = compared.filter((it) => it.equal);
  return [
    different.length > 0
      ? table(
        "Settings in which the runs differ",
        [{ title: "setting" }, ...runs.map(({ name }) => ({ title: name }))],
        different.map(({ group, name, values }) => ({
          cells: [
            markup`${name}<br><span class="soft">${group}</span>`,
            ...values.map((it) => it === undefined ? "–" : shortened(it)),
          ],
        })),
        "values",
      )
      : markup`<p>No setting differs between them.</p>`,
    equal.length > 0 &&
    folded(
      `${plural(equal.length, "setting")} that they have in common`,
      table(
        "Settings that the runs have in common",
        [{ title: "setting" }, { title: "value" }, { title: "of" }],
        equal.map(({ group, name, values }) => ({
          cells: [
            name,
            values.find((it) => it !== undefined),
            markup`<span class="soft">${group}</span>`,
          ],
        })),
        "values",
      ),
    ),
  ];
}

/** Of a checksum so much is enough to tell two apart. */
function shortened(value: string): string {
  return /^[0-9a-f]{64}$/.test(value) ? `${value.slice(0, 10)}…` : value;
}

function repeat(runs: readonly ComparedRun[]): Section | undefined {
  const known = runs.filter(({ report }) => report.again !== undefined);
  return known.length === 0 ? undefined : {
    id: "repeat",
    title: "To repeat them",
    body: known.map(({ name, report }) =>
      markup`<h3>${name}</h3>
${command(report.again!)}`
    ),
  };
}
