/**
 * Raises the momentum linearly over the first epochs, then holds it, as in
 * Baldi, Sadowski and Whiteson, "Searching for exotic particles in high-energy
 * physics with deep learning" (2014): from 0.9 to 0.99 over 200 epochs.
 *
 * @example
 * ```ts
 * import momentumSchedule from "@hookloop/hookloop/plugins/momentum-schedule";
 * import { fakeRun } from "@hookloop/hookloop/testing";
 *
 * const { run, fire } = fakeRun(momentumSchedule());
 * await fire("onTrainBegin");
 * await fire("onEpochEnd", 99);
 * console.log(run.optimizer.momentum.toFixed(3)); // 0.945
 * ```
 *
 * @module
 */
import type { Plugin } from "../core/plugin.ts";
import { checkInteger, checkNumber } from "./_ranges.ts";

/** Options of {@linkcode momentumSchedule}. */
export interface MomentumScheduleOptions {
  /** Momentum of the first epoch. Default 0.9. */
  readonly from?: number;
  /** Momentum after `epochs` epochs and from then on. Default 0.99. */
  readonly to?: number;
  /** Number of epochs it takes. Default 200. */
  readonly epochs?: number;
  /** Its name in this run, which must be another where it runs twice. Default `"momentum-schedule"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults: Required<MomentumScheduleOptions> = {
  from: 0.9,
  to: 0.99,
  epochs: 200,
  name: "momentum-schedule",
};

/** One line of help per option. */
export const help: Readonly<Record<keyof MomentumScheduleOptions, string>> = {
  from: "momentum of the first epoch",
  to: "momentum after `epochs` epochs and from then on",
  epochs: "number of epochs it takes",
  name: "its name in this run, another where it runs twice",
};

/**
 * Raise the momentum linearly over the first epochs.
 *
 * @param options From where, to where, and over how long.
 * @throws {OptionError} If a momentum is not in [0, 1), or `epochs` is not an
 * integer >= 1.
 */
export default function momentumSchedule(
  options: MomentumScheduleOptions = {},
): Plugin {
  const { from, to, epochs, name } = { ...defaults, ...options };
  const inRange = (value: number) => value >= 0 && value < 1;
  checkNumber(defaults.name, "from", from, inRange, ">= 0 and < 1");
  checkNumber(defaults.name, "to", to, inRange, ">= 0 and < 1");
  checkInteger(defaults.name, "epochs", epochs, 1);

  /** After `done` epochs; depends on the epoch only, so that a resumed run continues as before. */
  function momentumAfter(done: number): number {
    return done >= epochs ? to : from + (to - from) * done / epochs;
  }

  return {
    name,
    needs: {},
    requires: ["momentum"],
    onTrainBegin(_logs, run) {
      run.optimizer.momentum = momentumAfter(run.params.initialEpoch);
    },
    onEpochEnd(epoch, _logs, run) {
      run.optimizer.momentum = momentumAfter(epoch + 1);
    },
  };
}
