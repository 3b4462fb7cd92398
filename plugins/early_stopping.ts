/**
 * Stops training when a metric no longer improves, and may restore the weights
 * of the best epoch.
 *
 * @example Two epochs of patience
 * ```ts
 * import earlyStopping from "@hookloop/hookloop/plugins/early-stopping";
 * import { fakeRun } from "@hookloop/hookloop/testing";
 *
 * const { fire, stops } = fakeRun(earlyStopping({ patience: 2 }));
 * for (const [epoch, val_loss] of [0.5, 0.4, 0.6, 0.6].entries()) {
 *   await fire("onEpochEnd", epoch, { val_loss });
 * }
 * console.log(stops); // [ "val_loss has not improved on 0.4 (epoch 2) for 2 epochs" ]
 * ```
 *
 * @module
 */
import type { Plugin, Run } from "../core/plugin.ts";
import {
  checkBest,
  checkMode,
  directionOf,
  improves,
  monitored,
  watched,
} from "./_monitor.ts";
import { checkInteger, checkNumber } from "./_ranges.ts";

/** Options of {@linkcode earlyStopping}. */
export interface EarlyStoppingOptions {
  /** Log key to watch. Default `"val_loss"`. */
  readonly monitor?: string;
  /** Smallest change that counts as an improvement. Default 0. */
  readonly minDelta?: number;
  /** Epochs without improvement after which to stop; 0 is the same as 1. Default 0. */
  readonly patience?: number;
  /** Whether to print when it stops and what it restores. Default false. */
  readonly verbose?: boolean;
  /** Whether lower or higher is better, or `"auto"`: as the metric declares. Default `"auto"`. */
  readonly mode?: "auto" | "min" | "max";
  /** Value to beat: patience runs out unless the metric gets better than this. Default: none. */
  readonly baseline?: number | undefined;
  /** Whether to restore the weights of the best epoch at the end, whatever stopped the run. Default false. */
  readonly restoreBestWeights?: boolean;
  /** Epochs to wait before watching begins. Default 0. */
  readonly startFromEpoch?: number;
  /** Its name in this run, which must be another where it runs twice. Default `"early-stopping"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults: Required<Omit<EarlyStoppingOptions, "baseline">> & {
  /** None. */
  readonly baseline: number | undefined;
} = {
  monitor: "val_loss",
  minDelta: 0,
  patience: 0,
  verbose: false,
  mode: "auto",
  baseline: undefined,
  restoreBestWeights: false,
  startFromEpoch: 0,
  name: "early-stopping",
};

/** One line of help per option. */
export const help: Readonly<Record<keyof EarlyStoppingOptions, string>> = {
  monitor: "log key to watch",
  minDelta: "smallest change that counts as an improvement",
  patience:
    "epochs without improvement after which to stop; 0 is the same as 1",
  verbose: "print when it stops and what it restores",
  mode: "min, max, or auto: as the metric declares",
  baseline: "value to beat",
  restoreBestWeights: "restore the weights of the best epoch at the end",
  startFromEpoch: "epochs to wait before watching begins",
  name: "its name in this run, another where it runs twice",
};

/**
 * Stop when `monitor` no longer improves.
 *
 * @param options What to watch and how long to wait.
 * @throws {OptionError} If `patience` or `startFromEpoch` is not an integer >=
 * 0, if `minDelta` or `baseline` is not a number, or if `mode` is unknown.
 */
export default function earlyStopping(
  options: EarlyStoppingOptions = {},
): Plugin {
  const { monitor, minDelta, patience, verbose, mode, baseline, ...rest } = {
    ...defaults,
    ...options,
  };
  const { restoreBestWeights, startFromEpoch, name } = rest;
  checkMode(defaults.name, mode);
  checkNumber(defaults.name, "minDelta", minDelta);
  checkBest(defaults.name, "baseline", baseline);
  checkInteger(defaults.name, "patience", patience, 0);
  checkInteger(defaults.name, "startFromEpoch", startFromEpoch, 0);
  const state = {
    best: undefined as number | undefined,
    bestEpoch: 0,
    wait: 0,
    stoppedEpoch: undefined as number | undefined,
  };

  function keepBest(epoch: number, run: Run): void {
    state.bestEpoch = epoch;
    if (!restoreBestWeights) return;
    run.weights.snapshot(BEST);
  }

  return {
    name,
    needs: { onEpochEnd: [watched(monitor, mode)] },
    requires: restoreBestWeights ? ["weights"] : [],
    monitor: monitored(monitor, mode),
    state,
    onEpochEnd(epoch, logs, run) {
      const value = logs[monitor];
      // No validation in this epoch, or still warming up: the counters stand still.
      if (value === undefined || epoch < startFromEpoch) return;
      const direction = directionOf(mode, monitor, run);
      const better = improves(value, state.best, minDelta, direction);
      // As in Keras, the first weights are kept even if the value is NaN.
      const first = restoreBestWeights && !run.weights.has(BEST);
      if (better || first) keepBest(epoch, run);
      state.wait++;
      if (better) {
        state.best = value;
        if (improves(value, baseline, minDelta, direction)) state.wait = 0;
        return;
      }
      if (state.wait >= patience && epoch > 0) {
        state.stoppedEpoch = epoch;
        run.stop(reason(monitor, state));
      }
    },
    onTrainEnd(_logs, run) {
      if (verbose && state.stoppedEpoch !== undefined) {
        run.print(`Epoch ${state.stoppedEpoch + 1}: early stopping`);
      }
      if (!run.weights.has(BEST) || run.outcome?.status === "failed") return;
      if (verbose) {
        run.print(
          `Restoring model weights from the end of the best epoch: ${
            state.bestEpoch + 1
          }.`,
        );
      }
      run.weights.restore(BEST);
      run.weights.release(BEST);
    },
  };
}

/** Name of the snapshot of the best epoch. */
const BEST = "best";

function reason(
  monitor: string,
  { best, bestEpoch, wait }: {
    best: number | undefined;
    bestEpoch: number;
    wait: number;
  },
): string {
  const epochs = wait === 1 ? "1 epoch" : `${wait} epochs`;
  return best === undefined
    ? `${monitor} was never a number in ${epochs}`
    : `${monitor} has not improved on ${best} (epoch ${
      bestEpoch + 1
    }) for ${epochs}`;
}
