/**
 * One run with its plugins: the plan is checked, every hook is one function,
 * every plugin that began is told how it ended, and nothing is left behind.
 *
 * @module
 */
import { hookOf, WHOLE } from "../contract/phases.ts";
import { makePlan, type Plan } from "../contract/plan.ts";
import type { Entry } from "../contract/plugin_list.ts";
import type { LogRecord, Phase } from "../plugin.ts";
import { nameWhatHolds, patience } from "./awaited.ts";
import { checkRunOptions } from "./check_options.ts";
import { type Listener, NO_LOGS } from "./dispatch.ts";
import { failures } from "./failure.ts";
import { isPause, markedFiles } from "./backup/backup.ts";
import { backups } from "./backup/backups.ts";
import { followed, warn } from "./follow.ts";
import { folderToGoOnIn, rejoin, whatToGoOnFrom } from "./backup/go_on.ts";
import { withFreed } from "./freed_weights.ts";
import { newState } from "./new_state.ts";
import { connect, type RunHooks } from "./hooks.ts";
import type { RunControl, SessionOptions } from "./run_options.ts";
import { soFar } from "./history.ts";
import { leaks } from "./leaks.ts";
import { pace } from "./measuring/pace.ts";
import { outcomeOf } from "./outcome.ts";
import { factsOf, type PlannedRun, planRun } from "./planned_run.ts";
import { resetState } from "./plugin_state.ts";
import { settled } from "./settled.ts";
import type { RunState } from "./state.ts";
import { tolerateFaults, unwrittenOf } from "./files/unwritten.ts";

/** A run with its plugins. */
export interface Session {
  /** Position, requests and outcome. */
  readonly state: RunState;
  /** The hooks, as they are now. */
  readonly hooks: RunHooks;
  /** Steers it. */
  readonly control: RunControl;
  /**
   * Begin hook, `body`, end hook; the end hook also when `body` throws. What has
   * `begun` before the run was broken off is not begun again.
   */
  phase(
    name: Phase,
    body: () => Promise<LogRecord>,
    begun?: boolean,
  ): Promise<LogRecord>;
  /** The plugins know of the begin: where the run goes on, all is put back. Undefined where it does not. */
  rejoin(): Promise<void> | undefined;
  /** Between two hooks: the run is backed up if that was asked for, or if it ends here to go on later. */
  rest(): Promise<void> | undefined;
  /** Bring in the plugins that were asked for: to be called between two epochs. */
  refresh(): Promise<void>;
  /** The first error of the end hooks that have run, which waited for the others. */
  takeError(): Error | undefined;
  /** Wait for what plugins began outside of hooks; a failure of it waits like those of the end hooks. Undefined if there is nothing. */
  settle(): Promise<void> | undefined;
  /**
   * Leave nothing behind: no status line, no snapshot. What comes back is that
   * error.
   *
   * @param over Whether this is the end of the whole run, which its followers
   * are told. Default true.
   */
  close(over?: boolean): Error | undefined;
}

/**
 * Check the plan and get everything ready for the first hook.
 *
 * @throws {SetupError} With every problem, if the run cannot start.
 * @throws {InputError} If a metric has a name that no log key can have.
 */
