/**
 * What can be drawn: the history of a run as hookloop, tf.js or Keras have it.
 *
 * @module
 */
import { kindOf, show } from "../contract/show.ts";
import { InputError } from "../errors.ts";
import type { Direction, LogRecord, Outcome } from "../plugin.ts";
import { inTheirEpochs } from "./missing.ts";
import { plural } from "../number_text.ts";

/**
 * Values by log key, one per epoch, as in `history.history`: null or undefined
 * where an epoch had none. A column `epoch`, if there is one, holds the indices
 * of the epochs, from 0, as a CSV file of the logs does.
 */
export type Columns = Readonly<
  Record<string, readonly (number | null | undefined)[]>
>;

/** A history with its epochs: what `fit` and `train` return, tf.js' `model.fit`, and what a run's `run.json` holds. */
export interface EpochTable {
  /** Indices of the epochs, from 0. Default as many as the longest column has. */
  readonly epoch?: readonly number[] | undefined;
  /** Log key -> its values: numbers, or null; also `"NaN"` and the like, as the record of a run, `run.json`, has them. */
  readonly history: Readonly<Record<string, readonly unknown[]>>;
  /** The logs of each epoch, in the order of `epoch`: they tell which epochs had no value. */
  readonly logs?: readonly LogRecord[];
  /** The best epoch, from 0, and the key it is best in. */
  readonly best?: BestEpoch | undefined;
  /** How the run ended. */
  readonly outcome?: Outcome | undefined;
  /** What is known of the run; of use here: `directions`, by log key. */
  readonly params?: unknown;
}

/** The best epoch. */
export interface BestEpoch {
  /** Its index, from 0. */
  readonly epoch: number;
  /** The key it is best in. */
  readonly key: string;
  /** Its value there. */
  readonly value: number;
}

/** A value of an epoch; undefined if it had none. */
export type Value = number | undefined;

/** A history as the drawings take it. */
export interface Given {
  /** The epochs, counted from 1, one for each row. */
  readonly epochs: readonly number[];
  /** Log key -> a value for each row. */
  readonly columns: ReadonlyMap<string, readonly Value[]>;
  /** The history's own best epoch; undefined if it knows of none. */
  readonly best: BestEpoch | undefined;
  /** How the run ended, if known. */
  readonly outcome: Outcome | undefined;
  /** The directions it knows. */
  readonly directions: Readonly<Record<string, Direction>>;
}

/**
 * Read a history.
 *
 * @param given The history of a run, or columns.
 * @throws {InputError} If it is none.
 */
export function readHistory(given: unknown): Given {
  const table = Object(given) as Partial<EpochTable>;
  if (isRecord(table.history)) return readTable(table as EpochTable);
  if (!isRecord(given)) {
    throw new InputError(
      `Cannot draw ${
        show(given)
      }: expected what fit or train returned, or columns such as { loss: [0.9, 0.5] }`,
    );
  }
  const { epoch, ...columns } = given;
  return readTable({
    epoch: epoch as EpochTable["epoch"],
    history: columns as EpochTable["history"],
  });
}

function readTable(
  { epoch, history, logs, best, outcome, params }: EpochTable,
): Given {
  const epochs = readEpochs(epoch ?? rows(history));
  const columns = new Map(
    Object.entries(history).map(([key, values]) => {
      const read = logs?.length === epochs.length
        ? logs.map((its) => its[key])
        : inTheirEpochs(key, readValues(key, values), epochs);
      return [key, read];
    }),
  );
  const { directions } = Object(params);
  return { epochs, columns, best, outcome, directions: Object(directions) };
}

/** Epochs from 0 for columns that do not name them: as many as the longest has. */
function rows(columns: Record<string, unknown>): number[] {
  const lengths = Object.values(columns).map((it) =>
    isList(it) ? it.length : 0
  );
  return Array.from({ length: Math.max(0, ...lengths) }, (_, i) => i);
}

function readEpochs(given: unknown): number[] {
  const epochs = isList(given) ? Array.from(given) : [NaN];
  const wrong = epochs.findIndex((it, i) =>
    !Number.isSafeInteger(it) || it as number < 0 ||
    i > 0 && it as number <= (epochs[i - 1] as number)
  );
  if (wrong >= 0) {
    throw new InputError(
      `Cannot draw the history: its epochs are ${
        isList(given) ? `${show(epochs[wrong])} in place ${wrong}` : show(given)
      }, expected rising whole numbers from 0`,
    );
  }
  return (epochs as number[]).map((it) => it + 1);
}

/** What JSON has no number for, as a run's record names it. */
const NAMED: readonly string[] = ["NaN", "Infinity", "-Infinity"];

function readValues(key: string, given: unknown): Value[] {
  if (!isList(given)) {
    throw new InputError(
      `Cannot draw "${key}": it is ${
        kindOf(given)
      }, expected a list of numbers, one per epoch`,
    );
  }
  return Array.from(given, (value, i) => {
    if (value === null || value === undefined) return undefined;
    if (typeof value === "number") return value;
    if (NAMED.includes(value as string)) return Number(value);
    throw new InputError(
      `Cannot draw "${key}": the value in place ${i} of ${
        plural(given.length, "value")
      } is ${show(value)}, expected a number, or null where an epoch has none`,
    );
  });
}

function isList(given: unknown): given is ArrayLike<unknown> {
  return Array.isArray(given) ||
    ArrayBuffer.isView(given) && !(given instanceof DataView);
}

function isRecord(given: unknown): given is Record<string, unknown> {
  return typeof given === "object" && given !== null && !isList(given);
}

/**
 * The part of a history from an epoch on.
 *
 * @param start The epoch, counted from 1.
 */
export function since(given: Given, start: number): Given {
  const from = given.epochs.findIndex((epoch) => epoch >= start);
  if (from === 0 || start === 1) return given;
  const cut = from < 0 ? given.epochs.length : from;
  return {
    ...given,
    epochs: given.epochs.slice(cut),
    columns: new Map(
      [...given.columns].map(([key, values]) => [key, values.slice(cut)]),
    ),
  };
}

/** Refuse to start behind the last epoch. */
export function checkStart(
  histories: readonly Given[],
  start: number | undefined,
): void {
  const last = Math.max(
    0,
    ...histories.map(({ epochs }) => epochs.at(-1) ?? 0),
  );
  if (start === undefined || last === 0 || start <= last) return;
  throw new InputError(
    `Cannot draw from 'startEpoch' ${start} on: the last epoch is ${last}`,
  );
}
