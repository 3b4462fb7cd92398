/**
 * Where checkpoints go and when, read from the plugin's options.
 *
 * @module
 */
import { OptionError, pathProblem } from "../core/plugin.ts";
import { readSaveFreq } from "./_save_freq.ts";
import { readTemplate, type Template } from "./_template.ts";

/** Where to save, and when. */
export interface Target {
  /** Builds the path. */
  readonly template: Template;
  /** The log keys in the path. */
  readonly keys: readonly string[];
  /** After each epoch, or every this many batches. */
  readonly saveFreq: "epoch" | number;
}

/**
 * Read where to save and when.
 *
 * @param filepath The option.
 * @param frequency The option `saveFreq`; the command line passes text.
 * @throws {OptionError} If one of them cannot be read, or the two do not fit
 * together.
 */
export function readTarget(filepath: string, frequency: unknown): Target {
  const saveFreq = readSaveFreq("model-checkpoint", frequency);
  const template = readTemplate(filepath);
  // What stands for a value is a number, and never more than part of a name.
  const problem = pathProblem(filepath.replace(/\{[^{}]*\}/g, "0"));
  if (problem) {
    throw bad(
      `'filepath' ${problem}: expected a folder such as "checkpoints/{epoch:02d}", current value is ${
        JSON.stringify(filepath)
      }`,
    );
  }
  if (saveFreq === "epoch" && template.keys.includes("batch")) {
    throw bad(
      `its template "${filepath}" names {batch}, which is known only where 'saveFreq' is a number: set 'saveFreq', or leave {batch} out`,
    );
  }
  const keys = template.keys.filter((key) =>
    key !== "epoch" && key !== "batch"
  );
  return { template, keys, saveFreq };
}

function bad(why: string): OptionError {
  return new OptionError(`Cannot create model-checkpoint as ${why}`);
}
