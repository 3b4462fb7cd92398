/**
 * Steps without a model, for tests of the loop: every batch is its own loss.
 * Nothing here loads tf.js, so that these tests start at once.
 *
 * @module
 */
import {
  type History,
  type HostOptions,
  type LoopOptions,
  type PredictSteps,
  type Source,
  type Sums,
  type TestSteps,
  trainLoop,
  type TrainSteps,
} from "../../core/loop/mod.ts";
import { HOOK_NAMES, type LogRecord, type Plugin } from "../../core/plugin.ts";
import type { Printer } from "../../core/terminal.ts";

/** Steps of all kinds over batches that are numbers. */
export type Scripted =
  & TrainSteps<number>
  & TestSteps<number>
  & PredictSteps<number>;

/** Steps whose loss is the mean of the batches. */
export function scripted(extra: Partial<Scripted> = {}): Scripted {
  let sums: Sums = { values: {}, weights: {} };
  let last = NaN;
  const add = (batch: number) => {
    last = batch;
    sums.values.loss = (sums.values.loss ?? 0) + batch;
    sums.weights.loss = (sums.weights.loss ?? 0) + 1;
  };
  return {
    metrics: ["loss"],
    begin: (next) => void (sums = next),
    train: add,
    test: add,
    predictBatch: (batch) => batch * 10,
    logs: () => ({ loss: sums.values.loss! / sums.weights.loss! }),
    batchLogs: () => ({ loss: last }),
    ...extra,
  };
}

/** `trainLoop()` with the same steps for training and validation, and no output. */
export function training(
  steps: Scripted,
  data: Source<number>,
  validation: Source<number> | undefined,
  options: LoopOptions & HostOptions = {},
): Promise<History> {
  return trainLoop(steps, data, validation && { steps, data: validation }, {
    printer: notebook(),
    ...options,
  });
}

/** The same batches each pass. */
export function batches(...values: number[]): Source<number> {
  return { steps: values.length, batches: () => values };
}

/** Two batches, and how often their iterators were closed. */
export function closable(): Source<number> & { readonly closed: number } {
  let closed = 0;
  return {
    *batches() {
      try {
        yield 1;
        yield 2;
      } finally {
        closed++;
      }
    },
    get closed() {
      return closed;
    },
  };
}

/** One line a hook: name, index, logs. */
export function recorder(trace: string[], name = "recorder"): Plugin {
  const plugin: Record<string, unknown> = { name };
  for (const hook of HOOK_NAMES) {
    plugin[hook] = (...args: unknown[]) => {
      const rest = args.slice(0, -1).map((arg) => JSON.stringify(arg));
      trace.push([hook, ...rest].join(" "));
    };
  }
  return plugin as unknown as Plugin;
}

/** A printer that keeps its lines. */
export function notebook(): Printer & { lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    interactive: false,
    columns: 80,
    print: (line) => void lines.push(line),
    status() {},
  };
}

/** A plugin that does one thing in one hook. */
export function plugin(
  name: string,
  hooks: Omit<Plugin, "name">,
): Plugin {
  return { name, ...hooks };
}

/** Logs by hand. */
export const LOSS: LogRecord = Object.freeze({ loss: 1 });
