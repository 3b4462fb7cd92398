/**
 * A case through the real loop: its script stands for the model, its callbacks
 * are our plugins, a recorder stands behind the last one.
 *
 * @module
 */
import {
  type Source,
  type TestSteps,
  trainLoop,
  type TrainSteps,
} from "../../core/loop/mod.ts";
import { HOOK_NAMES, HOOKS, type Plugin } from "../../core/plugin.ts";
import { silent } from "../../core/terminal.ts";
import { pluginOf } from "./callbacks.ts";
import {
  type Case,
  type CaseLogs,
  number,
  type TraceLine,
  type WeightsLine,
} from "./cases.ts";

/** What our run left behind, in the form of a case's `expect`. */
export interface Replay {
  /** What the recorder saw. */
  readonly trace: readonly TraceLine[];
  /** What the loop returned. */
  readonly history: Readonly<Record<string, readonly number[]>>;
  /** Epochs that ran. */
  readonly epochs_run: number;
  /** The learning rate after each epoch. */
  readonly learning_rate_per_epoch: readonly number[];
  /** The weight at the end. */
  readonly final_weight: number;
  /** What the recorder saw of the weights, hook by hook. */
  readonly weights: readonly WeightsLine[];
  /** Name -> the weight at the time. */
  readonly checkpoints: Readonly<Record<string, number>>;
  /** The text of the CSV file, if one was written. */
  readonly csv: string | undefined;
}

/**
 * Run a case.
 *
 * @param it The case.
 * @param dir An empty folder for its files.
 */
export async function replay(it: Case, dir: string): Promise<Replay> {
  const { fit, callbacks } = it;
  const model = scripted(it);
  const trace: TraceLine[] = [];
  const weights: WeightsLine[] = [];
  const rates: number[] = [];
  const plugins = [
    ...callbacks.map(pluginOf),
    recorder((hook, index, logs) => {
      trace.push([hook, index, logs]);
      weights.push([hook, index, ...model.weights]);
      if (hook === "on_epoch_end") rates.push(model.optimizer.learningRate);
    }),
  ];
  const { history, epoch } = await trainLoop(
    model.steps,
    batches(fit.steps_per_epoch),
    fit.validation
      ? { steps: model.steps, data: batches(fit.validation_steps ?? 1) }
      : undefined,
    {
      epochs: fit.epochs,
      initialEpoch: fit.initial_epoch,
      validationFreq: fit.validation_freq,
      plugins,
      dir,
      printer: silent(),
    },
  );
  return {
    trace,
    history,
    epochs_run: epoch.length,
    learning_rate_per_epoch: rates,
    final_weight: model.weights[0],
    weights,
    checkpoints: model.checkpoints,
    csv: readCsv(it, dir),
  };
}

/** Two weights that grow by 1 a batch, the second not trainable, and logs that stand in the script. */
function scripted({ script, learning_rate }: Case) {
  const weights: [number, number] = [0, 0];
  let epoch = 0;
  let testing = false;
  const optimizer = { learningRate: learning_rate };
  const checkpoints: Record<string, number> = {};
  const keys = Object.keys(script).filter((key) => !key.startsWith("val_"));
  const copies = new WeakMap<object, number[]>();
  const steps: TrainSteps<number> & TestSteps<number> = {
    metrics: keys,
    optimizer,
    weights: {
      snapshot({ trainable }) {
        const snapshot = { dispose() {} };
        copies.set(snapshot, weights.slice(0, trainable ? 1 : 2));
        return snapshot;
      },
      restore(snapshot) {
        Object.assign(weights, copies.get(snapshot));
      },
      average(snapshot, momentum) {
        const means = copies.get(snapshot)!;
        means.forEach((mean, i) =>
          means[i] = momentum * mean + (1 - momentum) * weights[i]!
        );
      },
      entries: () => [],
    },
    save: (path) => {
      checkpoints[path.slice(path.lastIndexOf("/") + 1)] = weights[0];
      return Promise.resolve();
    },
    begin() {},
    train(batch) {
      epoch = batch;
      testing = false;
      weights[0]++;
      weights[1]++;
    },
    test(batch) {
      epoch = batch;
      testing = true;
    },
    logs: () =>
      Object.fromEntries(keys.map((key) => {
        const values = script[testing ? `val_${key}` : key]!;
        // Keras' metrics are float32, and `min_delta` tells the difference.
        return [key, Math.fround(number(values[epoch]!))];
      })),
  };
  return { steps, optimizer, checkpoints, weights };
}

/** Batches that know their epoch. */
function batches(count: number): Source<number> {
  return {
    steps: count,
    *batches(epoch) {
      for (let i = 0; i < count; i++) yield epoch;
    },
  };
}

/** Tells every hook it sees. */
function recorder(saw: (...line: TraceLine) => void): Plugin {
  const plugin: Record<string, unknown> = { name: "recorder" };
  for (const hook of HOOK_NAMES) {
    const { indexed } = HOOKS[hook];
    plugin[hook] = (...args: unknown[]) => {
      const index = indexed ? args[0] as number : null;
      const logs = args[indexed ? 1 : 0] as CaseLogs;
      saw(snake(hook), index, { ...logs });
    };
  }
  return plugin as unknown as Plugin;
}

function snake(hook: string): string {
  return hook.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function readCsv({ callbacks }: Case, dir: string): string | undefined {
  const logger = callbacks.find(({ type }) => type === "CSVLogger");
  const name = logger?.args.filename as string | undefined;
  return name && Deno.readTextFileSync(`${dir}/${name}`);
}
