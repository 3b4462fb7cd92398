/**
 * The form of a golden case, as recorded from Keras.
 *
 * @module
 */

/** A number, or one that JSON has not. */
export type Num = number | "NaN" | "Infinity" | "-Infinity";

/** Log key -> value. */
export type CaseLogs = Readonly<Record<string, Num>>;

/** What the recorder saw: hook, index, logs. */
export type TraceLine = readonly [
  hook: string,
  index: number | null,
  logs: CaseLogs,
];

/** What the recorder saw of the weights: the one that is trained, and one that is not but grows alike. */
export type WeightsLine = readonly [
  hook: string,
  index: number | null,
  trained: number,
  untrained: number,
];

/** A callback of a case, with Keras' names. */
export interface CaseCallback {
  /** Keras' class. */
  readonly type: string;
  /** Its arguments. */
  readonly args: Readonly<Record<string, unknown>>;
}

/** A golden case. */
export interface Case {
  /** Unique. */
  readonly name: string;
  /** The learning rate at the start. */
  readonly learning_rate: number;
  /** Log key -> its value in each epoch. */
  readonly script: Readonly<Record<string, readonly Num[]>>;
  /** How `fit` is called. */
  readonly fit: {
    readonly epochs: number;
    readonly steps_per_epoch: number;
    readonly validation: boolean;
    readonly validation_steps?: number;
    readonly validation_freq?: number | readonly number[];
    readonly initial_epoch?: number;
  };
  /** In list order. */
  readonly callbacks: readonly CaseCallback[];
  /** What Keras did. */
  readonly expect: Expected;
}

/** What a run left behind. */
export interface Expected {
  /** What the recorder saw. */
  readonly trace?: readonly TraceLine[];
  /** What `fit` returned. */
  readonly history?: Readonly<Record<string, readonly Num[]>>;
  /** Epochs that ran. */
  readonly epochs_run?: number;
  /** The learning rate after each epoch. */
  readonly learning_rate_per_epoch?: readonly Num[];
  /** One weight, 0 at the start, +1 a batch. */
  readonly final_weight?: number;
  /** What the recorder saw of the weights, hook by hook. */
  readonly weights?: readonly WeightsLine[];
  /** Name -> the weight stored in it. */
  readonly checkpoints?: Readonly<Record<string, number>>;
  /** The text CSVLogger left. */
  readonly csv?: string;
  /** Where Keras raised. */
  readonly error?: unknown;
}

/**
 * A number as JavaScript has it.
 *
 * @param value As it stands in a case.
 */
export function number(value: Num): number {
  return Number(value);
}

/**
 * The cases of a folder, file by file in the order of their names.
 *
 * @param dir The folder.
 * @throws {Error} If the folder or a file is not of the form.
 */
export function readCases(dir: string): Case[] {
  const files = list(dir)
    .filter((name) => name.endsWith(".json")).sort();
  if (files.length === 0) {
    throw new Error(`Cannot find cases in ${dir}: it holds no .json file`);
  }
  return files.flatMap((file) => readFile(`${dir}/${file}`));
}

function list(dir: string): string[] {
  try {
    return [...Deno.readDirSync(dir)].map(({ name }) => name);
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound
      ? "there is no such folder"
      : (error as Error).message;
    throw new Error(`Cannot find cases in ${dir}: ${why}`, { cause: error });
  }
}

function readFile(path: string): Case[] {
  let cases: unknown;
  try {
    cases = JSON.parse(Deno.readTextFileSync(path));
  } catch (error) {
    throw new Error(`Cannot read ${path}: ${(error as Error).message}`);
  }
  const good = Array.isArray(cases) &&
    cases.every((c) =>
      c && c.name && c.script && c.fit && c.callbacks && c.expect
    );
  if (!good) {
    throw new Error(
      `Cannot read ${path}: expected an array of cases with name, script, fit, callbacks and expect`,
    );
  }
  return cases as Case[];
}
