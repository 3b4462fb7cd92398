/**
 * Whether what a file exports is an experiment: a misspelt or ill-typed part is
 * reported before anything is trained.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { isPlainObject, kindOf, show } from "../../contract/show.ts";
import { suggestion } from "../../did_you_mean.ts";
import type { Experiment, ExperimentOptions } from "./experiment.ts";

/** What a default export should have been, to append to a message. */
export const EXPECTED =
  "expected an object with model and data, or a function that runs its own loop (see https://jsr.io/@hookloop/hookloop/doc/~/Experiment)";

const PARTS = ["name", "model", "data", "options", "plugins", "use"] as const;

/** Each option: whether a value will do, and what is expected. Ranges are checked where they are used. */
const OPTIONS: Readonly<
  Record<
    keyof ExperimentOptions,
    readonly [expected: string, good: (value: unknown) => boolean]
  >
> = {
  batchSize: ["an integer >= 1", isNumber],
  classWeight: ["weights by class such as { 0: 1, 1: 2 }", isPlainObject],
  epochs: ["an integer >= 0", isNumber],
  gradients: ["a list such as [clipByGlobalNorm(1)]", Array.isArray],
  hookTimeout: ["a number of milliseconds >= 0", isNumber],
  initialEpoch: ["an integer >= 0", isNumber],
  learningRate: [
    "a number >= 0",
    (rate) => Number.isFinite(rate) && Number(rate) >= 0,
  ],
  onFileError: ['"go on" or "fail"', (value) => typeof value === "string"],
  shuffle: ["true or false", (value) => typeof value === "boolean"],
  stepsPerEpoch: ["an integer >= 1", isNumber],
  validationBatchSize: ["an integer >= 1", isNumber],
  validationFreq: [
    "an integer >= 1, or a list of epochs",
    (value) => isNumber(value) || Array.isArray(value),
  ],
  validationSplit: ["a number between 0 and 1", isNumber],
  validationSteps: ["an integer >= 1", isNumber],
};

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
    if (part === "callbacks") return `it has "callbacks": call them 'plugins'`;
    const hint = suggestion(part, PARTS);
    if (hint) return `it has "${part}"${hint}`;
  }
  const { model, data, plugins = [], use = [] } = given as Partial<
    Experiment
  >;
  if (typeof model !== "function") {
    return `its 'model' is not a function; ${EXPECTED}`;
  }
  if (typeof data !== "function" && (typeof data !== "string" || !data)) {
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
  return nameProblem((given as Partial<Experiment>).name);
}

/** With the time behind it, it must be the name of a folder. */
const LONGEST_NAME = 60;

/**
 * The name of an experiment that has none: that of its file, as far as it can be
 * part of a folder's name.
 *
 * @param stem Name of the file, without what stands behind the dot.
 */
export function nameOfFile(stem: string): string {
  const name = stem.replace(/[^\p{L}\p{N} ._-]+/gu, "-")
    .replace(/^[^\p{L}\p{N}]+/u, "");
  return name.slice(0, LONGEST_NAME) || "run";
}

function isUse(entry: unknown): boolean {
  if (typeof entry === "string") return true;
  return Array.isArray(entry) && entry.length === 2 &&
    typeof entry[0] === "string" && isPlainObject(entry[1]);
}

function optionsProblem(options: unknown = {}): string | undefined {
  if (!isPlainObject(options)) {
    return `its 'options' is ${
      describe(options)
    }; expected an object such as { epochs: 5 }`;
  }
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(OPTIONS, name)) return unknownOption(name);
    const [expected, good] = OPTIONS[name as keyof ExperimentOptions];
    if (value !== undefined && !good(value)) {
      return `its option '${name}' must be ${expected}: current value is ${
        show(value)
      }`;
    }
  }
  return undefined;
}

function unknownOption(name: string): string {
  const known = Object.keys(OPTIONS);
  return PARTS.includes(name as typeof PARTS[number]) || name === "callbacks"
    ? `its 'options' has "${name}"; that stands beside 'options'${
      name === "callbacks" ? ", as 'plugins'" : ""
    }`
    : `its 'options' has no "${name}"${
      suggestion(name, known) || `: known are ${known.join(", ")}`
    }`;
}

/** A folder is named after it. */
function nameProblem(name: unknown): string | undefined {
  const good = name === undefined ||
    (typeof name === "string" &&
      /^[\p{L}\p{N}_][\p{L}\p{N}._ -]{0,99}$/u.test(name));
  return good
    ? undefined
    : `its 'name' must be text for the name of a folder, such as "digits", of at most 100 letters, digits, dots and hyphens: current value is ${
      shortened(show(name))
    }`;
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function isNumber(value: unknown): boolean {
  return typeof value === "number";
}
