/**
 * What is seen of a training run: on a terminal, rows of epochs, and below them
 * what is going on; in a notebook, a table that changes; elsewhere, rows.
 *
 * @module
 */
import type { Logs, Run } from "../../core/plugin.ts";
import { blocks, type Curve, extend, newCurve, scaled } from "./curve.ts";
import { type EpochRow, headerOf, layoutOf, rowOf } from "./epoch_table.ts";
import { bar, type Pace } from "./bar.ts";
import { notebookPicture } from "./notebook.ts";
import { fitted } from "../_progress_text.ts";
import { PLAIN, styleOf } from "./style.ts";

/** What there was to see so far: plain data. */
export interface Past {
  /** The columns. */
  keys: string[];
  /** The last epochs, where they are shown again. */
  rows: EpochRow[];
  /** The best of all. */
  best: EpochRow | undefined;
  /** How many epochs there were, */
  count: number;
  /** and how long they took, in milliseconds. */
  took: number;
  /** The loss. */
  curve: Curve;
  /** The learning rate at the start; undefined where there is none, */
  rate: number | undefined;
  /** and whether it is another now, or was. */
  rateChanged: boolean;
}

/** Nothing yet. */
export function newPast(rate?: number): Past {
  return {
    ...{ keys: [], rows: [], best: undefined },
    ...{ count: 0, took: 0, curve: newCurve() },
    ...{ rate, rateChanged: false },
  };
}

/** Shows a training run. */
export interface View {
  /** There are columns for these keys. */
  expect(keys: readonly string[]): void;
  /** How far the epoch is. */
  draw(running: EpochRow, pace: Pace): void;
  /** An epoch is over. */
  row(row: EpochRow, steps: number | undefined): void;
  /** The run is over. */
  end(): void;
}

/** Rows that a notebook shows, and after which a terminal repeats the header. */
const [KEPT, REPEAT] = [50, 20];

/** A window that is narrower has no room for a number. */
const NARROW = 30;

/** Width of what stands beside the curve. */
const LABEL = 9;

/**
 * A view on a run.
 *
 * @param run The run.
 * @param past What is known, and grows with each row.
 */
export function viewOf(run: Run, past: Past): View {
  return run.terminal.pictures ? inNotebook(run, past) : asText(run, past);
}

function asText(run: Run, past: Past): View {
  const { terminal, params: { epochs } } = run;
  const { interactive } = terminal;
  let headed = "";

  const isNarrow = () => interactive && terminal.columns < NARROW;
  const style = () => isNarrow() ? PLAIN : styleOf(terminal);
  const layout = () =>
    layoutOf(past.keys, epochs, interactive ? terminal.columns : Infinity);

  function print(lines: readonly string[]): void {
    const room = isNarrow() ? terminal.columns - 1 : Infinity;
    run.print(lines.map((line) => line.slice(0, room)).join("\n"));
  }

  /** The header, if it is another than the last one. */
  function head(): void {
    const lines = headerOf(layout());
    if (past.keys.length === 0 || lines.join() === headed) return;
    headed = lines.join();
    print(lines.map(style().dim));
  }

  function draw(running: EpochRow, pace: Pace): void {
    run.status([
      ...rowOf(layout(), running, PLAIN, "").filter(Boolean),
      bar(pace, terminal.columns, style()),
      ...curveLines(past, terminal.columns),
    ].join("\n"));
  }

  return {
    expect(keys) {
      learn(past, keys);
      head();
    },
    draw(running, pace) {
      if (past.keys.length === 0) {
        learn(past, Object.keys(running.logs));
        head();
      }
      if (pace.what === undefined) sample(past, running.logs);
      draw(running, pace);
    },
    row(row, steps) {
      note(past, row);
      if (interactive && past.count > 1 && past.count % REPEAT === 1) {
        headed = "";
      }
      if (interactive) {
        const next = { epoch: row.epoch + 1, took: 0, logs: {} };
        if (next.epoch < epochs) draw(next, atStart(steps));
        else run.status("");
      }
      head();
      print(rowOf(layout(), row, style()));
    },
    end: () => run.status(""),
  };
}

function inNotebook(run: Run, past: Past): View {
  function show(running?: EpochRow, pace?: Pace): void {
    const { epochs } = run.params;
    run.show(
      notebookPicture({ ...past, epochs, running, pace, loss: lossOf(past) }),
    );
  }
  return {
    expect: (keys) => learn(past, keys),
    draw(running, pace) {
      learn(past, Object.keys(running.logs));
      if (pace.what === undefined) sample(past, running.logs);
      show(running, pace);
    },
    row(row) {
      note(past, row);
      past.rows.push(row);
      if (past.rows.length > KEPT) past.rows.shift();
    },
    end: () => show(),
  };
}

/** The log key of the curve. */
function lossOf({ keys }: Past): string {
  return keys.includes("loss") ? "loss" : keys[0] ?? "loss";
}

function learn(past: Past, keys: readonly string[]): void {
  for (const key of keys) if (!past.keys.includes(key)) past.keys.push(key);
}

function sample(past: Past, logs: Logs): void {
  extend(past.curve, logs[lossOf(past)]);
}

function note(past: Past, row: EpochRow): void {
  past.count++;
  past.took += row.took;
  if (row.best !== undefined) past.best = row;
  learn(past, Object.keys(row.logs));
  sample(past, row.logs);
}

function atStart(total: number | undefined): Pace {
  return { done: 0, total, elapsed: 0 };
}

/** The curve of the loss, three lines high, with its highest and lowest value. */
function curveLines(past: Past, columns: number): string[] {
  const width = Math.min(60, columns - 1 - LABEL - 2);
  if (past.curve.values.length < 2 || width < 10) return [];
  const { heights, low, high, log } = scaled(past.curve, width);
  const name = lossOf(past) + (log ? ", log" : "");
  const labels = [fitted(high, LABEL), name, fitted(low, LABEL)];
  return blocks(heights, labels.length)
    .map((line, i) => `${labels[i]!.slice(0, LABEL).padStart(LABEL)}  ${line}`);
}
