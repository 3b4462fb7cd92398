/**
 * Steps without a model, for tests of the loop: every batch is its own loss.
 *
 * @module
 */
import {
  HOOK_NAMES,
  type Logs,
  type Plugin,
  type Printer,
  type Source,
  type Steps,
} from "../../mod.ts";

/** Steps whose loss is the mean of the batches, which are numbers. */
export function scripted(extra: Partial<Steps<number>> = {}): Steps<number> {
  let sum = 0;
  let count = 0;
  const add = (batch: number) => {
    sum += batch;
    count++;
  };
  return {
    metrics: ["loss"],
    reset() {
      sum = count = 0;
    },
    train: add,
    test: add,
    predict: (batch) => batch * 10,
    logs: () => ({ loss: sum / count }),
    ...extra,
  };
}

/** The same batches each pass. */
export function batches(...values: number[]): Source<number> {
  return { steps: values.length, batches: () => values };
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
export const LOSS: Logs = { loss: 1 };
