/**
 * What a record says of a run: with what it runs, how far it is, how it ended.
 *
 * @module
 */
import type { Direction, Outcome, RunParams } from "../../plugin.ts";
import type { PlannedRun } from "../../run/planned_run.ts";
import type { RunSoFar } from "../../run/run_options.ts";
import { modelFacts } from "./model_facts.ts";
import { planFacts } from "./plan_facts.ts";
import type { Facts } from "./run_record.ts";
import { publicOptions } from "./secrets.ts";

/** What is known of a run once its plan is proven. */
export function factsAtStart(planned: PlannedRun): Facts {
  const { entries, params, plan, resources } = planned;
  const { optimizer, model } = resources;
  const keys = [
    ...params.metrics,
    ...plan.hooks.onEpochEnd?.keys.keys() ?? [],
  ];
  return {
    ...modelFacts(model),
    learningRate: optimizer?.learningRate,
    plugins: entries.map(({ name, file, source, options }) => ({
      name,
      file,
      ...source,
      options: options && publicOptions(options),
    })),
    params: paramsFacts(params, keys),
    plan: planFacts(planned),
  };
}

/**
 * What is known of a run by now. The columns of the history have an entry for
 * each epoch: null where it did not have the key.
 *
 * @param seconds How long each epoch took.
 */
export function factsByNow(
  { epochs, history }: RunSoFar,
  seconds: readonly number[],
): Facts {
  const { epoch, best, params, history: columns } = history();
  const keys = Object.keys(columns);
  const { logs: _, ...named } = best ?? { logs: {} };
  return {
    params: paramsFacts(params, [...params.metrics, ...keys]),
    epoch,
    history: Object.fromEntries(
      keys.map((key) => [key, epochs.map(({ logs }) => logs[key] ?? null)]),
    ),
    seconds,
    ...best && { best: named },
  };
}

/** How a run, or an experiment, ended. */
export function factsAtEnd({ error: _, ...outcome }: Outcome): Facts {
  return { ended: new Date().toISOString(), outcome };
}

/** The loop knows directions of keys that no run has. */
function paramsFacts(
  { directions, ...params }: RunParams,
  keys: readonly string[],
): Facts {
  const known: Record<string, Direction> = {};
  for (const key of keys) {
    const direction = directions[key];
    if (direction) known[key] = direction;
  }
  return { ...params, directions: known };
}
