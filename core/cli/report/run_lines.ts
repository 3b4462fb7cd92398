/**
 * What the records of past runs say, as text: one line a run, or a page.
 *
 * @module
 */
import type { PastRun } from "./past_run.ts";
import {
  bestLine,
  curveLines,
  endingLine,
  fileLines,
  short,
} from "./summary.ts";

/** A table of runs: a line each, in columns. */
export function runLines(parent: string, runs: readonly PastRun[]): string[] {
  const rows = runs.map((run) => [
    run.dir.slice(parent.length + 1),
    ending(run),
    epochs(run),
    run.best
      ? `${run.best.key} ${short(run.best.value)} in epoch ${
        run.best.epoch + 1
      }`
      : "",
    duration(run.seconds),
  ]);
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...rows.map((row) => row[column]!.length))
  );
  return rows.map((row) =>
    row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ").trimEnd()
  );
}

/** A run on a page: how it ended, its best epoch and curves, with what it ran, its files. */
export function runPage(run: PastRun): string[] {
  const { dir, outcome, best, epoch, history, facts, error } = run;
  const { experiment, began, backend, seed, learningRate } = facts;
  const about: Readonly<Record<string, unknown>> = {
    experiment,
    began,
    took: duration(run.seconds),
    data: dataText(facts.data),
    loss: facts.loss,
    optimizer: nameOf(facts.optimizer),
    "learning rate": learningRate,
    backend,
    seed,
    plugins: Array.isArray(facts.plugins)
      ? facts.plugins.map(nameOf).join(", ")
      : undefined,
  };
  return [
    outcome
      ? endingLine(outcome, epoch.length)
      : `Has not ended: it is running, or was killed after ${
        epoch.length === 1 ? "1 epoch" : `${epoch.length} epochs`
      }`,
    ...error === undefined ? [] : [`Then the experiment failed: ${error}`],
    ...best ? [bestLine(best)] : [],
    ...curveLines(history),
    ...Object.entries(about)
      .filter(([, value]) => value !== undefined && value !== "")
      .map(([name, value]) => `  ${name}: ${plain(value)}`),
    ...fileLines(dir),
  ];
}

function ending({ outcome, error }: PastRun): string {
  if (!outcome) return "has not ended";
  const { status, by } = outcome;
  const end = by === undefined ? status : `${status} by ${by}`;
  return error === undefined ? end : `${end}, then failed`;
}

function epochs({ epoch, wanted }: PastRun): string {
  return wanted === undefined ? "" : `${epoch.length} of ${wanted} epochs`;
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
