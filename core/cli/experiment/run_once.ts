/**
 * One run of an experiment, from its plan to its record: what `train` does
 * once, and a sweep often.
 *
 * @module
 */
import type { History } from "../../run/history.ts";
import { runRecord } from "../report/run_record.ts";
import { type Context, setupOf } from "./context.ts";
import type { Experiment, HandExperiment } from "./experiment.ts";
import { runExperiment } from "./run_experiment.ts";

/** How a run ended that did not fail. */
export interface Ended {
  /** What it returned; a loop of one's own may return nothing. */
  readonly history: History | undefined;
  /** Whether the signal ended it. */
  readonly aborted: boolean;
}

/**
 * Run an experiment. Its folder is made once the plan is proven, with a
 * `run.json` that is written again when the run ends, whichever way.
 *
 * @throws What the experiment throws, save for the reason of the signal.
 */
export async function runOnce(
  experiment: Experiment | HandExperiment,
  context: Context,
): Promise<Ended> {
  const record = runRecord(context.dir, context.about);
  const setup = setupOf(context, { onPlan: record.begun });
  const { signal } = context;
  const isAborted = () => signal?.aborted ?? false;
  try {
    const history = await runExperiment(experiment, setup, context);
    // A loop that returns no history says nothing of how it ended.
    const aborted = history
      ? history.outcome.status === "aborted"
      : isAborted();
    return record.finished({ history, aborted });
  } catch (error) {
    // Evaluation and prediction have no history to return when interrupted.
    if (isAborted() && error === signal!.reason) {
      return record.finished({ history: undefined, aborted: true });
    }
    record.failed(error);
    throw error;
  }
}
