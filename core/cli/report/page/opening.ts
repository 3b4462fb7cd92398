/**
 * The head of a run's page: which run it is, how it stands, and what matters
 * most.
 *
 * @module
 */
import type { RunReport } from "../run_report.ts";
import { holderText } from "../run_lock.ts";
import { type Html, markup, type Part } from "./html.ts";
import { command } from "./tables.ts";
import { time } from "./frame.ts";
import { count, plural } from "../../../number_text.ts";
import { median, milliseconds, took, valueOf } from "./words.ts";

/** What a run is called: its folder's name. */
export function nameOf(dir: string): string {
  return dir.split("/").filter((it) => it && it !== ".").pop() ?? dir;
}

/** The head of its page. */
export function opening(report: RunReport, at: string): Html {
  const { dir, run, state, goOn } = report;
  const { began, error } = run;
  return markup`<h1>${nameOf(dir)}</h1>
<p class="place"><code>${dir}</code>${
    began && markup`, began ${time(began)}`
  }</p>
<p class="status ${state.word}">${standing(report, at)}</p>
${
    error !== undefined &&
    markup`<p class="problem">Then the experiment failed: ${error}</p>`
  }${
    goOn !== undefined &&
    markup`<p>To go on with it:</p>
${command(goOn)}`
  }${trainings(report)}
<dl class="figures">
${figures(report)}</dl>`;
}

/** How a run stands, in words. */
function standing(report: RunReport, at: string): Part {
  const { run: { outcome, epoch, wanted }, state: { word, holder } } = report;
  const ran = plural(epoch.length, "epoch");
  const of = wanted === undefined || wanted === epoch.length
    ? ran
    : `${count(epoch.length)} of ${plural(wanted, "epoch")}`;
  const who = holder ? ` (${holderText(holder).replace(/,$/, "")})` : "";
  switch (word) {
    case "finished":
      return markup`<b>Completed</b>, ${of}.`;
    case "running":
      return markup`<b>Running</b>${who}: as of ${
        time(at)
      }, ${of} are done. This page shows what is known until then.`;
    case "killed":
      return markup`<b>Killed</b> after ${of}${who}: its record has no end, so its process is gone without having ended the run.${
        report.goOn === undefined &&
        " It has no backup to go on from."
      }`;
    case "stopped":
      return markup`<b>Stopped</b> after ${of} by ${outcome?.by ?? "the run"}${
        placeText(outcome)
      }: ${outcome?.reason ?? ""}`;
    case "interrupted":
      return markup`<b>Interrupted</b> after ${of}: ${outcome?.reason ?? ""}`;
    default:
      // Where in a plugin it failed stands in the reason.
      return markup`<b>Failed</b> after ${of}${
        outcome?.by === undefined && placeText(outcome)
      }: ${outcome?.reason ?? "the record does not say why"}`;
  }
}

function placeText(outcome: RunReport["run"]["outcome"]): string {
  const { hook, epoch, batch } = outcome ?? {};
  const at = [
    hook,
    typeof epoch === "number" && `epoch ${epoch + 1}`,
    typeof batch === "number" && `batch ${batch + 1}`,
  ].filter(Boolean);
  return at.length ? ` in ${at.join(", ")}` : "";
}

/** The way to the other trainings of an experiment. */
function trainings({ dir, trainings }: RunReport): Part {
  if (trainings.length === 0) return undefined;
  const root = trainings[0]!;
  const up = dir === root ? "" : "../";
  const links = trainings.map((other, i) => {
    const below = other === root ? "" : `${nameOf(other)}/`;
    const name = `${i + 1}`;
    return other === dir
      ? markup` <b aria-current="page">${name}</b>`
      : markup` <a href="${up}${below}report.html">${name}</a>`;
  });
  return markup`<p>The experiment trained ${
    plural(trainings.length, "time")
  }; this is training ${trainings.indexOf(dir) + 1}:${links}</p>`;
}

function figures(report: RunReport): Part {
  const { run, layers, seconds } = report;
  const { best, epoch, wanted, facts } = run;
  const middle = median(seconds);
  const steps = Object(facts.params).steps;
  const figure = (name: string, value: Part, small?: Part) =>
    markup`<div><dt>${name}</dt><dd>${value}${
      small && markup`<small>${small}</small>`
    }</dd></div>
`;
  const params = layers.reduce((sum, it) => sum + (Number(it.params) || 0), 0);
  return [
    best &&
    figure(
      `best ${best.key}`,
      valueOf(best.value),
      `epoch ${count(best.epoch + 1)}`,
    ),
    (epoch.length > 0 || wanted !== undefined) &&
    figure(
      "epochs",
      count(epoch.length),
      wanted !== undefined && `of ${count(wanted)}`,
    ),
    run.seconds > 0 && figure("took", took(run.seconds)),
    middle !== undefined &&
    figure(
      "per epoch",
      milliseconds(middle * 1000),
      typeof steps === "number" && steps > 0 &&
        `${plural(steps, "batch", "batches")} each`,
    ),
    params > 0 &&
    figure("parameters", count(params), plural(layers.length, "layer")),
  ];
}