export function openSession(given: SessionOptions): Session {
  checkRunOptions(given);
  const options = { ...given, data: once(() => factsApart(given)) };
  const facts = factsOf(options);
  let planned = planRun(options, facts, options.plugins ?? []);
  let next: PlannedRun | undefined;
  const folder = folderToGoOnIn(options, planned);
  const goesOn = whatToGoOnFrom(options, planned, folder);
  const found = goesOn?.backup;
  const control: RunControl = {
    replacePlugins: (plugins) => void (next = planRun(options, facts, plugins)),
  };
  const watch = options.onPlan?.(planned, control, goesOn?.from) ?? {};
  if (options.dryRun) planned = { ...planned, entries: [], plan: NO_PLAN };

  const state = newState(options, watch, planned, () => planned.entries);
  state.rejoining = found !== undefined;
  if (options.onFileError !== "fail") tolerateFaults(state);
  const warnOf = ({ plan, leftOut }: PlannedRun) => {
    plan.warnings.forEach((it) => warn(state, it));
    leftOut.forEach((it) => state.printer.print(it));
  };
  warnOf(planned);
  const failed = failures(state);
  for (const { plugin } of planned.entries) resetState(plugin);
  state.leaks = leaks(state);
  const paced = options.recorded ? undefined : pace(state);
  const connected = (before?: readonly Listener[]) => {
    const all = connect(state, planned, facts, failed, before);
    return followed(state, paced?.hooks(all) ?? all);
  };
  let hooks = connected();
  const unwatch = nameWhatHolds(state);
  state.patience = state.swaps.patience(
    state,
    patience(state, options.hookTimeout),
  );
  const saved = backups(state, () => hooks.listeners, goesOn?.number);
  const lost = found
    ? markedFiles(state.files)?.putBack(found.files) ?? []
    : saved.begin(folder !== undefined);
  for (const line of lost) warn(state, line);

  function close(over = true): Error | undefined {
    unwatch();
    paced?.end();
    for (const profiling of state.profilings) profiling.stop();
    state.printer.status("");
    if (over) state.leaks?.epoch();
    state.snapshots.close();
    const error = failed.take();
    // A run that failed in an end hook did not complete.
    if (error && !state.failing) state.outcome = outcomeOf(state, { error });
    if (over) {
      state.unwritten = unwrittenOf(state);
      for (const { shadow } of options.recorded ? [] : hooks.listeners) {
        if (shadow) state.printer.print(shadow.summary());
      }
      watch.end?.(soFar(state));
    }
    return error;
  }

  /** Call one hook of some plugins alone. */
  async function tell(
    entries: readonly Entry[],
    hook: "onTrainBegin" | "onTrainEnd",
  ): Promise<void> {
    const some = { entries, plan: makePlan(entries, facts) };
    const logs = state.position.last;
    const { fire } = connect(state, some, facts, failed, hooks.listeners);
    await fire[hook]?.(0, hook === "onTrainEnd" ? logs : NO_LOGS);
    const error = failed.take();
    if (error) throw error;
  }

  const resting = state.swaps.resting({
    rest: () =>
      state.signal.aborted || isPause(state.stop) ? saved.last() : saved.take(),
  });
  const session: Session = {
    state,
    get hooks() {
      return hooks;
    },
    control,
    settle() {
      const open = state.begun || state.trailing?.length;
      const close = () => saved.close(failed.waiting);
      if (!open) return close();
      return settled(state, hooks.listeners, failed).then(close);
    },
    rejoin: () => rejoin(state, hooks.listeners, found, options),
    rest: () => resting.rest(),
    close,
    takeError: failed.take,
    async refresh() {
      state.leaks?.epoch();
      if (!next) return;
      const [before, after] = [planned, next];
      next = undefined;
      const has = ({ entries }: PlannedRun, { plugin }: Entry) =>
        entries.some((entry) => entry.plugin === plugin);
      const coming = after.entries.filter((entry) => !has(before, entry));
      const leaving = before.entries.filter((it) => !has(after, it));
      await tell(leaving, "onTrainEnd");
      for (const { name } of leaving) state.followers.drop(name);
      planned = after;
      state.best = planned.plan.best;
      warnOf(planned);
      for (const { plugin } of coming) resetState(plugin);
      state.swaps.forgetHooks();
      hooks = connected(hooks.listeners);
      await tell(coming, "onTrainBegin");
    },
    phase: (name, body, begun) => inPhase(session, name, body, begun),
  };
  return session;
}

async function inPhase(
  session: Session,
  name: Phase,
  body: () => Promise<LogRecord>,
  begun = false,
): Promise<LogRecord> {
  const { state } = session;
  const whole = WHOLE[state.params.mode] === name;
  let logs = NO_LOGS;
  let failure: { error: unknown } | undefined;
  try {
    if (!begun) await session.hooks.fire[hookOf(name, "begin")]?.(0, NO_LOGS);
    if (whole) await session.rejoin();
    logs = Object.freeze(await body());
  } catch (error) {
    failure = { error: withFreed(state, error) };
    state.failing = true;
  }
  if (whole) state.outcome = outcomeOf(state, failure);
  let endError: unknown;
  try {
    await session.hooks.fire[hookOf(name, "end")]?.(0, logs);
  } catch (error) {
    endError = error;
  } finally {
    if (whole) await session.settle();
    const first = whole ? session.close() : session.takeError();
    endError = first ?? endError;
  }
  if (failure && endError) {
    warn(state, (endError as Error).message);
  }
  if (failure) throw failure.error;
  if (endError) throw endError;
  return logs;
}

const NO_PLAN: Plan = {
  hooks: {},
  problems: [],
  warnings: [],
  best: undefined,
};

/** What tells a run from others, besides its plan. */
function factsApart(
  { data, identity }: SessionOptions,
): Readonly<Record<string, string>> {
  return { ...data?.(), ...identity?.() };
}

/** The same, worked out when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
