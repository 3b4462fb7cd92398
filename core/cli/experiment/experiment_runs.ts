/**
 * The runs of an experiment: each gets a place of its own, and a record. The
 * first is in the experiment's folder, further ones in `2`, `3` and so on below
 * it. An evaluation or a prediction has no record: its files go to the place of
 * the training before it.
 *
 * @module
 */
import { messageOf } from "../../errors.ts";
import type { Outcome } from "../../plugin.ts";
import type { History } from "../../run/history.ts";
import type { PlannedRun } from "../../run/planned_run.ts";
import type { GoesOn, RunWatch } from "../../run/run_options.ts";
import type { Printer } from "../../terminal.ts";
import { factsAtEnd } from "../report/run_facts.ts";
import {
  giveBack,
  takeFolder,
  takeNext,
  trainingsBelow,
} from "../report/run_folder.ts";
import { holderText, lockFolder, type RunLock } from "../report/run_lock.ts";
import { type Facts, runRecord } from "../report/run_record.ts";
import type { Context } from "./context.ts";
import { identityOf } from "./identity.ts";
import { type Training, training } from "./training.ts";

/** The runs of one experiment. */
export interface ExperimentRuns {
  /**
   * Its folder. It is taken when it is first asked for, or when the first plan
   * is proven.
   *
   * @throws {InputError} If it cannot be had.
   */
  folder(): string;
  /**
   * The folder of the next training, if it is to go on from a backup there.
   *
   * @throws {InputError} If the experiment's cannot be had.
   */
  resumeFrom(): string | undefined;
  /**
   * The plan of a run is proven: it gets its place. To be passed as `onPlan`.
   *
   * @param from From where it goes on, if it does.
   * @throws {InputError} If it cannot be had.
   */
  follow(planned: PlannedRun, control?: unknown, from?: GoesOn): RunWatch;
  /** What a run that goes on must have like the one before, by name. */
  identity(): Record<string, string>;
  /** What the records begun from now on say too. */
  know(facts: Facts): void;
  /**
   * The experiment is over. A run that was left open ended like it; a folder
   * that nothing went into is given back. Nothing is thrown: how the experiment
   * ended matters more than that it cannot be written.
   */
  end(outcome: Outcome): void;
  /** Its folder, if it has one; the history of its last training; why a record is not whole, if one is not; what could not be written. */
  result(): {
    readonly dir: string | undefined;
    readonly history: History | undefined;
    readonly problem: string | undefined;
    readonly unwritten: readonly string[];
  };
}

/**
 * No run yet.
 *
 * @param context Where they are to be, and what all records begin with.
 * @param now The clock, in milliseconds.
 */
export function experimentRuns(
  context: Pick<
    Context,
    "about" | "dir" | "named" | "overwrite" | "printer" | "resume"
  >,
  now: () => number = () => performance.now(),
): ExperimentRuns {
  const { printer } = context;
  let about = context.about;
  const trainings: Training[] = [];
  let dir: string | undefined;
  let lock: RunLock | undefined;
  /** Removes the backups of a training that came to its end: of use until the experiment has. */
  const leftOver: (() => void)[] = [];

  function folder(): string {
    dir ??= takeFolder(context);
    if (lock) return dir;
    lock = lockFolder(dir, printer.print);
    if (lock.left) {
      printer.print(
        `${dir} was left by ${
          holderText(lock.left)
        } which is gone: it is taken over`,
      );
    }
    return dir;
  }

  /** The folders that the experiment had for its trainings before it was broken off. */
  const earlier = context.resume
    ? [context.dir, ...trainingsBelow(context.dir)]
    : [];

  function placeOfNext(): string {
    const first = folder();
    const number = trainings.length;
    if (number === 0) return first;
    return earlier[number] ?? takeNext(first, number + 1, context);
  }

  function train(planned: PlannedRun, from: GoesOn | undefined): RunWatch {
    const at = placeOfNext();
    const again = earlier[trainings.length] !== undefined;
    if (from) printer.print(goesOnText(at, from));
    else if (again) printer.print(`${at} begins again: it has no backup yet`);
    const options = { now, from, again };
    const run = training(at, planned, about, printer.print, options);
    trainings.push(run);
    return { ...run.watch, later: (remove) => void leftOver.push(remove) };
  }

  return {
    folder,
    resumeFrom() {
      const at = earlier[trainings.length];
      if (at === undefined) return undefined;
      folder();
      return at;
    },
    follow(planned, _control, from) {
      if (planned.params.mode === "fit") return train(planned, from);
      return { dir: trainings.at(-1)?.dir ?? folder() };
    },
    identity: () => identityOf(about),
    know: (facts) => void (about = { ...about, ...facts }),
    end(outcome) {
      if (trainings.length) endAll(trainings, outcome);
      const over = outcome.status === "completed";
      for (const remove of over ? leftOver : []) quietly(remove);
      // There may be room again.
      for (const { problem, add } of trainings) if (problem) add({});
      const untouched = context.resume && trainings.length === 0;
      if (untouched) return lock?.giveBack();
      lock?.release();
      if (trainings.length || dir === undefined) return;
      if (giveBack(dir)) dir = undefined;
      else recordAlone(dir, { ...about, ...factsAtEnd(outcome) }, printer);
    },
    result: () => ({
      dir,
      history: trainings.at(-1)?.history,
      problem: trainings.map(({ problem }) => problem).find(Boolean),
      unwritten: trainings.flatMap((it) => it.history?.unwritten ?? []),
    }),
  };
}

/** What the experiment failed in besides its runs is told in the first one's record. */
function endAll(trainings: readonly Training[], outcome: Outcome): void {
  const open = trainings.filter(({ history }) => !history);
  for (const { end } of open) end(outcome);
  const { error } = outcome;
  // An experiment may say more of what its run threw.
  const isOf = (run: Outcome | undefined) =>
    run?.status === "failed" &&
    [error, Object(error).cause].includes(run.error);
  const told = open.length > 0 ||
    trainings.some(({ history }) => isOf(history?.outcome));
  if (error === undefined || told) return;
  trainings[0]!.add({ error: messageOf(error) });
}

/** Of an experiment that trained nothing. */
function recordAlone(dir: string, facts: Facts, { print }: Printer): void {
  try {
    runRecord(dir, facts, print);
  } catch (error) {
    print(`Warning: ${messageOf(error)}`);
  }
}

function goesOnText(dir: string, { epoch, batch, path }: GoesOn): string {
  const at = batch ? ` after batch ${batch}` : "";
  return `${dir} goes on with epoch ${epoch + 1}${at}, from ${
    path.slice(dir.length + 1)
  }`;
}

function quietly(remove: () => void): void {
  try {
    remove();
  } catch {
    // What is left over takes room, and harms nothing.
  }
}
