/**
 * One run of an experiment, from its plan to its record: what `train` does
 * once, and a sweep many times.
 *
 * @module
 */
import { messageOf } from "../../errors.ts";
import type { History } from "../../run/history.ts";
import { type Context, setupOf } from "./context.ts";
import { FailedRun } from "./failed_run.ts";
import { experimentRuns } from "./experiment_runs.ts";
import type { Experiment, HandExperiment } from "./experiment.ts";
import { runExperiment } from "./run_experiment.ts";

/** How an experiment that did not fail ended. */
export interface Ended {
  /** What it returned; if that is nothing, the history of its last training, if it trained. */
  readonly history: History | undefined;
  /** Whether the signal ended it. */
  readonly aborted: boolean;
  /** Its folder; undefined if it wrote nothing. */
  readonly dir: string | undefined;
  /** Why a record does not hold all that is known; undefined if all do. */
  readonly problem: string | undefined;
  /** What of the plugins' files could not be written, a sentence each. */
  readonly unwritten: readonly string[];
}

/**
 * Run an experiment. Its folder is taken once a plan is proven, with a
 * `run.json` that grows with the run.
 *
 * @throws {FailedRun} With whatever the experiment throws as its `cause`, except
 * for the signal's reason.
 */
export async function runOnce(
  experiment: Experiment | HandExperiment,
  context: Context,
): Promise<Ended> {
  const runs = experimentRuns(context);
  const setup = setupOf(context, {
    folder: runs.folder,
    onPlan: runs.follow,
    resumeFrom: runs.resumeFrom,
    resumeAnyway: context.resume?.anyway,
    identity: runs.identity,
  });
  let ended: Pick<Ended, "history" | "aborted">;
  try {
    const { know } = runs;
    const run = runExperiment(experiment, setup, { ...context, know });
    ended = await endOf(run, context.signal);
  } catch (error) {
    runs.end({ status: "failed", reason: messageOf(error), error });
    throw new FailedRun(runs.result().dir, error);
  }
  runs.end({ status: ended.aborted ? "aborted" : "completed" });
  const { history, ...result } = runs.result();
  return { ...ended, history: ended.history ?? history, ...result };
}

/** An interrupted run returns a history that says so, or nothing, or throws the signal's reason. */
async function endOf(
  run: Promise<History | undefined>,
  signal: AbortSignal | undefined,
): Promise<Pick<Ended, "history" | "aborted">> {
  try {
    const history = await run;
    const aborted = history
      ? history.outcome.status === "aborted"
      : signal?.aborted ?? false;
    return { history, aborted };
  } catch (error) {
    if (signal?.aborted && error === signal.reason) {
      return { history: undefined, aborted: true };
    }
    throw error;
  }
}
