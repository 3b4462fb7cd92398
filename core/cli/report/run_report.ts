/**
 * What is reported of a run: its record, its log and its folder, gathered as
 * plain data.
 *
 * @module
 */
import { existsSync, folderOf, pathIn } from "../../files.ts";
import { pathProblem } from "../../plugin.ts";
import { EVENTS_FILE } from "./event_log.ts";
import { gather, type Gathered, type SavedCheckpoint } from "./happened.ts";
import { learningRates } from "./learning_rates.ts";
import { linesOf } from "./lines_of.ts";
import { type Columns, columnsOf, type PastRun, readRun } from "./past_run.ts";
import { eventFrom } from "./past_events.ts";
import { picturesIn, type PlacedPicture } from "./pictures.ts";
import { isObject, numbers, objects, texts } from "./plain_facts.ts";
import { type PlanFacts, planFrom } from "./plan_facts.ts";
import { quoted, repeatCommand } from "./repeat_command.ts";
import { trainingsBelow } from "./run_folder.ts";
import type { Facts } from "./run_record.ts";
import { type RunState, stateOf } from "./run_state.ts";
import { type Setting, settingsOf } from "./settings.ts";
import { type TimeSpent, timeSpent } from "./time_spent.ts";

/** What is known of a run, to be shown. */
export interface RunReport {
  /** Its folder. */
  readonly dir: string;
  /** Its record. */
  readonly run: PastRun;
  /** How it stands. */
  readonly state: RunState;
  /** Its values by log key, one per epoch of `run.epoch`; undefined where an epoch had none. */
  readonly columns: Columns;
  /** The learning rate of each epoch, where plugins changed it and its logs do not have it. */
  readonly rates: readonly number[] | undefined;
  /** How long each epoch took, in seconds. */
  readonly seconds: readonly (number | undefined)[];
  /** What happened in it; undefined if there is no log. */
  readonly happened: Gathered["happened"] | undefined;
  /** What the run itself warned of, as that a plugin is slow, a sentence each. */
  readonly notes: readonly string[];
  /** What plugins drew. */
  readonly pictures: readonly PlacedPicture[];
  /** Its checkpoints. */
  readonly checkpoints: readonly Checkpoint[];
  /** Where its time went, as far as its log says. */
  readonly time: TimeSpent | undefined;
  /** With what it ran. */
  readonly settings: readonly Setting[];
  /** Its plan, if the record has it. */
  readonly plan: PlanFacts | undefined;
  /** The layers of its model, if the record has them. */
  readonly layers: readonly Facts[];
  /** The command that repeats it, and the one that goes on with it, where there are such. */
  readonly again: string | undefined;
  readonly goOn: string | undefined;
  /** The folders of all trainings of its experiment, where those are several. */
  readonly trainings: readonly string[];
}

/** A checkpoint of a run. */
export interface Checkpoint extends SavedCheckpoint {
  /** Whether it is still there. */
  readonly there: boolean;
  /** Whether it holds the weights of the best epoch. */
  readonly best: boolean;
}

/**
 * Gather what is known of a run.
 *
 * @param run Its record.
 * @throws {Deno.errors.NotCapable} If its folder may not be read.
 */
export function runReport(run: PastRun): RunReport {
  const { dir, facts } = run;
  const state = stateOf(run);
  const columns = columnsOf(facts.history);
  const [{ happened, saved }, time, rates] = logOf(dir);
  const { model } = facts;
  const trainings = trainingsWith(dir);
  return {
    dir,
    run,
    state,
    columns,
    rates: "learning_rate" in columns ? undefined : rates.of(run.epoch),
    seconds: numbers(facts.seconds),
    happened: existsSync(`${dir}/${EVENTS_FILE}`) ? happened : undefined,
    notes: texts(facts.notes),
    pictures: picturesIn(
      dir,
      trainings.filter((it) => it.startsWith(`${dir}/`)),
    ),
    checkpoints: saved.map((it) => ({
      ...it,
      there: isThere(dir, it.path),
      best: it.epoch !== undefined && it.epoch === run.best?.epoch,
    })),
    time,
    settings: settingsOf(facts),
    plan: planFrom(facts.plan),
    layers: objects(isObject(model) ? model.layers : undefined),
    again: repeatCommand(facts),
    goOn: state.resumable
      ? `deno task train --resume ${quoted(dir)}`
      : undefined,
    trainings,
  };
}

/** What its log tells, where its time went by that, and its learning rates. */
function logOf(
  dir: string,
): [Gathered, TimeSpent | undefined, ReturnType<typeof learningRates>] {
  const [news, clock, rates] = [gather(), timeSpent(), learningRates()];
  for (const line of linesOf(`${dir}/${EVENTS_FILE}`)) {
    if (clock.take(line)) continue;
    const event = eventFrom(line);
    if (!event) continue;
    news.take(event);
    rates.take(event);
  }
  return [news.result(), clock.result(), rates];
}

/** A path from a file is looked at only where a plugin could have written. */
function isThere(dir: string, path: string): boolean {
  try {
    return pathProblem(path) === undefined && existsSync(pathIn(dir, path));
  } catch {
    return false;
  }
}

function trainingsWith(dir: string): string[] {
  const above = /\/\d+$/.test(dir) ? folderOf(dir) : undefined;
  const root = above !== undefined && readRun(above) ? above : dir;
  const below = trainingsBelow(root);
  return below.length ? [root, ...below] : [];
}
