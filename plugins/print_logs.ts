/**
 * Prints the logs of each batch and each epoch, loss first.
 *
 * @example
 * ```ts
 * import printLogs from "@hookloop/hookloop/plugins/print-logs";
 * import { fakeRun } from "@hookloop/hookloop/testing";
 *
 * const { fire, lines } = fakeRun(printLogs());
 * await fire("onTrainBatchEnd", 0, { loss: 0.5, accuracy: 0.75 });
 * console.log(lines); // [ "Batch 0: Loss = 0.5000 accuracy = 0.7500" ]
 * ```
 *
 * @module
 */
import type { Logs, Plugin } from "../core/plugin.ts";
import { nonFinite } from "./_non_finite.ts";
import { checkInteger } from "./_ranges.ts";

/** Options of {@linkcode printLogs}. */
export interface PrintLogsOptions {
  /** Whether to print batches. Default true. */
  readonly batches?: boolean;
  /** Whether to print epochs. Default true. */
  readonly epochs?: boolean;
  /** Print every this many batches, starting with the first. Default 1. */
  readonly every?: number;
  /** Its name in this run, which must be another where it runs twice. Default `"print-logs"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults: Required<PrintLogsOptions> = {
  batches: true,
  epochs: true,
  every: 1,
  name: "print-logs",
};

/** One line of help per option. */
export const help: Readonly<Record<keyof PrintLogsOptions, string>> = {
  batches: "print batches",
  epochs: "print epochs",
  every: "print every this many batches, starting with the first",
  name: "its name in this run, another where it runs twice",
};

/**
 * Print the logs of each batch and each epoch.
 *
 * @param options What to print, and how often.
 * @throws {OptionError} If `every` is not an integer >= 1.
 */
export default function printLogs(options: PrintLogsOptions = {}): Plugin {
  const { batches, epochs, every, name } = { ...defaults, ...options };
  checkInteger(defaults.name, "every", every, 1);
  const plugin: Plugin = { name, order: "post" };
  if (batches) {
    plugin.onTrainBatchEnd = (batch, logs, run) => {
      if (batch % every === 0) run.print(line("Batch", batch, logs));
    };
  }
  if (epochs) {
    plugin.onEpochEnd = (epoch, logs, run) =>
      run.print(line("Epoch", epoch, logs));
  }
  return plugin;
}

function line(what: string, index: number, { loss, ...metrics }: Logs): string {
  const values = Object.entries(metrics)
    .map(([key, value]) => ` ${key} = ${number(value!)}`).join("");
  const first = loss === undefined ? "" : ` Loss = ${number(loss)}`;
  return `${what} ${index}:${first}${values}`;
}

function number(value: number): string {
  return nonFinite(value) ?? value.toFixed(4);
}
