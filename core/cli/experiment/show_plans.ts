/**
 * The plans of an experiment, from a dry run: no hook runs, nothing is trained,
 * nothing is written.
 *
 * @module
 */
import { messageOf, SetupError } from "../../errors.ts";
import { silent } from "../../terminal.ts";
import { planText } from "../report/plan_text.ts";
import { type Context, setupOf } from "./context.ts";
import type { Experiment, HandExperiment } from "./experiment.ts";
import { runExperiment } from "./run_experiment.ts";

/**
 * Show the plan of each run that the experiment starts. A dry run has no
 * results: what the experiment throws for want of them is not an error, but it
 * ends the plans.
 *
 * @throws {SetupError} If one of its runs could not start.
 * @throws Whatever the experiment throws before its first run.
 */
export async function showPlans(
  experiment: Experiment | HandExperiment,
  context: Context,
  print: (line: string) => void,
): Promise<void> {
  let shown = 0;
  // What it prints about runs that did not happen would mislead.
  const quiet = { ...context, printer: silent() };
  const setup = setupOf(quiet, {
    dryRun: true,
    onPlan: (planned) => {
      shown++;
      planText(planned).forEach(print);
    },
  });
  try {
    await runExperiment(experiment, setup, quiet);
  } catch (error) {
    if (shown === 0 || error instanceof SetupError) throw error;
    print(`What follows is known only once this has run: ${messageOf(error)}`);
  }
  if (shown === 0) print("No plan: the experiment runs nothing with plugins");
}
