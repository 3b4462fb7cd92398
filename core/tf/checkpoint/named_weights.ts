/**
 * Which of a checkpoint's weights belongs to which weight of a model.
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
}

/**
 * For each weight of a model, the matching weight of the checkpoint: by name,
 * or in order if the names differ only in the numbers that tf.js gives to
 * unnamed layers (`dense_Dense1`, `dense_Dense2`).
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
): number[] {
  const names = new Map(saved.map(({ name }, i) => [name, i]));
  const matches = model.every(({ name }) => names.has(name))
    ? model.map(({ name }) => names.get(name)!)
    : model.map((_, i) => i);
  const problems = model.flatMap((weight, i) =>
    mismatch(weight, saved[matches[i]!])
  );
  const extra = saved.filter((_, i) => !matches.includes(i));
  problems.push(
    ...extra.map(({ name }) => `the model has no weight "${name}"`),
  );
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
  return expected === got
    ? []
    : [`weight "${wanted.name}" must have shape ${expected}, got ${got}`];
}

function withoutNumbers(name: string): string {
  return name.replaceAll(/(_[A-Z][A-Za-z0-9]*?)\d+(?=\/)/g, "$1");
}

/** Names and shapes of a model's weights. */
export function weightShapes(model: tf.LayersModel): WeightShape[] {
  return model.weights.map(({ originalName, shape }) => ({
    name: originalName,
    shape: shape as number[],
  }));
}
