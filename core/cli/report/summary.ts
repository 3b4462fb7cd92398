/**
 * What a user wants to know when a run has ended: how and why, the best epoch,
 * the curves, where the files are.
 *
 * @module
 */
import type { History } from "../../run/history.ts";
import type { LogRecord, Outcome } from "../../plugin.ts";
import type { Ended } from "../experiment/run_once.ts";
import { sparkline } from "./sparkline.ts";

/**
 * The summary of a run, line by line.
 *
 * @param dir Folder of the run.
 * @param files Paths inside it.
 */
export function summary(
  { history, aborted }: Ended,
  dir: string,
  files: readonly string[],
): string[] {
  return [
    ...history
      ? historyLines(history)
      : [aborted ? "Aborted: interrupted" : "Completed"],
    ...files.length
      ? [`Files in ${dir}:`, ...files.map((file) => `  ${file}`)]
      : [],
  ];
}

function historyLines(
  { outcome, best, epoch, history }: History,
): string[] {
  const lines = [ending(outcome, epoch.length)];
  if (best) {
    lines.push(
      `Best epoch: ${best.epoch + 1}, ${best.key} ${short(best.value)}${
        others(history, epoch.indexOf(best.epoch), best.key)
      }`,
    );
  }
  return [...lines, ...curves(history)];
}

/** Results, one key per line. */
export function resultLines(results: LogRecord): string[] {
  const width = Math.max(0, ...Object.keys(results).map((key) => key.length));
  return Object.entries(results).map(([key, value]) =>
    `  ${key.padEnd(width)}  ${short(value)}`
  );
}

function ending(outcome: Outcome, epochs: number): string {
  const ran = epochs === 1 ? "1 epoch" : `${epochs} epochs`;
  const { status, by, hook, reason } = outcome;
  switch (status) {
    case "completed":
      return `Completed ${ran}`;
    case "stopped":
      return `Stopped after ${ran} by ${by} in ${hook}: ${reason}`;
    default:
      return `${
        status === "aborted" ? "Aborted" : "Failed"
      } after ${ran}: ${reason}`;
  }
}

/** The other validation keys of the best epoch; all other keys if there are none. */
function others(
  history: History["history"],
  at: number,
  bestKey: string,
): string {
  const prefix = bestKey.startsWith("val_") ? "val_" : "";
  const keys = Object.keys(history).filter((key) =>
    key !== bestKey && key.startsWith(prefix) && key !== "learning_rate"
  );
  return keys.map((key) => `, ${key} ${short(history[key]![at]!)}`).join("");
}

function curves(history: History["history"]): string[] {
  const drawn = Object.entries(history).filter(([, values]) =>
    values.length > 1
  );
  const width = Math.max(0, ...drawn.map(([key]) => key.length));
  return drawn.map(([key, values]) =>
    `  ${key.padEnd(width)}  ${sparkline(values)}  ${short(values[0]!)} -> ${
      short(values.at(-1)!)
    }`
  );
}

function short(value: number): string {
  if (value === undefined) return "?";
  return Number.isInteger(value) || Math.abs(value) >= 1e-3
    ? String(Number(value.toFixed(4)))
    : value.toExponential(2);
}
