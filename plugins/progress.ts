/**
 * Shows how far a run is: in a terminal, a bar with the time left and the logs,
 * and everywhere, a line when an epoch is done.
 *
 * @example One line per epoch
 * ```ts
 * import progress from "@hookloop/hookloop/plugins/progress";
 * import { fakeRun } from "@hookloop/hookloop/testing";
 *
 * const { fire, lines } = fakeRun(progress());
 * await fire("onEpochBegin", 0);
 * await fire("onEpochEnd", 0, { loss: 0.5 });
 * console.log(lines); // [ "Epoch 1/10  0/3  0s - loss: 0.5000" ]
 * ```
 *
 * @module
 */
import type { Logs, Plugin, Run } from "../core/plugin.ts";
import { bar, duration, logsText } from "./_progress_text.ts";
import { checkInteger } from "./_ranges.ts";

/** Options of {@linkcode progress}. */
export interface ProgressOptions {
  /** Whether the bar shows the logs of the epoch so far. On a GPU, reading them makes each batch wait. Default true. */
  readonly batchLogs?: boolean;
  /** Minimum time between two redraws of the bar, in milliseconds. Default 100. */
  readonly interval?: number;
  /** Its name in this run, which must be another where it runs twice. Default `"progress"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults: Required<ProgressOptions> = {
  batchLogs: true,
  interval: 100,
  name: "progress",
};

/** One line of help per option. */
export const help: Readonly<Record<keyof ProgressOptions, string>> = {
  batchLogs: "show the logs of the epoch so far in the bar",
  interval: "minimum time between two redraws of the bar, in milliseconds",
  name: "its name in this run, another where it runs twice",
};

/**
 * A bar in a terminal, and one line per epoch.
 *
 * @param options What the bar shows, and how often it is redrawn.
 * @throws {OptionError} If `interval` is not an integer >= 0.
 */
export default function progress(options: ProgressOptions = {}): Plugin {
  const { batchLogs, interval, name } = { ...defaults, ...options };
  checkInteger(defaults.name, "interval", interval, 0);
  let began = 0;
  let drawn = -Infinity;
  let batches = 0;
  let clock = () => 0;

  function begin(_logs: Logs, run: Run): void {
    clock = () => run.now();
    began = run.now();
    drawn = -Infinity;
    batches = 0;
  }

  /** Always count, read the clock only in a terminal, draw now and then. */
  function tick(batch: number, logs: Logs, run: Run): void {
    batches = batch + 1;
    if (!run.terminal.interactive) return;
    const now = run.now();
    if (now - drawn < interval) return;
    drawn = now;
    const total = run.params.steps;
    const text = batchLogs ? logsText(logs) : "";
    run.status(
      bar(title(run), batches, total, now - began, text, run.terminal.columns),
    );
  }

  function validating(batch: number, logs: Logs, run: Run): void {
    if (run.params.mode === "evaluate") return tick(batch, logs, run);
    if (!run.terminal.interactive) return;
    const now = run.now();
    if (now - drawn < interval) return;
    drawn = now;
    const total = run.params.validationSteps;
    const count = total === undefined
      ? `${batch + 1}`
      : `${batch + 1}/${total}`;
    run.status(
      `${title(run)}  validating ${count}`.slice(0, run.terminal.columns - 1),
    );
  }

  function done(logs: Logs, run: Run): void {
    const took = run.now() - began;
    const total = run.params.steps;
    const count = total === undefined ? `${batches}` : `${batches}/${total}`;
    const perStep = batches ? ` ${duration(took / batches)}/step` : "";
    const text = logsText(logs);
    run.status("");
    run.print(
      `${title(run)}  ${count}  ${duration(took)}${perStep}${
        text && ` - ${text}`
      }`,
    );
  }

  const ofBatches = {
    onTrainBatchEnd: "all",
    onTestBatchEnd: "all",
  } as const;
  return {
    name,
    order: "post",
    needs: {
      onEpochEnd: "all",
      onTestEnd: "all",
      ...batchLogs ? ofBatches : {},
    },
    // Another process has another clock.
    keeps: {
      save: () => ({ batches, took: clock() - began, drawn: drawn - began }),
      load(saved) {
        const before = saved as Record<"batches" | "took" | "drawn", number>;
        batches = before.batches;
        began = clock() - before.took;
        drawn = began + before.drawn;
      },
    },
    onTrainBegin: begin,
    onEpochBegin: (_epoch, logs, run) => begin(logs, run),
    onTrainBatchEnd: tick,
    onTestBegin(logs, run) {
      if (run.params.mode === "evaluate") begin(logs, run);
    },
    onTestBatchEnd: validating,
    onTestEnd(logs, run) {
      if (run.params.mode === "evaluate") done(logs, run);
    },
    onEpochEnd: (_epoch, logs, run) => done(logs, run),
    onPredictBegin: begin,
    onPredictBatchEnd: (batch, _logs, run) => tick(batch, NO_LOGS, run),
    onPredictEnd: done,
  };
}

const NO_LOGS: Logs = {};

function title({ params, epoch }: Run): string {
  return {
    fit: `Epoch ${epoch + 1}/${params.epochs}`,
    evaluate: "Evaluate",
    predict: "Predict",
  }[params.mode];
}
