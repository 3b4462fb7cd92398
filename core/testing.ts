/**
 * A test kit for plugin authors: a run without a model, whose hooks are called
 * with plain objects. In every other respect it is a real run: what a run
 * refuses, it refuses too.
 *
 * @example Test a plugin in three lines
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fakeRun } from "@hookloop/hookloop/testing";
 * import earlyStopping from "@hookloop/hookloop/plugins/early-stopping";
 *
 * const { run, fire, stops } = fakeRun(earlyStopping({ monitor: "loss" }));
 * await fire("onTrainBegin");
 * await fire("onEpochEnd", 0, { loss: 1 });
 * await fire("onEpochEnd", 1, { loss: 2 });
 * assertEquals(stops.length, 1);
 * assertEquals(run.epoch, 1);
 * ```
 *
 * @module
 */
import { WHOLE } from "./contract/phases.ts";
import { checkCalled, checkKnown, checkRejoined } from "./loop/fake_checks.ts";
import {
  type Direction,
  type HookName,
  HOOKS,
  type LogRecord,
  type NonFinite,
  type Outcome,
  type Plugin,
  type PredictLogs,
  type Run,
  type RunFiles,
  type RunParams,
  type TestBatch,
  type Values,
} from "./plugin.ts";
import type { Act } from "./events.ts";
import { type Backup, capture } from "./run/backup/backup.ts";
import { NO_LOGS } from "./run/dispatch.ts";
import { endEpoch } from "./run/history.ts";
import { aborted, outcomeOf } from "./run/outcome.ts";
import { decode } from "./run/backup/plain_data.ts";
import { openSession, type Session } from "./run/session.ts";
import { fakeResources } from "./run/fake_resources.ts";
import { fakeSession } from "./run/fake_session.ts";
import type { Snapshot } from "./steps.ts";

export type { Backup } from "./run/backup/backup.ts";

/** What {@linkcode fakeRun} starts from; each field has a default. */
export interface FakeRunOptions {
  /** The keys that steps report; `null` if they are known only once they are reported. Default `loss` and `accuracy`. */
  readonly metrics?: readonly string[] | null;
  /** Whether lower or higher is better, by key. `loss` and `accuracy` are known. */
  readonly directions?: Readonly<Record<string, Direction>>;
  /** Whether there is validation, or the batches that `run.validation` yields. Default true, without batches. */
  readonly validation?: boolean | readonly TestBatch[];
  /** Validate every this many epochs, or after these, counted from 1. Default 1. */
  readonly validationFreq?: number | readonly number[];
  /** Default: a fit of ten epochs of three batches of 32 samples. */
  readonly params?: Partial<Omit<RunParams, "metrics" | "directions">>;
  /** Learning rate at the start. Default 0.01. */
  readonly learningRate?: number;
  /** Momentum at the start; `null` for an optimizer without one. Default 0.9. */
  readonly momentum?: number | null;
  /** Weights at the start, a list of numbers. Default `[0]`. */
  readonly weights?: readonly number[];
  /** Folder of the run. Default `"."`. */
  readonly dir?: string;
  /** Its files. Default: those on disk. */
  readonly files?: RunFiles;
  /** Whether there is a terminal. Default false. */
  readonly interactive?: boolean;
  /** Width of the terminal. Default 80. */
  readonly columns?: number;
  /** Whether it is a notebook, which shows pictures. Default false. */
  readonly pictures?: boolean;
  /** Passed to plugins as `run.model`. */
  readonly model?: unknown;
  /** What `run.predict` returns. Default: the inputs. */
  readonly predict?: (x: readonly Values[]) => readonly Values[];
  /** What `run.firstNonFinite` finds. Default: nothing. */
  readonly firstNonFinite?: (
    where: "weights" | "step",
  ) => NonFinite | undefined;
  /** How the run ended, for end hooks. Default: as it actually did. */
  readonly outcome?: Outcome;
  /** Aborted when the caller gives up. Default: never. */
  readonly signal?: AbortSignal;
  /**
   * What {@linkcode FakeRun.backUp} of another run gave: this one goes on from
   * there once `onTrainBegin` has been fired. Default: it begins.
   */
  readonly backup?: Backup;
}

/** The arguments of a hook without the run; logs may be left out. */
export type FireArguments<H extends HookName> = H extends "onPredictBatchEnd"
  ? [batch: number, logs?: PredictLogs]
  : typeof HOOKS[H]["indexed"] extends false ? [logs?: LogRecord]
  : [index: number, logs?: LogRecord];

