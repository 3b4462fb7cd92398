/**
 * Which of the weights that were saved belongs to which weight of a model.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { InputError } from "../../errors.ts";

/** Name and shape of a weight. */
export interface WeightShape {
  /** Name, such as `dense_Dense1/kernel`. */
  readonly name: string;
  /** Shape. */
  readonly shape: readonly number[];
  /** Type; if undefined, it is not compared. */
  readonly dtype?: string;
}

/** What belongs to what. */
export interface WeightMatches {
  /** For each weight of the model, its index among those that were saved. */
  readonly matches: readonly number[];
  /** Each mismatch, in words; none if they belong together. */
  readonly problems: readonly string[];
}

/**
 * For each weight of a model, the one that was saved: by name, or in order if
 * the names differ only in the numbers that tf.js gives: to layers without a
 * name (`dense_Dense1`, `dense_Dense2`), to names that are taken
 * (`hidden/kernel_1`), and to variables (`17`).
 *
 * @param model Weights of the model.
 * @param saved Weights that were saved.
 */
export function compareWeights(
  model: readonly WeightShape[],
  saved: readonly WeightShape[],
): WeightMatches {
  const names = new Map(saved.map(({ name }, i) => [name, i]));
  const matches = model.every(({ name }) => names.has(name))
    ? model.map(({ name }) => names.get(name)!)
    : model.map((_, i) => i);
  const taken = new Set(matches);
  const problems = model.flatMap((weight, i) =>
    mismatch(weight, saved[matches[i]!])
  );
  const extra = saved.filter((_, i) => !taken.has(i));
  problems.push(
    ...extra.map(({ name }) => `the model has no weight "${name}"`),
  );
  return { matches, problems };
}

/**
 * The same for a checkpoint.
 *
 * @param model Weights of the model.
 * @param saved Weights of the checkpoint.
 * @param dir Folder of the checkpoint, for messages.
 * @returns The index in `saved` for each of `model`.
 * @throws {InputError} If names, shapes or counts do not match; lists each
 * mismatch.
 */
export function matchWeights(
  model: readonly WeightShape[],
  saved: readonly WeightShape[],
  dir: string,
): readonly number[] {
  const { matches, problems } = compareWeights(model, saved);
  if (problems.length === 0) return matches;
  throw new InputError(
    `Cannot load the weights in "${dir}": they belong to another model\n` +
      problems.map((problem) => `- ${problem}`).join("\n"),
  );
}

function mismatch(
  wanted: WeightShape,
  saved: WeightShape | undefined,
): string[] {
  if (!saved || withoutNumbers(saved.name) !== withoutNumbers(wanted.name)) {
    return [`there is no weight "${wanted.name}" in it`];
  }
  const [expected, got] = [wanted.shape, saved.shape].map((shape) =>
    JSON.stringify(shape)
  );
  const problems: string[] = [];
  if (expected !== got) {
    problems.push(
      `weight "${wanted.name}" must have shape ${expected}, got ${got}`,
    );
  }
  if (wanted.dtype && wanted.dtype !== saved.dtype) {
    problems.push(
      `weight "${wanted.name}" must have type "${wanted.dtype}", got "${saved.dtype}"`,
    );
  }
  return problems;
}

function withoutNumbers(name: string): string {
  return name.replaceAll(/(_[A-Z][A-Za-z0-9]*?)\d+(?=\/)/g, "$1")
    .replace(/^\d+$|_\d+$/, "");
}

/** Names and shapes of a model's weights. */
export function weightShapes(model: tf.LayersModel): WeightShape[] {
  return model.weights.map(({ originalName, shape }) => ({
    name: originalName,
    shape: shape as number[],
  }));
}
