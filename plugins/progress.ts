/**
 * Shows how far a run is: in a terminal, a bar with the rate, the time left, the
 * logs so far and the curve of the loss; in a notebook, a table that changes;
 * and everywhere, a row of one table when an epoch is done. An asterisk marks
 * what makes an epoch the best so far.
 *
 * @example One row per epoch
 * ```ts
 * import progress from "@hookloop/hookloop/plugins/progress";
 * import { fakeRun } from "@hookloop/hookloop/testing";
 *
 * const { fire, lines } = fakeRun(progress());
 * await fire("onEpochBegin", 0);
 * await fire("onEpochEnd", 0, { loss: 0.5 });
 * console.log(lines.join("\n"));
 * // epoch          time       loss
 * // Epoch 1/10       0s     0.5000*
 * ```
 *
 * @module
 */
import type { Logs, Plugin, Run } from "../core/plugin.ts";
import type { EpochRow } from "./_progress/epoch_table.ts";
import { bar, type Pace, remaining } from "./_progress/bar.ts";
import { duration, logsText } from "./_progress_text.ts";
import { newPast, type Past, type View, viewOf } from "./_progress/view.ts";
import { checkInteger } from "./_ranges.ts";
import { styleOf } from "./_progress/style.ts";

/** Options of {@linkcode progress}. */
export interface ProgressOptions {
  /** Whether the logs of the epoch so far are shown. On a GPU, reading them makes each batch wait. Default true. */
  readonly batchLogs?: boolean;
  /** Minimum time between two redraws, in milliseconds; in a notebook at least 250. Default 100. */
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
  batchLogs: "show the logs of the epoch so far",
  interval: "minimum time between two redraws, in milliseconds",
  name: "its name in this run, another where it runs twice",
};

/** What another process must know to go on. */
interface Kept {
  /** Batches done in this pass. */
  readonly batches: number;
  /** Milliseconds since it began, */
  readonly took: number;
  /** and from then to the last redraw. */
  readonly drawn: number;
  /** The logs of this pass. */
  readonly logs: Logs;
  /** What there was to see. */
  readonly past: Past;
}

/** In a notebook, a redraw is a message. */
const NOTEBOOK_INTERVAL = 250;

const NO_LOGS: Logs = {};
const TITLES = { fit: "Fit", evaluate: "Evaluate", predict: "Predict" };

/**
 * A live view in a terminal or a notebook, and one row per epoch.
 *
 * @param options What it shows, and how often it is redrawn.
 * @throws {OptionError} If `interval` is not an integer >= 0.
 */
