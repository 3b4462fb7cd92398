/**
 * Whether what a file exports is an experiment: a misspelt or ill-typed part is
 * reported before anything is trained.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { kindOf } from "../../contract/show.ts";
import { suggestion } from "../../did_you_mean.ts";
import type { Experiment, ExperimentOptions } from "./experiment.ts";

/** What a default export should have been, to append to a message. */
export const EXPECTED =
  "expected an object with model and data, or a function that runs its own loop (see https://jsr.io/@hookloop/hookloop/doc/~/Experiment)";

const PARTS = ["name", "model", "data", "options", "plugins", "use"] as const;

const OPTIONS: readonly (keyof ExperimentOptions)[] = [
  "batchSize",
  "classWeight",
  "epochs",
  "gradients",
  "initialEpoch",
  "learningRate",
  "shuffle",
  "stepsPerEpoch",
  "validationBatchSize",
  "validationFreq",
  "validationSplit",
  "validationSteps",
];

/**
 * The experiment, if it is one.
 *
 * @param given The default export of its file.
 * @param file The file, for messages.
 * @throws {InputError} If a part is missing, misspelt or of the wrong type.
 */
export function checkExperiment(given: unknown, file: string): Experiment {
  const problem = typeof given === "object" && given !== null
    ? partsProblem(given) ?? optionsProblem((given as Experiment).options)
    : `its default export is ${describe(given)}; ${EXPECTED}`;
  if (!problem) return given as Experiment;
  throw new InputError(`Cannot run the experiment ${file}: ${problem}`);
}

/**
 * What a value is, in words.
 *
 * @param value Something that should be something else.
 */
export function describe(value: unknown): string {
  return Array.isArray(value) ? "a list" : kindOf(value);
}

function partsProblem(given: object): string | undefined {
  for (const part of Object.keys(given)) {
    if ((PARTS as readonly string[]).includes(part)) continue;
    const hint = suggestion(part, PARTS);
    if (hint) return `it has "${part}"${hint}`;
  }
  const { model, data, plugins = [], use = [] } = given as Partial<Experiment>;
  if (typeof model !== "function") {
    return `its 'model' is not a function; ${EXPECTED}`;
  }
  if (typeof data !== "function" && typeof data !== "string") {
    return `its 'data' is neither a name nor a function; ${EXPECTED}`;
  }
  if (!Array.isArray(plugins)) {
    return `its 'plugins' is ${
      describe(plugins)
    }; expected a list such as [earlyStopping({ patience: 3 })]`;
  }
  if (!Array.isArray(use) || !use.every(isUse)) {
    return `its 'use' is ${
      Array.isArray(use) ? "not a list of names" : describe(use)
    }; expected a list such as ["csv-logger", ["early-stopping", { patience: 3 }]]`;
  }
  return undefined;
}

function isUse(entry: unknown): boolean {
  if (typeof entry === "string") return true;
  return Array.isArray(entry) && typeof entry[0] === "string" &&
    typeof entry[1] === "object" && entry[1] !== null;
}

function optionsProblem(options: unknown = {}): string | undefined {
  if (describe(options) !== "an object") {
    return `its 'options' is ${
      describe(options)
    }; expected an object such as { epochs: 5 }`;
  }
  for (const name of Object.keys(options as object)) {
    if ((OPTIONS as readonly string[]).includes(name)) continue;
    return `its 'options' has no "${name}"${
      suggestion(name, OPTIONS) || `: known are ${OPTIONS.join(", ")}`
    }`;
  }
  const { learningRate: rate } = options as ExperimentOptions;
  if (rate !== undefined && !(Number.isFinite(rate) && rate >= 0)) {
    return `its option 'learningRate' must be a number >= 0: current value is ${
      JSON.stringify(rate)
    }`;
  }
  return undefined;
}
