/**
 * One run with its plugins: the plan is checked, every hook is one function,
 * whoever began is told the end, and nothing is left behind.
 *
 * @module
 */
import {
  allDirections,
  checkKeys,
  keysOfHook,
  type Validation,
} from "../contract/log_keys.ts";
import { hookOf, runsIn, WHOLE } from "../contract/phases.ts";
import { type Facts, makePlan, type Plan } from "../contract/plan.ts";
import {
  type Entry,
  type PluginList,
  readPluginList,
} from "../contract/plugin_list.ts";
import { offersOf } from "../contract/requirements.ts";
import { SetupError } from "../errors.ts";
import type {
  LogRecord,
  Phase,
  RunFiles,
  RunParams,
  ValidationData,
} from "../plugin.ts";
import type { Reports, Resources } from "../steps.ts";
import { type Printer, terminal } from "../terminal.ts";
import type { Act } from "./acts.ts";
import { NO_LOGS } from "./dispatch.ts";
import { failures } from "./failure.ts";
import { runFiles } from "./files.ts";
import { connect, type RunHooks } from "./hooks.ts";
import { outcomeOf } from "./outcome.ts";
import { resetState } from "./plugin_state.ts";
import { snapshotStore } from "./snapshots.ts";
import { type Position, type RunState, startPosition } from "./state.ts";

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
}

/**
 * What the program around a run may give besides, such as the command line:
 * every loop, `fit` and its like take these too.
 */
export interface HostOptions extends RunOptions {
  /** Called with the plan once it is proven, before the first hook, and with what steers the run; what it throws ends the run there. */
  readonly onPlan?:
    | ((planned: PlannedRun, control: RunControl) => void)
    | undefined;
  /** Called with each act of a plugin, before it is carried out. */
  readonly onAct?: ((act: Act) => void) | undefined;
  /** The run's files, for its plugins. Default those on the disk, in `dir`. */
  readonly files?: RunFiles | undefined;
  /** The run's clock, in milliseconds from any start. Default the system's. */
  readonly now?: (() => number) | undefined;
  /** Plan alone: `onPlan` is called, no hook runs, and the run ends, as aborted, before its first batch. Default false. */
  readonly dryRun?: boolean | undefined;
  /** Where to begin, as another run's position was: the run goes on from there, and changes it. Default the start. */
  readonly position?: Position | undefined;
}

/** Steers a run from outside. */
export interface RunControl {
  /**
   * Run with other plugins from the next epoch on. Plugins that are in both
   * lists go on as they are; `onTrainEnd` is called for those that leave,
   * `onTrainBegin` for those that come.
   *
   * @throws {SetupError} With every problem, if they cannot run; then all stays as it is.
   */
  replacePlugins(plugins: PluginList): void;
}

/** What a session is opened with. */
export interface SessionOptions extends HostOptions {
  /** What can be acted on, and the keys of a step. */
  readonly steps: Partial<Reports> & Resources;
  /** How often validation runs. */
  readonly validation: Validation;
  /** The data it validates or evaluates with. */
  readonly validationData?: ValidationData | undefined;
  /** What is known from the start, save for the keys and directions. */
  readonly params: Omit<RunParams, "metrics" | "directions">;
  /** Whether hooks of all kinds of runs may be called. Default false. */
  readonly anyHook?: boolean;
}