export default function progress(options: ProgressOptions = {}): Plugin {
  const { batchLogs, interval, name } = { ...defaults, ...options };
  checkInteger(defaults.name, "interval", interval, 0);
  let [began, drawn, batches] = [0, -Infinity, 0];
  let logsSoFar = NO_LOGS;
  let past = newPast();
  let view: View | undefined;
  let clock = () => 0;

  function begin(_logs: Logs, run: Run): void {
    clock = run.now;
    began = clock();
    batches = 0;
    logsSoFar = NO_LOGS;
  }

  const viewIn = (run: Run) => view ??= viewOf(run, past);

  /** Whether somebody looks, and it is time to draw. */
  function isDue({ terminal }: Run): boolean {
    if (!terminal.interactive && !terminal.pictures) return false;
    const now = clock();
    const least = terminal.pictures ? NOTEBOOK_INTERVAL : 0;
    if (now - drawn < Math.max(least, interval)) return false;
    drawn = now;
    return true;
  }

  function tick(batch: number, logs: Logs, run: Run): void {
    batches = batch + 1;
    if (batchLogs) logsSoFar = logs;
    if (!isDue(run)) return;
    const { mode, steps: total } = run.params;
    const pace = { done: batches, total, elapsed: drawn - began };
    if (mode !== "fit") return drawPass(TITLES[mode], pace, run);
    viewIn(run).draw(soFar(run), { ...pace, run: timeLeft(run, pace, past) });
  }

  function validating(batch: number, logs: Logs, run: Run): void {
    if (run.params.mode === "evaluate") return tick(batch, logs, run);
    if (!isDue(run)) return;
    const { validationSteps: total } = run.params;
    const pace = { done: batch + 1, total, elapsed: 0, what: "validating" };
    viewIn(run).draw(soFar(run), pace);
  }

  function soFar({ epoch }: Run): EpochRow {
    return { epoch, took: drawn - began, logs: logsSoFar };
  }

  function drawPass(
    title: string,
    pace: Pace,
    { terminal, status }: Run,
  ): void {
    const room = terminal.columns - title.length - 2;
    const line = `${title}  ${bar(pace, room, styleOf(terminal))}`;
    status([line, logsText(logsSoFar)].join("\n").trimEnd());
  }

  function passDone(logs: Logs, run: Run): void {
    const { mode, steps: total } = run.params;
    const took = clock() - began;
    const count = total === undefined ? `${batches}` : `${batches}/${total}`;
    const perStep = batches ? ` ${duration(took / batches)}/step` : "";
    const text = logsText(logs);
    run.status("");
    run.print(
      `${TITLES[mode]}  ${count}  ${duration(took)}${perStep}${
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
      save: (): Kept => ({
        ...{ batches, past, logs: logsSoFar },
        ...{ took: clock() - began, drawn: drawn - began },
      }),
      load(saved) {
        const kept = saved as Kept;
        batches = kept.batches;
        logsSoFar = kept.logs;
        began = clock() - kept.took;
        drawn = began + kept.drawn;
        Object.assign(past, kept.past);
        view?.expect([]);
      },
    },
    onTrainBegin(logs, run) {
      begin(logs, run);
      past = newPast(rateOf(run));
      view = viewOf(run, past);
      view.expect(columnsOf(run));
    },
    onEpochBegin: (_epoch, logs, run) => begin(logs, run),
    onTrainBatchEnd: tick,
    onTestBegin(logs, run) {
      if (run.params.mode === "evaluate") begin(logs, run);
    },
    onTestBatchEnd: validating,
    onTestEnd(logs, run) {
      if (run.params.mode === "evaluate") passDone(logs, run);
    },
    onEpochEnd(epoch, logs, run) {
      const row = {
        ...{ epoch, took: clock() - began, best: run.bestBy(logs) },
        logs: withRate(logs, rateOf(run), past),
      };
      viewIn(run).row(row, run.params.steps);
    },
    onTrainEnd: () => view?.end(),
    onPredictBegin: begin,
    onPredictBatchEnd: (batch, _logs, run) => tick(batch, NO_LOGS, run),
    onPredictEnd: passDone,
  };
}

/** The keys of an epoch: the loss and the metrics as they were given, then those that plugins add. */
function columnsOf({ params: { metrics }, keys }: Run): string[] {
  const all = keys("onEpochEnd");
  return [
    ...metrics.filter((key) => all.includes(key)),
    ...all.filter((key) => !metrics.includes(key)),
  ];
}

/** The learning rate; undefined where there is none. */
function rateOf(run: Run): number | undefined {
  try {
    return run.optimizer.learningRate;
  } catch {
    return undefined;
  }
}

/** The logs, with the learning rate once it has changed. */
function withRate(logs: Logs, rate: number | undefined, past: Past): Logs {
  past.rate ??= rate;
  past.rateChanged ||= rate !== past.rate;
  return past.rateChanged && rate !== undefined
    ? { learning_rate: rate, ...logs }
    : logs;
}

/** Milliseconds until the last epoch is over, by those that are; undefined in the last. */
function timeLeft(
  { epoch, params: { epochs } }: Run,
  { done, total, elapsed }: Pace,
  past: Past,
): number | undefined {
  const more = epochs - epoch - 1;
  if (more <= 0 || total === undefined) return undefined;
  const each = past.count ? past.took / past.count : elapsed / done * total;
  return remaining(done, total, elapsed) + more * each;
}
