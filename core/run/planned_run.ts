/**
 * From plugins and what the loop knows of itself to a proven plan.
 *
 * @module
 */
import { allDirections, checkKeys, keysOfHook } from "../contract/log_keys.ts";
import type { Facts } from "../contract/facts.ts";
import { possible } from "../contract/if_possible.ts";
import { runsIn } from "../contract/phases.ts";
import { makePlan, type Plan } from "../contract/plan.ts";
import {
  type Entry,
  type PluginList,
  readPluginList,
} from "../contract/plugin_list.ts";
import { offersOf } from "../contract/requirements.ts";
import { SetupError } from "../errors.ts";
import type { HookName, RunParams } from "../plugin.ts";
import type { Resources } from "../steps.ts";
import type { SessionOptions } from "./run_options.ts";

/** What the plan is made of, and what came out. */
export interface PlannedRun {
  /** The plugins. */
  readonly entries: readonly Entry[];
  /** Why others, which run only if possible, do not: a line for each. */
  readonly leftOut: readonly string[];
  /** Who runs when, and what is wrong. */
  readonly plan: Plan;
  /** What is known from the start. */
  readonly params: RunParams;
  /** What the run offers to plugins. */
  readonly resources: Resources;
}

const ACTION = {
  fit: "start training",
  evaluate: "start evaluation",
  predict: "start prediction",
} as const;

/**
 * What the loop knows of itself.
 *
 * @throws {InputError} If a metric has a name that no log key can have.
 */
export function factsOf(options: SessionOptions): Facts {
  const { steps, validation, recorded, params: { mode } } = options;
  checkKeys(steps.metrics);
  return {
    mode,
    runs: (hook) => options.anyHook === true || runsIn(mode, hook),
    keys: (hook) =>
      recorded?.keys(hook) ?? keysOfHook(hook, steps.metrics, validation),
    validation,
    recorded: recorded !== undefined,
    directions: allDirections(steps.directions),
    offers: offersOf(steps, options.validationData),
  };
}

/**
 * Work out who runs when, without starting anything.
 *
 * @throws {SetupError} With every problem, if the run cannot start.
 */
export function planRun(
  options: SessionOptions,
  facts: Facts,
  list: PluginList,
): PlannedRun {
  const { mode, keys, directions } = facts;
  const { entries: given, problems } = readPluginList(
    list,
    facts.recorded,
  );
  const { entries, leftOut } = possible(
    given,
    (some) => makePlan(some, facts).problems,
    ({ hooks }) =>
      (Object.keys(hooks) as HookName[])
        .every((hook) => !facts.runs(hook) || keys(hook) !== undefined),
  );
  const plan = makePlan(entries, facts);
  const all = [...problems, ...plan.problems];
  if (all.length) {
    throw new SetupError(
      facts.recorded ? "replay the run" : ACTION[mode],
      all,
    );
  }
  // Those of an evaluation too, which has no validation.
  const last = keys("onEpochEnd")?.keys() ?? [];
  const metrics = mode === "predict" ? [] : [...last];
  const params = {
    ...options.params,
    metrics: Object.freeze(metrics),
    directions: Object.freeze(directions),
  };
  return { entries, leftOut, plan, params, resources: options.steps };
}
