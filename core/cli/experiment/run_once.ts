/**
 * One run of an experiment, from its plan to its record: what `train` does
 * once, and a sweep many times.
 *
 * @module
 */
import type { History } from "../../run/history.ts";
import { runRecord } from "../report/run_record.ts";
import { type Context, setupOf } from "./context.ts";
import type { Experiment, HandExperiment } from "./experiment.ts";
import { runExperiment } from "./run_experiment.ts";

/** How a run that did not fail ended. */
export interface Ended {
  /** What it returned; a hand-written loop may return nothing. */
  readonly history: History | undefined;
  /** Whether the signal ended it. */
  readonly aborted: boolean;
}

/**
 * Run an experiment. Its folder is created once the plan is proven, with a
 * `run.json` that is rewritten when the run ends, however it ends.
 *
 * @throws Whatever the experiment throws, except for the signal's reason.
 */
export async function runOnce(
  experiment: Experiment | HandExperiment,
  context: Context,
): Promise<Ended> {
  const record = runRecord(context.dir, context.about);
  const setup = setupOf(context, { onPlan: record.begun });
  try {
    const run = runExperiment(experiment, setup, context);
    const ended = await endOf(run, context.signal);
    record.finished(ended);
    return ended;
  } catch (error) {
    record.failed(error);
    throw error;
  }
}

/** An interrupted run returns a history that says so, or nothing, or throws the signal's reason. */
async function endOf(
  run: Promise<History | undefined>,
  signal: AbortSignal | undefined,
): Promise<Ended> {
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
