/**
 * The options of the loop, their ranges, and what follows from them before the
 * first step.
 *
 * @module
 */
import { validationOf } from "../contract/log_keys.ts";
import { randomSeed } from "../random.ts";
import { checkOption } from "../run/check_options.ts";
import type {
  HostOptions,
  ResumeOptions,
  RunOptions,
  SessionOptions,
} from "../run/run_options.ts";
import type { PredictSteps, Source, TestSteps, TrainSteps } from "../steps.ts";
import { atMost } from "./feed.ts";
import { validationData } from "./validation_data.ts";

/** Options of a training loop. */
export interface LoopOptions extends RunOptions, ResumeOptions {
  /** Index after the last epoch: with `initialEpoch` 0, the number of epochs. Default 1. */
  readonly epochs?: number | undefined;
  /** Index of the first epoch. Default 0. */
  readonly initialEpoch?: number | undefined;
  /** Training batches an epoch; the next epoch goes on where this one ended. Default: all. */
  readonly stepsPerEpoch?: number | undefined;
  /** Batches of one validation, each time from the start. Default: all. */
  readonly validationSteps?: number | undefined;
  /** Validate every so many epochs, or after the epochs listed, counted from 1. Default 1. */
  readonly validationFreq?: number | readonly number[] | undefined;
  /** Seed of the order of the data and of what steps draw, a whole number >= 0. Default: random; `params.seed` tells it. */
  readonly seed?: number | undefined;
}

/** Options of one pass, in evaluation and prediction. */
export interface PassOptions extends RunOptions {
  /** Batches at most. Default: all. */
  readonly steps?: number | undefined;
}

/** What a training loop validates with. */
export interface ValidationLoop<B> {
  /** Steps of evaluation. */
  readonly steps: TestSteps<B>;
  /** The batches, from the start each time. */
  readonly data: Source<B>;
}

/** What a training session is opened with. */
export function trainingSession<B>(
  steps: TrainSteps<B>,
  data: Source<B>,
  validation: ValidationLoop<B> | undefined,
  options: LoopOptions & HostOptions,
): SessionOptions {
  const { epochs = 1, initialEpoch = 0, validationFreq = 1 } = options;
  checkCount("epochs", epochs, 0);
  checkCount("initialEpoch", initialEpoch, 0);
  checkCount("stepsPerEpoch", options.stepsPerEpoch, 1);
  checkCount("validationSteps", options.validationSteps, 1);
  checkFrequency(validationFreq);
  checkSeed(options.seed);
  return {
    ...options,
    steps,
    samples: data.samples,
    data: () => ({
      ...passesInWords(options),
      ...data.about && { "training data": data.about() },
      ...validation?.data.about &&
        { "validation data": validation.data.about() },
    }),
    validation: validationOf(
      validation !== undefined,
      validationFreq,
      initialEpoch,
      epochs,
    ),
    validationData: validation &&
      validationData(
        validation.steps,
        validation.data,
        options.validationSteps,
      ),
    params: {
      mode: "fit",
      epochs,
      initialEpoch,
      steps: atMost(data.steps, options.stepsPerEpoch),
      validationSteps: validation &&
        atMost(validation.data.steps, options.validationSteps),
      batchSize: data.batchSize,
      seed: options.seed ?? randomSeed(),
    },
  };
}

/** What else makes a run another: which batches an epoch has, and which epochs a validation. */
function passesInWords(
  { initialEpoch, stepsPerEpoch, validationFreq, validationSteps }: LoopOptions,
): Record<string, string> {
  const given = {
    initialEpoch,
    stepsPerEpoch,
    validationFreq,
    validationSteps,
  };
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, String(value)]),
  );
}

/** What a session of evaluation is opened with. */
export function evaluationSession<B>(
  steps: TestSteps<B>,
  data: Source<B>,
  options: PassOptions & HostOptions,
): SessionOptions {
  return {
    ...passSession("evaluate", data, options),
    steps,
    validationData: validationData(steps, data, options.steps),
  };
}

/** What a session of prediction is opened with. */
export function predictionSession<B>(
  steps: PredictSteps<B>,
  data: Source<B>,
  options: PassOptions & HostOptions,
): SessionOptions {
  return { ...passSession("predict", data, options), steps };
}

function passSession<B>(
  mode: "evaluate" | "predict",
  data: Source<B>,
  options: PassOptions,
): Omit<SessionOptions, "steps"> {
  checkCount("steps", options.steps, 1);
  return {
    ...options,
    validation: {
      presence: "never",
      why: `"val_" keys exist in training only`,
    },
    params: {
      mode,
      epochs: 1,
      initialEpoch: 0,
      steps: atMost(data.steps, options.steps),
      validationSteps: undefined,
      batchSize: data.batchSize,
    },
  };
}

/** Refuse a seed that is given and not a whole number >= 0. */
export function checkSeed(value: unknown): void {
  checkOption(
    "seed",
    value,
    (it) => Number.isSafeInteger(it) && (it as number) >= 0,
    "an integer >= 0",
  );
}

/** Refuse an option that is given and not an integer of at least `least`. */
export function checkCount(name: string, value: unknown, least: number): void {
  checkOption(
    name,
    value,
    (it) => Number.isInteger(it) && (it as number) >= least,
    `an integer >= ${least}`,
  );
}

/** Refuse a validation frequency that is neither a count nor a list of epochs. */
export function checkFrequency(value: number | readonly number[]): void {
  if (typeof value === "number") return checkCount("validationFreq", value, 1);
  checkOption(
    "validationFreq",
    value,
    (it) =>
      Array.isArray(it) && it.length > 0 &&
      it.every((epoch) => Number.isInteger(epoch) && epoch >= 1),
    "an integer >= 1 or a list of epochs counted from 1",
  );
}

/** Refuse gradient transforms that are no list of them. */
export function checkTransforms(value: unknown): void {
  checkOption(
    "gradients",
    value,
    (it) =>
      Array.isArray(it) &&
      it.every((one) =>
        typeof one === "object" && typeof one?.apply === "function"
      ),
    "a list of transforms such as [clipByGlobalNorm(1)]",
  );
}
