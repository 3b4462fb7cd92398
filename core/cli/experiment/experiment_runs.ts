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
import type { RunWatch } from "../../run/run_options.ts";
import { factsAtEnd, factsAtStart, factsByNow } from "../report/run_facts.ts";
import { giveBack, takeFolder, takeNext } from "../report/run_folder.ts";
import { type Facts, type RunRecord, runRecord } from "../report/run_record.ts";
import type { Context } from "./context.ts";

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
   * The plan of a run is proven: it gets its place.
   *
   * @throws {InputError} If it cannot be had.
   */
  follow(planned: PlannedRun): RunWatch;
  /** What the records begun from now on say too. */
  know(facts: Facts): void;
  /**
   * The experiment is over. A run that was left open ended like it; a folder
   * that nothing went into is given back. Nothing is thrown: how the experiment
   * ended matters more than that it cannot be written.
   */
  end(outcome: Outcome): void;
  /** Its folder, if it has one; the history of its last training; why a record is not whole, if one is not. */
  result(): {
    readonly dir: string | undefined;
    readonly history: History | undefined;
    readonly problem: string | undefined;
  };
}

/** One training run. */
interface Training {
  readonly record: RunRecord;
  history: History | undefined;
  ended: boolean;
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
    "about" | "dir" | "named" | "overwrite" | "printer"
  >,
  now: () => number = () => performance.now(),
): ExperimentRuns {
  const { printer } = context;
  let about = context.about;
  const trainings: Training[] = [];
  let dir: string | undefined;
  const folder = () => dir ??= takeFolder(context);

  function begin(at: string, facts: Facts): RunRecord {
    return runRecord(at, { ...about, ...facts }, printer.print, now);
  }

  function train(planned: PlannedRun): RunWatch {
    const at = trainings.length
      ? takeNext(folder(), trainings.length + 1, context)
      : folder();
    const began = new Date().toISOString();
    const record = begin(at, { began, ...factsAtStart(planned) });
    const training: Training = { record, history: undefined, ended: false };
    trainings.push(training);
    const seconds: number[] = [];
    let turn = now();
    return {
      dir: at,
      epoch(soFar) {
        const before = turn;
        turn = now();
        seconds.push(Math.round(turn - before) / 1000);
        record.follow(() => factsByNow(soFar, seconds));
      },
      end(soFar) {
        training.history = soFar.history();
        training.ended = true;
        const { outcome } = training.history;
        record.add({ ...factsByNow(soFar, seconds), ...factsAtEnd(outcome) });
      },
    };
  }

  return {
    folder,
    follow(planned) {
      if (planned.params.mode === "fit") return train(planned);
      return { dir: trainings.at(-1)?.record.dir ?? folder() };
    },
    know: (facts) => void (about = { ...about, ...facts }),
    end(outcome) {
      if (trainings.length) return endAll(trainings, outcome);
      if (dir === undefined) return;
      if (giveBack(dir)) dir = undefined;
      else tryTo(() => begin(dir!, factsAtEnd(outcome)), printer.print);
    },
    result: () => ({
      dir,
      history: trainings.at(-1)?.history,
      problem: trainings.map(({ record }) => record.problem).find(Boolean),
    }),
  };
}

/** What the experiment failed in besides its runs is told in the first one's record. */
function endAll(trainings: readonly Training[], outcome: Outcome): void {
  const open = trainings.filter(({ ended }) => !ended);
  for (const { record } of open) record.add(factsAtEnd(outcome));
  const { error } = outcome;
  // An experiment may say more of what its run threw.
  const isOf = (run: Outcome | undefined) =>
    run?.status === "failed" &&
    [error, Object(error).cause].includes(run.error);
  const told = open.length > 0 ||
    trainings.some(({ history }) => isOf(history?.outcome));
  if (error === undefined || told) return;
  trainings[0]!.record.add({ error: messageOf(error) });
}

function tryTo(act: () => void, warn: (line: string) => void): void {
  try {
    act();
  } catch (error) {
    warn(`Warning: ${messageOf(error)}`);
  }
}
