/**
 * A test kit for plugin authors: a run without a model, whose hooks are called
 * with plain objects.
 *
 * @example Test a plugin in three lines
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fakeRun } from "@hookloop/hookloop/testing";
 * import earlyStopping from "@hookloop/hookloop/plugins/early-stopping";
 *
 * const { run, fire, stops } = fakeRun(earlyStopping({ monitor: "loss" }));
 * await fire("onTrainBegin", {});
 * await fire("onEpochEnd", 0, { loss: 1 });
 * await fire("onEpochEnd", 1, { loss: 2 });
 * assertEquals(stops.length, 1);
 * assertEquals(run.epoch, 1);
 * ```
 *
 * @module
 */
import type {
  HookName,
  HookResult,
  Outcome,
  Plugin,
  Run,
  RunParams,
  Snapshot,
} from "./plugin.ts";

/** What {@linkcode fakeRun} starts from; each field has a default. */
export interface FakeRunOptions {
  /** Default: a fit of ten epochs with `loss`, `accuracy` and their `val_` keys. */
  readonly params?: Partial<RunParams>;
  /** Learning rate at the start. Default 0.01. */
  readonly learningRate?: number;
  /** Momentum at the start. Default 0.9. */
  readonly momentum?: number;
  /** Weights at the start, a list of numbers. Default `[0]`. */
  readonly weights?: readonly number[];
  /** Folder of the run. Default `"."`. */
  readonly dir?: string;
  /** Whether there is a terminal. Default false. */
  readonly interactive?: boolean;
  /** Width of the terminal. Default 80. */
  readonly columns?: number;
  /** Handed out as `run.model`. */
  readonly model?: unknown;
  /** How the run ended, for end hooks. */
  readonly outcome?: Outcome;
  /** What `run.keys` answers. Default: `params.metrics`, sorted. */
  readonly keys?: readonly string[];
}

/** A run that only keeps a record. */
export interface FakeRun {
  /** Hand this to a hook, or let `fire` do so. `epoch`, `step` and the clock may be set. */
  readonly run: Run & { epoch: number; step: number; clock: number };
  /** Call a hook of the plugin; without that hook nothing happens. */
  fire(hook: HookName, ...args: readonly unknown[]): Promise<unknown>;
  /** Reasons given to `run.stop`. */
  readonly stops: string[];
  /** Lines printed. */
  readonly lines: string[];
  /** Every text given to `run.status`. */
  readonly statuses: string[];
  /** What `run.save` was asked to write, with the weights of that moment. */
  readonly saves: { path: string; weightsOnly: boolean; weights: number[] }[];
  /** The weights, a list of numbers: change them as training would. */
  readonly weights: number[];
  /** Snapshots that were taken and not disposed. */
  readonly snapshots: Set<Snapshot>;
}

/**
 * A run without a model for the hooks of `plugin`, which records what they do.
 *
 * @param plugin The plugin under test.
 * @param options What the run starts from.
 */
export function fakeRun(plugin: Plugin, options: FakeRunOptions = {}): FakeRun {
  const weights = [...options.weights ?? [0]];
  const record = {
    stops: [] as string[],
    lines: [] as string[],
    statuses: [] as string[],
    saves: [] as FakeRun["saves"],
    snapshots: new Set<Snapshot>(),
  };
  const metrics = ["loss", "accuracy", "val_loss", "val_accuracy"];
  const params: RunParams = {
    mode: "fit",
    epochs: 10,
    initialEpoch: 0,
    steps: 3,
    validationSteps: 1,
    batchSize: 32,
    metrics,
    directions: {
      loss: "min",
      val_loss: "min",
      accuracy: "max",
      val_accuracy: "max",
    },
    ...options.params,
  };
  const run: FakeRun["run"] = {
    epoch: params.initialEpoch,
    step: 0,
    clock: 0,
    params,
    optimizer: {
      learningRate: options.learningRate ?? 0.01,
      momentum: options.momentum ?? 0.9,
    },
    weights: fakeWeights(weights, record.snapshots),
    model: options.model,
    dir: options.dir ?? ".",
    signal: new AbortController().signal,
    outcome: options.outcome,
    terminal: {
      interactive: options.interactive ?? false,
      columns: options.columns ?? 80,
    },
    stop: (reason) => void record.stops.push(reason),
    print: (line) => void record.lines.push(line),
    status: (line) => void record.statuses.push(line),
    save: (path, { weightsOnly = false } = {}) => {
      record.saves.push({ path, weightsOnly, weights: [...weights] });
      return Promise.resolve();
    },
    keys: () => [...options.keys ?? params.metrics].sort(),
    now: () => run.clock,
  };
  return {
    run,
    ...record,
    weights,
    fire: (hook, ...args) => fire(plugin, run, hook, args),
  };
}

async function fire(
  plugin: Plugin,
  run: FakeRun["run"],
  hook: HookName,
  args: readonly unknown[],
): Promise<unknown> {
  if (hook.startsWith("onEpoch")) run.epoch = args[0] as number;
  if (hook === "onTrainBatchEnd") run.step++;
  const call = plugin[hook] as
    | ((...args: readonly unknown[]) => HookResult)
    | undefined;
  return await call?.call(plugin, ...args, run);
}

function fakeWeights(
  weights: number[],
  alive: Set<Snapshot>,
): Run["weights"] {
  const copies = new Map<Snapshot, number[]>();
  return {
    snapshot() {
      const snapshot = { dispose: () => void alive.delete(snapshot) };
      copies.set(snapshot, [...weights]);
      alive.add(snapshot);
      return snapshot;
    },
    restore(snapshot) {
      weights.splice(0, weights.length, ...copies.get(snapshot)!);
    },
    average(snapshot, momentum) {
      const mean = copies.get(snapshot)!;
      weights.forEach((value, i) => {
        mean[i] = momentum * mean[i]! + (1 - momentum) * value;
      });
    },
  };
}