/** A run that only records. */
export interface FakeRun {
  /** What the plugin's hooks receive. */
  readonly run: Run;
  /**
   * Call a hook of the plugin with some of the keys it would receive; if the
   * plugin has no such hook, nothing happens.
   *
   * @returns The keys that the plugin added; undefined for none.
   * @throws {PluginError} When the hook throws.
   * @throws {InputError} If the run would not call this hook, or would not have
   * a key that is passed in.
   */
  fire<H extends HookName>(
    hook: H,
    ...args: FireArguments<H>
  ): Promise<LogRecord | undefined>;
  /** Everything the plugin asked for, in order. */
  readonly acts: readonly Act[];
  /** Reasons given to `run.stop`. */
  readonly stops: readonly string[];
  /** Lines printed, the run's own warnings included. */
  readonly lines: readonly string[];
  /** Every text given to `run.status`. */
  readonly statuses: readonly string[];
  /** What `run.save` was asked to write, with the weights at that moment. */
  readonly saves: readonly {
    readonly path: string;
    readonly weightsOnly: boolean;
    readonly weights: readonly number[];
  }[];
  /** The weights, a list of numbers: change them as training would. */
  readonly weights: number[];
  /** The last batch's own values: change them as training would. */
  readonly batchLogs: Record<string, number>;
  /** Snapshots that were taken and not yet freed. */
  readonly snapshots: ReadonlySet<Snapshot>;
  /** The clock, and the time since 1970, in milliseconds: set them. */
  readonly clock: { now: number; time: number };
  /**
   * The run as it is between two hooks, as a backup would hold it: what the
   * plugin has in its `state` and gives to `keeps`, its snapshots, and the
   * run's own. Give it to the next `fakeRun` with a plugin made anew, and test
   * that both together do what an unbroken run does.
   *
   * @throws {PluginError} If the plugin has something that cannot be saved.
   */
  backUp(): Promise<Backup>;
}

/**
 * A run without a model that records what the hooks of `plugin` do.
 *
 * @param plugin The plugin under test.
 * @param options What the run starts from.
 * @throws {SetupError} If a run would refuse the plugin.
 */
export function fakeRun(plugin: Plugin, options: FakeRunOptions = {}): FakeRun {
  const { metrics = METRICS, interactive = false, columns = 80 } = options;
  const weights = [...options.weights ?? [0]];
  const batchLogs: Record<string, number> = {};
  const snapshots = new Set<Snapshot>();
  const clock = { now: 0, time: 0 };
  const saves: { path: string; weightsOnly: boolean; weights: number[] }[] = [];
  const lines: string[] = [];
  const [acts, stops, statuses]: [Act[], string[], string[]] = [[], [], []];

  let opened: Session | undefined;
  // What is said then has been said before.
  const rejoining = () => opened?.state.rejoining === true;
  const session = opened = openSession({
    ...fakeSession(options),
    backup: options.backup,
    plugins: [plugin],
    steps: {
      ...fakeResources(options, weights, snapshots),
      metrics: metrics ?? undefined,
      directions: options.directions,
      batchLogs: () => ({ ...batchLogs }),
      save: () => Promise.resolve(),
    },
    now: () => clock.now,
    time: () => clock.time,
    printer: {
      interactive,
      pictures: options.pictures,
      columns,
      print: (line) => void (rejoining() || lines.push(line)),
      status() {},
    },
    onAct(act) {
      const { what } = act;
      acts.push(act);
      if (what.kind === "stop") stops.push(what.reason);
      if (what.kind === "status") statuses.push(what.line);
      if (what.kind === "save") {
        const { path, weightsOnly } = what;
        saves.push({ path, weightsOnly, weights: [...weights] });
      }
    },
  });
  let thrown: { readonly error: unknown } | undefined;
  const ended = () => {
    const { state } = session;
    return options.outcome ??
      outcomeOf(state, thrown ?? aborted(state.signal));
  };
  return {
    run: session.hooks.listeners[0]!.run,
    async fire(hook, ...args) {
      try {
        return await fire(session, plugin, ended, hook, args);
      } catch (error) {
        thrown ??= { error };
        throw error;
      }
    },
    ...{ acts, stops, lines, statuses, saves },
    ...{ weights, batchLogs, snapshots, clock },
    async backUp() {
      const { state, hooks } = session;
      return decode(await capture(state, hooks.listeners, 1)) as Backup;
    },
  };
}

const METRICS = ["loss", "accuracy"];

async function fire(
  { state, hooks, settle, close, takeError, rejoin }: Session,
  plugin: Plugin,
  ended: () => Outcome,
  hook: HookName,
  args: readonly unknown[],
): Promise<LogRecord | undefined> {
  const { indexed, phase, side } = HOOKS[hook];
  const index = indexed ? args[0] as number : 0;
  const given = (args[indexed ? 1 : 0] ?? NO_LOGS) as LogRecord;
  checkCalled(hook, state.params);
  checkKnown(hook, given, state.params);
  if (indexed === "epoch") state.position.epoch = index;
  if (hook === "onTrainBatchEnd") state.position.step++;
  const whole = WHOLE[state.params.mode] === phase && side === "end";
  if (hook !== "onTrainBegin") checkRejoined(state);
  if (whole) {
    state.outcome = ended();
    state.failing = state.outcome.status === "failed";
  }
  const logs = Object.freeze({ ...given });
  const seen = await hooks.fire[hook]?.(index, logs);
  if (hook === "onTrainBegin") await rejoin();
  if (whole) await settle();
  const error = whole ? close() : takeError();
  if (error) throw error;
  if (hook === "onEpochEnd") endEpoch(state, index, seen ?? logs);
  const added = plugin.provides?.[hook]?.filter((key) => seen && key in seen);
  return added?.length
    ? Object.fromEntries(added.map((key) => [key, seen![key]!]))
    : undefined;
}
