/**
 * What a hand-written loop declares about itself, and what follows from it
 * before the first hook.
 *
 * @module
 */
import { validationOf } from "../contract/log_keys.ts";
import type { Direction, RunParams, ValidationData } from "../plugin.ts";
import { randomSeed } from "../random.ts";
import type {
  ResumeOptions,
  RunOptions,
  SessionOptions,
} from "../run/run_options.ts";
import type { Resources } from "../steps.ts";
import { checkCount, checkFrequency, checkSeed } from "./options.ts";

/** What a hand-written loop declares about itself. */
export interface CallbackListOptions
  extends RunOptions, ResumeOptions, Resources {
  /** The keys the batches report. If given, the contract is checked at once, and the logs you pass in against them; otherwise at the first call of each hook. */
  readonly metrics?: readonly string[];
  /** Whether lower or higher is better, by key. `loss` and `accuracy` are known. */
  readonly directions?: Readonly<Record<string, Direction>>;
  /** Whether `onEpochEnd` gets `val_` keys too, and the data they are of, if plugins may look at them. Default false. */
  readonly validation?: boolean | ValidationData;
  /** Every how many epochs it does, or after which, counted from 1. Default 1. */
  readonly validationFreq?: number | readonly number[];
  /** Index after the last epoch. Default 1. */
  readonly epochs?: number;
  /** Index of the first epoch. Default 0. */
  readonly initialEpoch?: number;
  /** Batches an epoch, for the progress bar. Default unknown. */
  readonly steps?: number;
  /** Samples a batch. Default unknown. */
  readonly batchSize?: number;
  /** Seed of what steps draw, a whole number >= 0. Default: random; `params.seed` tells it. */
  readonly seed?: number;
}

/** What the session of such a loop is opened with, without its steps. */
export function listSession(
  options: CallbackListOptions,
): Omit<SessionOptions, "steps"> {
  const { epochs = 1, initialEpoch = 0, validation = false } = options;
  const { validationFreq = 1 } = options;
  checkCount("epochs", epochs, 0);
  checkCount("initialEpoch", initialEpoch, 0);
  checkCount("steps", options.steps, 1);
  checkFrequency(validationFreq);
  checkSeed(options.seed);
  const params: Omit<RunParams, "metrics" | "directions"> = {
    mode: "fit",
    epochs,
    initialEpoch,
    steps: options.steps,
    validationSteps: undefined,
    batchSize: options.batchSize,
    seed: options.seed ?? randomSeed(),
  };
  return {
    ...options,
    params,
    anyHook: true,
    validationData: typeof validation === "object" ? validation : undefined,
    validation: validationOf(
      validation !== false,
      validationFreq,
      initialEpoch,
      Math.max(epochs, initialEpoch + 1),
    ),
  };
}