/** A run with its plugins. */
export interface Session {
  /** Position, requests and outcome. */
  readonly state: RunState;
  /** The hooks, as they are now. */
  readonly hooks: RunHooks;
  /** Steers it. */
  readonly control: RunControl;
  /** Begin hook, `body`, end hook; the end hook also when `body` throws. */
  phase(name: Phase, body: () => Promise<LogRecord>): Promise<LogRecord>;
  /** Bring in the plugins that were asked for: to be called between two epochs. */
  refresh(): Promise<void>;
  /** The first error of the end hooks that have run, which waited for the others. */
  takeError(): Error | undefined;
  /** Leave nothing behind: no status line, no snapshot. What comes back is that error. */
  close(): Error | undefined;
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

const ACTION = {
  fit: "start training",
  evaluate: "start evaluation",
  predict: "start prediction",
} as const;

/**
 * Check the plan and get everything ready for the first hook.
 *
 * @throws {SetupError} With every problem, if the run cannot start.
 * @throws {InputError} If a metric has a name that no log key can have.
 */
export function openSession(options: SessionOptions): Session {
  const facts = factsOf(options);
  let planned = planRun(options, facts, options.plugins ?? []);
  let next: PlannedRun | undefined;
  const control: RunControl = {
    replacePlugins: (plugins) => void (next = planRun(options, facts, plugins)),
  };
  options.onPlan?.(planned, control);
  if (options.dryRun) planned = { ...planned, entries: [], plan: NO_PLAN };

  const state = stateOf(options, planned.params, () => planned.entries);
  const warn = ({ plan }: PlannedRun) =>
    plan.warnings.forEach((it) => state.printer.print(`Warning: ${it}`));
  warn(planned);
  const failed = failures(state);
  for (const { plugin } of planned.entries) resetState(plugin);
  let hooks = connect(state, planned, facts, failed);

  function close(): Error | undefined {
    state.printer.status("");
    state.snapshots.close();
    return failed.take();
  }

  /** Call one hook of some plugins alone. */
  async function tell(
    entries: readonly Entry[],
    hook: "onTrainBegin" | "onTrainEnd",
  ): Promise<void> {
    const some = { ...planned, entries, plan: makePlan(entries, facts) };
    const logs = state.position.epochs.at(-1)?.logs ?? NO_LOGS;
    const { fire } = connect(state, some, facts, failed);
    await fire[hook]?.(0, hook === "onTrainEnd" ? logs : NO_LOGS);
    const error = failed.take();
    if (error) throw error;
  }

  return {
    state,
    get hooks() {
      return hooks;
    },
    control,
    close,
    takeError: failed.take,
    async refresh() {
      if (!next) return;
      const [before, after] = [planned, next];
      next = undefined;
      const has = ({ entries }: PlannedRun, { plugin }: Entry) =>
        entries.some((entry) => entry.plugin === plugin);
      const coming = after.entries.filter((entry) => !has(before, entry));
      await tell(before.entries.filter((it) => !has(after, it)), "onTrainEnd");
      planned = after;
      warn(planned);
      for (const { plugin } of coming) resetState(plugin);
      hooks = connect(state, planned, facts, failed, hooks.listeners);
      await tell(coming, "onTrainBegin");
    },
    async phase(name, body) {
      const whole = WHOLE[state.params.mode] === name;
      let logs = NO_LOGS;
      let failure: { error: unknown } | undefined;
      try {
        await hooks.fire[hookOf(name, "begin")]?.(0, NO_LOGS);
        logs = Object.freeze(await body());
      } catch (error) {
        failure = { error };
        state.failing = true;
      }
      if (whole) state.outcome = outcomeOf(state, failure);
      await hooks.fire[hookOf(name, "end")]?.(0, logs);
      const endError = whole ? close() : failed.take();
      if (failure && endError) {
        state.printer.print(`Warning: ${endError.message}`);
      }
      if (failure) throw failure.error;
      if (endError) throw endError;
      return logs;
    },
  };
}

const NO_PLAN: Plan = { hooks: {}, problems: [], warnings: [] };

/** What the loop knows of itself. */
function factsOf(options: SessionOptions): Facts {
  const { steps, validation, params: { mode } } = options;
  checkKeys(steps.metrics);
  return {
    mode,
    runs: (hook) => options.anyHook === true || runsIn(mode, hook),
    keys: (hook) => keysOfHook(hook, steps.metrics, validation),
    validation,
    directions: allDirections(steps.directions),
    offers: offersOf(steps, options.validationData),
  };
}

/** Work out who runs when, without starting anything. */
function planRun(
  options: SessionOptions,
  facts: Facts,
  list: PluginList,
): PlannedRun {
  const { mode, keys, directions } = facts;
  const { entries, problems } = readPluginList(list);
  const plan = makePlan(entries, facts);
  const all = [...problems, ...plan.problems];
  if (all.length) throw new SetupError(ACTION[mode], all);
  const last = mode === "fit" ? "onEpochEnd" : "onTestEnd";
  const metrics = mode === "predict" ? [] : [...keys(last)?.keys() ?? []];
  return { entries, plan, params: { ...options.params, metrics, directions } };
}

function stateOf(
  options: SessionOptions,
  params: RunParams,
  entries: () => readonly Entry[],
): RunState {
  const { dir = ".", signal = new AbortController().signal } = options;
  const { now = () => performance.now() } = options;
  return {
    position: options.position ?? startPosition(params.initialEpoch),
    hook: hookOf(WHOLE[params.mode], "begin"),
    index: 0,
    muting: false,
    failing: false,
    stop: undefined,
    outcome: undefined,
    params,
    resources: options.steps,
    validation: options.validationData,
    printer: options.printer ?? terminal(),
    dir,
    files: options.files ?? runFiles(dir),
    signal: options.dryRun ? AbortSignal.abort(new Error("a dry run")) : signal,
    snapshots: snapshotStore(entries),
    onAct: options.onAct,
    now,
    turned: now(),
  };
}
