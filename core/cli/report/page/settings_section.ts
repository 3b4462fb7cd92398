/**
 * With what a run ran, how it is repeated, and where its time went.
 *
 * @module
 */
import type { RunReport } from "../run_report.ts";
import { type Group, GROUPS, type Setting } from "../settings.ts";
import type { Section } from "./frame.ts";
import { type Html, markup, trusted } from "./html.ts";
import { command, type Row, table } from "./tables.ts";
import { plural } from "../../../number_text.ts";
import { median, milliseconds } from "./words.ts";

/** The section on how to repeat a run. */
export function repeatSection(report: RunReport): Section | undefined {
  const { again } = report;
  return again === undefined ? undefined : {
    id: "repeat",
    title: "To repeat it",
    body: [
      command(again),
      markup`<p>With the same files, data and versions, which are below, the same numbers come out on <code>cpu</code> and <code>wasm</code>${
        byHand(report)
      }.</p>`,
    ],
  };
}

/** From where on people had a hand in it, through plugins that do what they ask for. */
function byHand({ happened = [], plan }: RunReport): string {
  const calls = plan?.hooks.flatMap(({ calls }) => calls) ?? [];
  const asked = happened.find(({ by, kind }) =>
    (kind === "set" || kind === "stop") &&
    calls.some(({ plugin, onlooker }) => onlooker && plugin === by)
  );
  if (!asked) return "";
  const { by, epochs } = asked;
  return `, but for what ${by} was asked for${
    epochs ? `, from epoch ${epochs[0] + 1} on` : ""
  }`;
}

/** The section on settings. */
export function settingsSection({ settings }: RunReport): Section | undefined {
  const groups = GROUPS.flatMap((group) => {
    const own = settings.filter((it) => it.group === group);
    return own.length ? [settingsTable(group, own)] : [];
  });
  return groups.length
    ? {
      id: "settings",
      title: "Settings",
      body: markup`<div class="groups">${groups}</div>`,
    }
    : undefined;
}

function settingsTable(group: Group, settings: readonly Setting[]): Html {
  const rows = group === "Plugins"
    ? pluginRows(settings)
    : settings.map(({ name, value }) => ({ cells: [name, value] }));
  return markup`<div class="group"><h3>${group}</h3>
${table(group, [{ title: "name" }, { title: "value" }], rows, "plain")}</div>`;
}

/** A plugin a row, with its options as `--use` takes them. */
function pluginRows(settings: readonly Setting[]): Row[] {
  return settings.filter(({ option }) => !option).map(({ name, value }) => {
    const options = settings.filter(({ option }) => option?.[0] === name);
    return {
      cells: [
        name,
        markup`${
          options.map(({ option, value }) =>
            markup`<code class="option">${option![1]}=${value}</code> `
          )
        }<span class="soft">${value}</span>`,
      ],
    };
  });
}

/** The section on time. */
export function timeSection(report: RunReport): Section | undefined {
  const { seconds, time, run } = report;
  const known = seconds.filter((it): it is number => Number.isFinite(it));
  if (known.length === 0 && !time) return undefined;
  const steps = Object(run.facts.params).steps;
  const middle = median(known);
  const perBatch = time?.told
    ? time.batches / time.told
    : middle !== undefined && steps > 0
    ? middle * 1000 / steps
    : undefined;
  return {
    id: "time",
    title: "Time",
    body: [
      known.length > 0 &&
      markup`<p>An epoch took ${
        milliseconds(middle! * 1000)
      } (the median), from ${milliseconds(least(known) * 1000)} to ${
        milliseconds(greatest(known) * 1000)
      }${
        perBatch !== undefined &&
        `; a batch ${milliseconds(perBatch)} on average${
          time?.told ? "" : ", with its share of validation"
        }`
      }.</p>`,
      time && bars(time),
    ],
  };
}

/** More values than can be arguments of a function. */
function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b));
}

function greatest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b));
}

function bars(time: NonNullable<RunReport["time"]>): Html {
  const parts: [string, number][] = [
    ["until the first logs", time.start],
    [`${plural(time.told, "batch", "batches")} of training`, time.batches],
    [
      time.told ? "validation" : "batches and validation",
      time.validation,
    ],
    ["plugins at the end of epochs", time.epochEnds],
    ["after the last epoch", time.end],
  ];
  const shown = parts.filter(([, ms]) => ms > 0);
  const all = shown.reduce((sum, [, ms]) => sum + ms, 0);
  return markup`<p>Where it went, by the clock of <code>events.jsonl</code>; what a run does between two lines of it counts as the later one's, backups among it.</p>
<ul class="bars">${
    shown.map(([name, ms]) => {
      const percent = 100 * ms / all;
      const bar = trusted(`<i style="width:${percent.toFixed(1)}%"></i>`);
      return markup`<li><span>${name}</span><span aria-hidden="true">${bar}</span><span>${
        milliseconds(ms)
      }, ${percent.toFixed(0)} %</span></li>\n`;
    })
  }</ul>`;
}
