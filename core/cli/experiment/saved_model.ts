/**
 * Saved models, and what is recorded of the runs they come from.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { existsSync, folderOf, isFolderSync } from "../../files.ts";
import { MODEL_FILE, problemOf } from "../../tf/checkpoint/checkpoint_files.ts";
import type { Given } from "../flags.ts";
import { filesIn } from "../report/run_folder.ts";
import type { Experiment } from "./experiment.ts";
import type { LoadedExperiment } from "./load.ts";

/** A saved model. */
export interface SavedModel {
  /** Folder of the checkpoint. */
  readonly dir: string;
  /** The run that it comes from, if there is a record of it. */
  readonly run: RecordedRun | undefined;
  /** What is to be told of the choice, if anything. */
  readonly warning?: string;
}

/** What a run was started with. */
export interface RecordedRun {
  /** Folder of the run. */
  readonly dir: string;
  /** File of its experiment; undefined for the embedded one. */
  readonly file: string | undefined;
  /** Its flags, as they were given. */
  readonly flags: Given["flags"];
}

/** The checkpoint that a run is known by. */
const BEST = "best/";

/**
 * The model in a folder: a checkpoint, or a run that has one called `best` or
 * only one. Where that of a run is damaged, the newest other one that is whole.
 *
 * @param dir The folder.
 * @throws {InputError} If there is none, or more than one.
 */
export async function findModel(dir: string): Promise<SavedModel> {
  const path = dir.replace(/(?<=.)\/+$/, "");
  if (existsSync(`${path}/${MODEL_FILE}`)) {
    return { dir: path, run: runAround(path) };
  }
  const what = `Cannot load a checkpoint from ${path}`;
  if (!isFolderSync(path)) {
    throw new InputError(
      existsSync(path)
        ? `${what}: it is a file; give the folder of a checkpoint or of a run`
        : `${what}: there is no such folder`,
    );
  }
  const inside = filesIn(path).filter((file) => file.endsWith("/"));
  const [chosen] = inside.includes(BEST) ? [BEST] : inside;
  if (chosen === undefined) {
    throw new InputError(`${what}: there is no ${MODEL_FILE} in it`);
  }
  if (chosen !== BEST && inside.length > 1) {
    const all = inside.map((file) => `${path}/${file.slice(0, -1)}`);
    throw new InputError(
      `${what}: it has ${inside.length}; give one of ${all.join(", ")}`,
    );
  }
  const found = `${path}/${chosen.slice(0, -1)}`;
  const others = inside.filter((it) => it !== chosen)
    .map((it) => `${path}/${it.slice(0, -1)}`);
  return await replacementOf(found, others) ??
    { dir: found, run: runAround(found) };
}

/** The one that takes the place of a damaged checkpoint, if there is a whole one. */
async function replacementOf(
  dir: string,
  others: readonly string[],
): Promise<SavedModel | undefined> {
  const problem = others.length ? await problemOf(dir) : undefined;
  if (problem === undefined) return undefined;
  const written = (it: string) =>
    Deno.statSync(`${it}/${MODEL_FILE}`).mtime?.getTime() ?? 0;
  for (const other of others.toSorted((a, b) => written(b) - written(a))) {
    if (await problemOf(other)) continue;
    return {
      dir: other,
      run: runAround(other),
      warning: `Warning: ${problem}; ${other}, the one before, is used instead`,
    };
  }
  return undefined;
}

/** Checkpoints may lie this many folders deep in a run's. */
const DEPTH = 3;

function runAround(checkpoint: string): RecordedRun | undefined {
  let dir = checkpoint;
  for (let up = 0; up <= DEPTH; up++) {
    const record = `${dir}/run.json`;
    if (existsSync(record)) return recorded(dir, record);
    if (folderOf(dir) === dir) return undefined;
    dir = folderOf(dir);
  }
  return undefined;
}

/** A record that cannot be read, or is not ours, says nothing. */
function recorded(dir: string, record: string): RecordedRun | undefined {
  try {
    const { experiment, flags } = JSON.parse(Deno.readTextFileSync(record));
    if (typeof experiment !== "string") return undefined;
    const file = /\.\w+$/.test(experiment) ? experiment : undefined;
    return { dir, file, flags: Object(flags) };
  } catch {
    return undefined;
  }
}

/** What a model is used on. */
export interface Use {
  /** File of the experiment, undefined for the embedded one; or an experiment that has only data. */
  readonly experiment: string | undefined | LoadedExperiment;
  /** The flags, with those of the model's run where its data are used. */
  readonly flags: Given["flags"];
  /** Whether all samples of a file are meant, for none were held back from training. */
  readonly whole: boolean;
}

/**
 * What to use a model on: the experiment or the data that are given, or else
 * what its run was trained on.
 *
 * @param file The experiment that was given.
 * @param flags The flags.
 * @param complete Whether the model needs nothing of an experiment but data.
 */
export function useOf(
  { run }: SavedModel,
  file: string | undefined,
  flags: Given["flags"],
  complete: boolean,
): Use {
  const data = flags.data as string | undefined;
  if (file !== undefined) return { experiment: file, flags, whole: false };
  if (data === undefined || data === run?.flags.data) {
    return {
      experiment: run?.file,
      flags: { ...dataFlags(run), ...flags },
      whole: false,
    };
  }
  const whole = /\.(csv|tsv)$/i.test(data) &&
    flags["validation-split"] === undefined;
  return {
    experiment: complete ? { name: data, experiment: only(data) } : run?.file,
    flags,
    whole,
  };
}

/** The flags that say what a run's data were. */
const DATA_FLAGS = [
  "data",
  "label",
  "separator",
  "no-header",
  "validation-split",
  "seed",
];

function dataFlags(run: RecordedRun | undefined): Given["flags"] {
  const known = Object.entries(run?.flags ?? {});
  return Object.fromEntries(
    known.filter(([name]) => DATA_FLAGS.includes(name)),
  );
}

/** An experiment that has only data, for a model that is complete. */
function only(data: string): Experiment {
  return {
    data,
    model() {
      throw new InputError("There is no experiment that makes a model");
    },
  };
}
