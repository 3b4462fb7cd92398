/**
 * Stops training when a metric passes a threshold.
 *
 * @example Accuracy above 0.9 is enough
 * ```ts
 * import stopOnThreshold from "@hookloop/hookloop/plugins/stop-on-threshold";
 * import { fakeRun } from "@hookloop/hookloop/testing";
 *
 * const { fire, stops } = fakeRun(stopOnThreshold({ threshold: 0.9 }));
 * await fire("onEpochEnd", 0, { val_accuracy: 0.95 });
 * console.log(stops); // [ "val_accuracy passed 0.9: 0.95" ]
 * ```
 *
 * @module
 */
import type { Plugin } from "../core/plugin.ts";
import { checkMode, directionOf, improves, watched } from "./_monitor.ts";
import { checkNumber } from "./_ranges.ts";

/** Options of {@linkcode stopOnThreshold}. */
export interface StopOnThresholdOptions {
  /** Log key to watch. Default `"val_accuracy"`. */
  readonly monitor?: string;
  /** Value to pass. Default 0.98. */
  readonly threshold?: number;
  /** Whether lower or higher is better, or `"auto"`: as the metric declares. Default `"auto"`. */
  readonly mode?: "auto" | "min" | "max";
  /** Its name in this run, which must be another where it runs twice. Default `"stop-on-threshold"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults: Required<StopOnThresholdOptions> = {
  monitor: "val_accuracy",
  threshold: 0.98,
  mode: "auto",
  name: "stop-on-threshold",
};

/** One line of help per option. */
export const help: Readonly<Record<keyof StopOnThresholdOptions, string>> = {
  monitor: "log key to watch",
  threshold: "value to pass",
  mode: "min, max, or auto: as the metric declares",
  name: "its name in this run, another where it runs twice",
};

/**
 * Stop when `monitor` is better than `threshold` at the end of an epoch.
 *
 * @param options What to watch, and the value to pass.
 * @throws {OptionError} If `threshold` is not a finite number, or
 * `mode` is unknown.
 */
export default function stopOnThreshold(
  options: StopOnThresholdOptions = {},
): Plugin {
  const { monitor, threshold, mode, name } = { ...defaults, ...options };
  checkMode(defaults.name, mode);
  checkNumber(defaults.name, "threshold", threshold);
  return {
    name,
    needs: { onEpochEnd: [watched(monitor, mode)] },
    onEpochEnd(_epoch, logs, run) {
      const value = logs[monitor];
      if (value === undefined) return; // No validation in this epoch.
      const direction = directionOf(mode, monitor, run);
      if (improves(value, threshold, 0, direction)) {
        run.stop(`${monitor} passed ${threshold}: ${value}`);
      }
    },
  };
}
