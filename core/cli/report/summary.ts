/**
 * What a user wants to know when a run has ended: how and why, the best epoch,
 * the curves, where the files are.
 *
 * @module
 */
import type { History } from "../../run/history.ts";
import type { LogRecord, Outcome } from "../../plugin.ts";
import { short } from "../../number_text.ts";
import { cut, widthOf } from "../../text_width.ts";
import type { Ended } from "../experiment/run_once.ts";
import { filesIn } from "./run_folder.ts";
import { sparkline } from "./sparkline.ts";

/** The summary of an experiment, line by line. */
export function summary(
  { history, aborted, dir, problem, unwritten }: Ended,
): string[] {
  return [
    ...history
      ? historyLines(history)
      : [aborted ? "Aborted: interrupted" : "Completed"],
    ...dir === undefined ? [] : fileLines(dir),
    ...problem === undefined ? [] : [`The record is not whole: ${problem}`],
    ...unwritten.map((it) => `Not written: ${it}`),
  ];
}

/** The files of a run. */
export function fileLines(dir: string): string[] {
  const files = filesIn(dir);
  return files.length
    ? [`Files in ${dir}:`, ...files.map((file) => `  ${file}`)]
    : [];
}

/** How a training run ended, its best epoch and its curves. */
export function historyLines(
  { outcome, best, epoch, history }: Pick<
    History,
    "outcome" | "best" | "epoch" | "history"
  >,
): string[] {
  return [
    endingLine(outcome, epoch.length),
    ...best ? [bestLine(best)] : [],
    ...curveLines(history),
  ];
}

/** Results, one key per line. */
export function resultLines(results: LogRecord): string[] {
  const width = Math.max(0, ...Object.keys(results).map(widthOf));
  return Object.entries(results).map(([key, value]) =>
    `  ${padded(key, width)}  ${short(value)}`
  );
}

/** How a run ended, in a line. */
export function endingLine(outcome: Outcome, epochs: number): string {
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

/** The best epoch with what it is best in, then the other validation keys it has; all other keys if validation did not run in it. */
export function bestLine(
  { epoch, key, value, logs }: NonNullable<History["best"]>,
): string {
  const prefix = key.startsWith("val_") ? "val_" : "";
  const others = Object.entries(logs).filter(([other]) =>
    other !== key && other.startsWith(prefix) && other !== "learning_rate"
  );
  return `Best epoch: ${epoch + 1}, ${
    [[key, value] as const, ...others]
      .map(([name, value]) => `${name} ${short(value)}`).join(", ")
  }`;
}

/** The curve of each key that has more than one value, in lines that fit a window of 80 columns. */
export function curveLines(history: History["history"]): string[] {
  const drawn = Object.entries(history)
    .filter(([, values]) => values.length > 1)
    .map(([key, values]) => ({
      key: cut(key, 36),
      values,
      change: `${short(values[0]!)} -> ${short(values.at(-1)!)}`,
    }));
  const names = Math.max(0, ...drawn.map(({ key }) => widthOf(key)));
  const changes = Math.max(0, ...drawn.map(({ change }) => change.length));
  // Two spaces before each part, and the last column stays empty.
  const room = Math.min(40, Math.max(5, 80 - 7 - names - changes));
  return drawn.map(({ key, values, change }) =>
    `  ${padded(key, names)}  ${sparkline(values, room)}  ${change}`
  );
}

function padded(text: string, width: number): string {
  return text + " ".repeat(width - widthOf(text));
}
