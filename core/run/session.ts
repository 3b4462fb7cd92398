/**
 * One run with its plugins: the plan is checked, every hook is one function,
 * whoever began is told the end, and nothing is left behind.
 *
 * @module
 */
import { SetupError } from "../errors.ts";
import { connect, type Hookup } from "./hooks.ts";
import {
  directionsOf,
  type KeysOfHook,
  keysOfHook,
  type Validation,
} from "../contract/log_keys.ts";
import { outcomeOf } from "./outcome.ts";
import { makePlan, type Plan } from "../contract/plan.ts";
import type { HookName, Logs, RunParams } from "../plugin.ts";
import {
  type Entry,
  type PluginList,
  readPluginList,
} from "../contract/plugin_list.ts";
import { offersOf, type RunState } from "./handle.ts";
import { resetState } from "./plugin_state.ts";
import type { Steps } from "../steps.ts";
import { type Printer, terminal } from "../terminal.ts";

/** What every kind of run may be given. */
export interface RunOptions {
  /** The plugins, in order; falsy entries are left out, lists may nest. Default none. */
  readonly plugins?: PluginList | undefined;
  /** Folder where the plugins' relative paths begin. Default `"."`. */
  readonly dir?: string | undefined;
  /** Abort it to end the run after the batch at hand. */
  readonly signal?: AbortSignal | undefined;
  /** Where the run prints. Default the standard output. */
  readonly printer?: Printer | undefined;
  /** Called with the plan once it is proven, before the first hook; what it throws ends the run there. */
  readonly onPlan?: ((planned: PlannedRun) => void) | undefined;
}

/** The part of {@linkcode Steps} that plugins depend on. */
export type StepFacts = Pick<
  Steps<never>,
  "metrics" | "directions" | "optimizer" | "weights" | "model" | "save"
>;

/** What a session is opened with. */
export interface SessionOptions extends RunOptions {
  /** What can be acted on, and the keys of a step. */
  readonly steps: StepFacts;
  /** How often validation runs. */
  readonly validation: Validation;
  /** What is known from the start, save for the keys and directions. */
  readonly params: Omit<RunParams, "metrics" | "directions">;
}

/** A phase of a run, which begins and ends in hooks of its own. */
export type Phase = "Train" | "Test" | "Predict";

/** A run with its plugins. */
export interface Session extends Hookup {
  /** Position, requests and outcome. */
  readonly state: RunState;
  /** Begin hook, `body`, end hook; the end hook also when `body` throws. */
  phase(name: Phase, body: () => Promise<Logs>): Promise<Logs>;
}

/** What the plan is made of, and what came out. */
export interface PlannedRun {
  /** The plugins. */
  readonly entries: readonly Entry[];
  /** Who runs when, and what is wrong. */
  readonly plan: Plan;
  /** What is known from the start. */
  readonly params: RunParams;
}

/** The logs of a hook that gets none. */
export const NO_LOGS: Logs = {};

const OUTER_PHASE = {
  fit: "Train",
  evaluate: "Test",
  predict: "Predict",
} as const;
const ACTION = {
  fit: "start training",
  evaluate: "start evaluation",
  predict: "start prediction",
} as const;

/**
 * Work out who runs when, without starting anything.
 *
 * @param options Plugins, steps and what is known of the run.
 * @throws {SetupError} With every problem, if the run cannot start.
 */
export function planRun(options: SessionOptions): PlannedRun {
  const { steps, validation, params: { mode } } = options;
  const { entries, problems } = readPluginList(options.plugins ?? []);
  const directions = directionsOf(steps.directions);
  const keys = (hook: HookName): KeysOfHook | undefined =>
    steps.metrics || !/(Train|Test|Epoch)(Batch)?End/.test(hook)
      ? keysOfHook(hook, steps.metrics ?? [], validation)
      : undefined;
  const plan = makePlan(entries, {
    keys,
    validation,
    directions,
    offers: offersOf(steps),
  });
  const all = [...problems, ...plan.problems];
  if (all.length) throw new SetupError(ACTION[mode], all);
  const last = mode === "fit" ? "onEpochEnd" : "onTestEnd";
  const metrics = mode === "predict" ? [] : [...keys(last)?.keys() ?? []];
  return { entries, plan, params: { ...options.params, metrics, directions } };
}

/**
 * Check the plan and get everything ready for the first hook.
 *
 * @param options Plugins, steps and what is known of the run.
 * @throws {SetupError} With every problem, if the run cannot start.
 */
export function openSession(options: SessionOptions): Session {
  const planned = planRun(options);
  options.onPlan?.(planned);
  const { entries, plan, params } = planned;
  const state = newState(options, params);
  for (const { plugin } of entries) resetState(plugin);
  for (const line of plan.warnings) state.printer.print(`Warning: ${line}`);
  const hookup = connect(state, plan, entries, options.validation);
  return {
    ...hookup,
    state,
    phase: (name, body) => inPhase(state, hookup, name, body),
  };
}

function newState(options: SessionOptions, params: RunParams): RunState {
  return {
    hook: "onTrainBegin",
    muting: false,
    epoch: params.initialEpoch,
    batch: undefined,
    step: 0,
    stop: undefined,
    outcome: undefined,
    params,
    resources: options.steps,
    printer: options.printer ?? terminal(),
    dir: options.dir ?? ".",
    signal: options.signal ?? new AbortController().signal,
    snapshots: new Set(),
    now: () => performance.now(),
    turned: performance.now(),
  };
}

async function inPhase(
  state: RunState,
  { fire, takeEndError }: Hookup,
  name: Phase,
  body: () => Promise<Logs>,
): Promise<Logs> {
  let logs = NO_LOGS;
  let failure: { error: unknown } | undefined;
  try {
    await fire[`on${name}Begin`]?.(0, NO_LOGS);
    logs = await body();
  } catch (error) {
    failure = { error };
  }
  const outer = OUTER_PHASE[state.params.mode] === name;
  if (outer) state.outcome = outcomeOf(state, failure);
  await fire[`on${name}End`]?.(0, logs);
  if (outer) cleanUp(state);
  const endError = takeEndError();
  if (failure && endError) state.printer.print(`Warning: ${endError.message}`);
  if (failure) throw failure.error;
  if (endError) throw endError;
  return logs;
}

/**
 * Leave nothing behind: no status line, no snapshot.
 *
 * @param state The run that ended.
 */
export function cleanUp(state: RunState): void {
  state.printer.status("");
  for (const snapshot of state.snapshots) snapshot.dispose();
  state.snapshots.clear();
}
