/**
 * What happened in a run, as a table in the order of time; and its checkpoints.
 *
 * @module
 */
import { pathIn } from "../../../files.ts";
import type { Happened } from "../happened.ts";
import type { Checkpoint, RunReport } from "../run_report.ts";
import { dateText } from "../run_lock.ts";
import type { Section } from "./frame.ts";
import { type Html, markup, type Part } from "./html.ts";
import { folded, type Row, table } from "./tables.ts";
import { count, plural } from "../../../number_text.ts";
import { milliseconds } from "./words.ts";

/** At most so many things are listed. */
const MOST = 200;

/** What stands out. */
const NEWS: readonly Happened["kind"][] = ["stop", "warning", "off", "lost"];

/** The section on what happened. */
export function happenedSection(report: RunReport): Section {
  const { happened, notes, run } = report;
  return {
    id: "happened",
    title: "What happened",
    body: [
      happened === undefined
        ? markup`<p>There is no log of what happened: <code>events.jsonl</code> is not in the folder.</p>`
        : happened.length
        ? timeline(happened)
        : notes.length === 0 &&
          markup`<p>Nothing but training: no plugin stopped it, set anything or saved a checkpoint, and nothing was warned of.</p>`,
      notes.map((it) => markup`<p>Warning: ${cut(it)}</p>`),
      resumes(run.resumed),
    ],
  };
}

function timeline(happened: readonly Happened[]): Html {
  const rows = happened.map((it): Row => ({
    marked: NEWS.includes(it.kind),
    cells: [
      markup`<span class="soft">${milliseconds(it.at)}</span>`,
      whenText(it),
      it.by,
      markup`${it.kind === "warning" && "Warning: "}${cut(it.text)}${
        it.times > 1 && `, ${count(it.times)} times`
      }`,
    ],
  }));
  const columns = [
    { title: "after", numeric: true },
    { title: "epoch" },
    { title: "who" },
    { title: "did what" },
  ];
  const caption = "What plugins did and what was warned of, in order";
  const shown = table(caption, columns, rows.slice(0, MOST));
  if (rows.length <= MOST) return shown;
  return markup`${shown}<p>And ${
    plural(rows.length - MOST, "more thing")
  }, in <code>events.jsonl</code>.</p>`;
}

/** So much of a message is shown. */
const LONG = 1000;

function cut(text: string): string {
  return text.length > LONG ? `${text.slice(0, LONG)}…` : text;
}

function whenText({ epochs, batch, times }: Happened): string {
  if (!epochs) return "";
  const [first, last] = epochs.map((epoch) => count(epoch + 1));
  if (times > 1 && first !== last) return `${first} to ${last}`;
  return batch === undefined ? first! : `${first}, batch ${count(batch + 1)}`;
}

function resumes(resumed: RunReport["run"]["resumed"]): Part {
  if (resumed.length === 0) return undefined;
  return markup`<h3>It was broken off, and went on</h3>
<ul>${
    resumed.map(({ at, epoch, batch, after, changed }) =>
      markup`<li>${dateText(at)} UTC, in epoch ${epoch + 1}${
        batch > 0 && ` after batch ${batch}`
      }, after it was ${after}${
        changed.length > 0 && `, though ${changed.join("; ")}`
      }</li>`
    )
  }</ul>`;
}

/** Of more checkpoints than this, the best and the last are shown at once. */
const FEW = 12;

/** The section on checkpoints. */
export function checkpointsSection(
  { dir, checkpoints }: RunReport,
): Section | undefined {
  if (checkpoints.length === 0) return undefined;
  const there = checkpoints.filter((it) => it.there).reverse()
    .sort((a, b) => Number(b.best) - Number(a.best));
  const gone = checkpoints.length - there.length;
  const other = there.length ? "other " : "";
  const list = (some: readonly Checkpoint[]) =>
    table(
      "Checkpoints, and which holds the best epoch",
      [{ title: "folder" }, { title: "holds" }, { title: "saved by" }],
      some.map((it) => ({
        marked: it.best,
        cells: [markup`<code>${pathIn(dir, it.path)}</code>`, holds(it), it.by],
      })),
    );
  const [first, others] = [there.slice(0, FEW), there.slice(FEW, MOST)];
  const unlisted = Math.max(0, there.length - MOST);
  return {
    id: "checkpoints",
    title: "Checkpoints",
    body: [
      first.length > 0 && list(first),
      others.length > 0 &&
      folded(plural(others.length, "earlier one"), list(others)),
      unlisted > 0 &&
      markup`<p>And ${
        count(unlisted)
      } more, which were saved before these.</p>`,
      gone > 0 &&
      markup`<p>${
        plural(gone, `${other}checkpoint was`, `${other}checkpoints were`)
      } saved, and ${gone === 1 ? "is" : "are"} not there any more.</p>`,
    ],
  };
}

function holds({ epoch, batch, best, weightsOnly, times }: Checkpoint): string {
  const what = weightsOnly ? "the weights" : "the model with its optimizer";
  const at = epoch === undefined
    ? ""
    : ` after epoch ${epoch + 1}${
      batch === undefined ? "" : `, batch ${batch + 1}`
    }`;
  const often = times > 1 ? `, saved ${count(times)} times` : "";
  return `${what}${at}${best ? ", the best" : ""}${often}`;
}
