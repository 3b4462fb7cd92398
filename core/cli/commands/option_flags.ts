/**
 * The flags that override an experiment's options.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { threadsProblem } from "../../tf/threads.ts";
import type { ExperimentOptions } from "../experiment/experiment.ts";
import type { Given } from "../flags.ts";

/**
 * The options given by flags.
 *
 * @throws {InputError} If one is out of range.
 */
export function flagOptions(flags: Given["flags"]): ExperimentOptions {
  const options: Record<string, unknown> = {};
  const take = (flag: string, option: string) => {
    if (flags[flag] !== undefined) options[option] = flags[flag];
  };
  take("epochs", "epochs");
  take("initial-epoch", "initialEpoch");
  take("batch-size", "batchSize");
  take("steps-per-epoch", "stepsPerEpoch");
  take("learning-rate", "learningRate");
  take("validation-split", "validationSplit");
  atLeastOne("batch-size", flags);
  atLeastOne("steps-per-epoch", flags);
  checkThreads(flags);
  const rate = flags["learning-rate"];
  if (rate !== undefined && (rate as number) < 0) {
    throw new InputError(
      `Flag "--learning-rate" takes a number >= 0: current value is ${rate}`,
    );
  }
  const split = flags["validation-split"] as number | undefined;
  if (split !== undefined && !(split >= 0 && split < 1)) {
    throw new InputError(
      `Flag "--validation-split" takes a number of at least 0 and below 1: current value is ${split}`,
    );
  }
  const frequency = flags["validation-freq"];
  if (frequency !== undefined) {
    options.validationFreq = readFrequency(String(frequency));
  }
  return options;
}

/**
 * Check the number of threads.
 *
 * @throws {InputError} If it is 0, or more than makes sense on this machine.
 */
export function checkThreads({ threads }: Given["flags"]): void {
  const problem = threads !== undefined && threadsProblem(threads as number);
  if (problem) throw new InputError(`Flag "--threads" takes ${problem}`);
}

function atLeastOne(flag: string, flags: Given["flags"]): void {
  const value = flags[flag];
  if (value === undefined || (value as number) >= 1) return;
  throw new InputError(
    `Flag "--${flag}" takes an integer >= 1: current value is ${value}`,
  );
}

function readFrequency(text: string): number | number[] {
  const numbers = text.split(",").map(Number);
  if (!numbers.every((n) => Number.isInteger(n) && n >= 1)) {
    throw new InputError(
      `Flag "--validation-freq" takes an integer >= 1, or epochs counted from 1 such as 1,5,10: current value is "${text}"`,
    );
  }
  return numbers.length === 1 ? numbers[0]! : numbers;
}
