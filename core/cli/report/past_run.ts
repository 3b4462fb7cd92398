/**
 * A run as its record tells of it: read back, by whatever version it was
 * written.
 *
 * @module
 */
import type { History } from "../../run/history.ts";
import type { LogRecord, Outcome } from "../../plugin.ts";
import { isObject, numbers, text } from "./plain_facts.ts";
import { RECORD_FILE } from "./run_folder.ts";
import type { Facts } from "./run_record.ts";

/** What a record tells of its run. */
export interface PastRun {
  /** Its folder. */
  readonly dir: string;
  /** All that is in the record. */
  readonly facts: Facts;
  /** When it began, as an ISO date; `""` if the record does not say. */
  readonly began: string;
  /** How long it took, in seconds; what its epochs took, if it has not ended. */
  readonly seconds: number;
  /** How it ended; undefined if it has not: it is running, or it was killed. */
  readonly outcome: Outcome | undefined;
  /** What the experiment failed in after the run; undefined for nothing. */
  readonly error: string | undefined;
  /** How many epochs were wanted; undefined if the record does not say. */
  readonly wanted: number | undefined;
  /** The epochs it has. */
  readonly epoch: readonly number[];
  /** Log key -> its values, without the epochs that did not have it. */
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** Its best epoch. */
  readonly best: History["best"];
  /** Each time it went on after it had been broken off. */
  readonly resumed: readonly Resumed[];
}

/** How a run went on. */
export interface Resumed {
  /** When, as an ISO date. */
  readonly at: string;
  /** The epoch it went on in, from 0. */
  readonly epoch: number;
  /** The batch in that epoch, from 0. */
  readonly batch: number;
  /** How it had ended before: `"killed"`, or the status of its outcome. */
  readonly after: string;
  /** What had changed meanwhile, and was taken. */
  readonly changed: readonly string[];
}

/**
 * The runs in a folder and in the folders below, the newest first.
 *
 * @param parent The folder, such as `"runs"`.
 * @returns None if there is no such folder. A record that cannot be read makes
 * no run, but is named among the `broken`.
 */
export function runsIn(
  parent: string,
): { readonly runs: readonly PastRun[]; readonly broken: readonly string[] } {
  const runs: PastRun[] = [];
  const broken: string[] = [];
  for (const dir of foldersIn(parent, DEPTH)) {
    const run = readRun(dir);
    if (run) runs.push(run);
    else if (run === null) broken.push(`${dir}/${RECORD_FILE}`);
  }
  runs.sort((a, b) => b.began.localeCompare(a.began));
  return { runs, broken };
}

/** An experiment's further runs lie below its first. */
const DEPTH = 2;

function* foldersIn(dir: string, depth: number): Generator<string> {
  let entries: Deno.DirEntry[];
  try {
    entries = [...Deno.readDirSync(dir)];
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return;
  }
  for (const { name, isDirectory } of entries) {
    if (!isDirectory) continue;
    yield `${dir}/${name}`;
    if (depth > 1) yield* foldersIn(`${dir}/${name}`, depth - 1);
  }
}

/**
 * The run of a folder.
 *
 * @returns Undefined if it holds none; null if its record cannot be read.
 */
export function readRun(dir: string): PastRun | undefined | null {
  let facts: Facts;
  try {
    facts = JSON.parse(Deno.readTextFileSync(`${dir}/${RECORD_FILE}`));
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return error instanceof Deno.errors.NotFound ||
        error instanceof Deno.errors.NotADirectory
      ? undefined
      : null;
  }
  return typeof facts === "object" && facts !== null && !Array.isArray(facts)
    ? pastRun(dir, facts)
    : null;
}

function pastRun(dir: string, facts: Facts): PastRun {
  const outcome = isObject(facts.outcome) ? facts.outcome : undefined;
  const params = isObject(facts.params) ? facts.params : {};
  const [end, first = 0] = numbers([params.epochs, params.initialEpoch]);
  const columns = columnsOf(facts.history);
  const epoch = numbers(facts.epoch).map((it) => it ?? NaN);
  return {
    dir,
    facts,
    began: text(facts.began) ?? "",
    seconds: secondsOf(facts),
    outcome: text(outcome?.status) ? outcome as unknown as Outcome : undefined,
    error: text(facts.error),
    wanted: end === undefined ? undefined : end - first,
    epoch,
    history: Object.fromEntries(
      Object.entries(columns).map(([key, values]) => [
        key,
        values.filter((value) => value !== undefined),
      ]),
    ),
    best: bestOf(facts.best, epoch, columns),
    resumed: Array.isArray(facts.resumed) ? facts.resumed.map(resumedFrom) : [],
  };
}

function resumedFrom(given: unknown): Resumed {
  const facts = isObject(given) ? given : {};
  const [epoch = 0, batch = 0] = numbers([facts.epoch, facts.batch]);
  return {
    at: text(facts.at) ?? "",
    epoch,
    batch,
    after: text(facts.after) ?? "killed",
    changed: Array.isArray(facts.changed) ? facts.changed.map(String) : [],
  };
}

/** Values by log key, one per epoch; undefined where an epoch had none. */
export type Columns = Readonly<
  Record<string, readonly (number | undefined)[]>
>;

/** The best epoch, with those of its values that can be told to be its own. */
function bestOf(
  best: unknown,
  epochs: readonly number[],
  columns: Columns,
): History["best"] {
  if (!isObject(best)) return undefined;
  const { epoch, key } = best;
  const value = numbers([best.value])[0];
  if (typeof epoch !== "number" || !text(key) || value === undefined) {
    return undefined;
  }
  const logs: Record<string, number> = {};
  for (const [key, values] of Object.entries(columns)) {
    const own = values[epochs.indexOf(epoch)];
    if (values.length === epochs.length && own !== undefined) logs[key] = own;
  }
  return { epoch, key: key as string, value, logs: logs as LogRecord };
}

/** The history of a record, epoch by epoch. */
export function columnsOf(history: unknown): Columns {
  if (!isObject(history)) return {};
  return Object.fromEntries(
    Object.entries(history).map(([key, values]) => [key, numbers(values)]),
  );
}

/** Of a run that was broken off in between, only its epochs count. */
function secondsOf({ began, ended, seconds, resumed }: Facts): number {
  const span = (Date.parse(String(ended)) - Date.parse(String(began))) / 1000;
  if (span >= 0 && !Array.isArray(resumed)) return span;
  return numbers(seconds).reduce<number>((sum, it) => sum + (it ?? 0), 0);
}
