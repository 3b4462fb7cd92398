/**
 * What the records of past runs say, as text: one line a run, or a page.
 *
 * @module
 */
import { short } from "../../number_text.ts";
import { eventLine, isNews } from "./event_lines.ts";
import { eventsIn } from "./past_events.ts";
import type { PastRun } from "./past_run.ts";
import { texts } from "./plain_facts.ts";
import { dateText, holderText } from "./run_lock.ts";
import { stateOf, stateText } from "./run_state.ts";
import { bestLine, curveLines, endingLine, fileLines } from "./summary.ts";

/**
 * A table of runs: a line each, in columns.
 *
 * @param parent The folder they are in.
 * @param width How long a line may be. Why a run ended is cut to that, as far
 * as the other columns leave room. Default 80.
 */
export function runLines(
  parent: string,
  runs: readonly PastRun[],
  width = 80,
): string[] {
  const rows = runs.map((run) => [
    run.dir.slice(parent.length + 1),
    stateText(run),
    run.wanted === undefined ? "" : `${run.epoch.length}/${run.wanted}`,
    run.best ? `${run.best.key} ${short(run.best.value)}` : "",
    duration(run.seconds),
  ]);
  const widthOf = (column: number) =>
    Math.max(...rows.map((row) => row[column]!.length));
  const others = [0, 2, 3, 4].map(widthOf).reduce((a, b) => a + b + GAP.length);
  const room = Math.max(LEAST, width - others - GAP.length);
  const cut = rows.map((row) =>
    row.with(1, shortened(row[1]!, Math.max(room, wordsBefore(row[1]!))))
  );
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...cut.map((row) => row[column]!.length))
  );
  return cut.map((row) =>
    row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(GAP).trimEnd()
  );
}

const GAP = "  ";

/** So much of how a run ended is shown in any case. */
const LEAST = 20;

/** How long a state is up to its reason: whether a run is resumable is never cut. */
function wordsBefore(state: string): number {
  const reason = state.indexOf(":");
  return reason < 0 ? state.length : reason + 1;
}

/**
 * A run on a page: how it stands, its best epoch and curves, with what it ran,
 * what happened, its files, and how it can go on.
 *
 * @param width How long a line on what happened may be. Default 80.
 */
export function runPage(run: PastRun, width = 80): string[] {
  const { dir, best, history, error } = run;
  return [
    standing(run),
    ...error === undefined ? [] : [`Then the experiment failed: ${error}`],
    ...best ? [bestLine(best)] : [],
    ...curveLines(history),
    ...aboutLines(run),
    ...resumeLines(run.resumed),
    ...newsLines(run, width),
    ...fileLines(dir),
    ...stateOf(run).resumable
      ? [`To go on with it: deno task train --resume ${dir}`]
      : [],
  ];
}

function standing(run: PastRun): string {
  const { outcome, epoch } = run;
  if (outcome) return endingLine(outcome, epoch.length);
  const { word, holder } = stateOf(run);
  const ran = epoch.length === 1 ? "1 epoch" : `${epoch.length} epochs`;
  const who = holder ? ` (${holderText(holder).replace(/,$/, "")})` : "";
  return word === "running"
    ? `Running${who}, ${ran} done`
    : `Killed after ${ran}${who}`;
}

function aboutLines({ facts, seconds }: PastRun): string[] {
  const { experiment, began, backend, threads, seed, learningRate } = facts;
  const about: Readonly<Record<string, unknown>> = {
    experiment,
    command: Array.isArray(facts.command) ? facts.command.join(" ") : undefined,
    began,
    took: duration(seconds),
    data: dataText(facts.data),
    loss: facts.loss,
    optimizer: nameOf(facts.optimizer),
    "learning rate": learningRate,
    backend: Number(threads) > 1 ? `${backend}, ${threads} threads` : backend,
    seed,
    plugins: Array.isArray(facts.plugins)
      ? facts.plugins.map(nameOf).join(", ")
      : undefined,
  };
  return Object.entries(about)
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([name, value]) => `  ${name}: ${plain(value)}`);
}

function resumeLines(resumed: PastRun["resumed"]): string[] {
  if (resumed.length === 0) return [];
  return [
    "Went on:",
    ...resumed.map(({ at, epoch, batch, after, changed }) => {
      const where = `epoch ${epoch + 1}${batch ? ` after batch ${batch}` : ""}`;
      const anyway = changed.length ? `, though ${changed.join("; ")}` : "";
      return `  ${dateText(at)} at ${where}, after it was ${after}${anyway}`;
    }),
  ];
}

/** The last things of each kind. */
const LAST = 5;

function newsLines({ dir, facts }: PastRun, width: number): string[] {
  const events = eventsIn(dir, isNews);
  const [warnings, others] = [true, false].map((warns) =>
    events.filter(({ kind }) => (kind === "warning") === warns)
      .flatMap((event) => eventLine(event) ?? [])
  ) as [string[], string[]];
  const listed = (title: string, lines: string[]) =>
    lines.length
      ? [
        lines.length > LAST
          ? `${title}, the last ${LAST} of ${lines.length}:`
          : `${title}:`,
        ...lines.slice(-LAST).map((it) => shortened(`  ${it}`, width)),
      ]
      : [];
  return [
    ...listed("Warnings", [...texts(facts.notes), ...warnings]),
    ...listed("What happened", others),
  ];
}

function shortened(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}

/** Seconds, from a minute on with minutes, from an hour on with hours. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Number(seconds.toFixed(1))}s`;
  const whole = Math.round(seconds);
  const two = (n: number) => String(n).padStart(2, "0");
  const [hours, minutes] = [
    Math.floor(whole / 3600),
    Math.floor(whole / 60) % 60,
  ];
  return hours
    ? `${hours}h ${two(minutes)}m`
    : `${minutes}m ${two(whole % 60)}s`;
}

function dataText(data: unknown): string | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { name, samples, validation } = data as Record<string, unknown>;
  if (name === undefined) return undefined;
  return `${name}, ${samples} samples, ${validation} for validation`;
}

function nameOf(value: unknown): string {
  const { name } = (value ?? {}) as { name?: unknown };
  return name === undefined ? "" : String(name);
}

function plain(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
