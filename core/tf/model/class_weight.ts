/**
 * Class weights, turned into sample weights.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../errors.ts";
import { suggestion } from "../../did_you_mean.ts";

/**
 * How much the samples of a class count: class index -> weight >= 0; a class
 * without an entry counts 1. For a model with several outputs, one such table
 * per output, by name, or as a list with null for an output without weights.
 */
export type ClassWeight =
  | Readonly<Record<number, number>>
  | Readonly<Record<string, Readonly<Record<number, number>>>>
  | readonly (Readonly<Record<number, number>> | null)[];

type ClassWeights = Readonly<Record<number, number>>;

/** The outputs of a model. */
export interface OutputShape {
  /** Name of the output. */
  readonly name: string;
  /** Its shape, whose last number is the number of classes; 1 stands for two classes. */
  readonly shape: readonly (number | null)[];
}

/**
 * One table of weights per output, by class index; undefined if all classes
 * count the same.
 *
 * @param classWeight What the user gave.
 * @param outputs The model's outputs.
 * @throws {InputError} If an output or a class does not exist, or a weight is
 * not a number >= 0.
 */
export function classTables(
  classWeight: ClassWeight,
  outputs: readonly OutputShape[],
): (Float32Array | undefined)[] {
  const byOutput = Object.values(classWeight).some((entry) =>
    typeof entry === "object"
  );
  const names = outputs.map(({ name }) => name);
  if (byOutput && Array.isArray(classWeight)) {
    return classTables(named(classWeight, names), outputs);
  }
  if (!byOutput && names.length > 1) {
    throw new InputError(
      `Cannot use classWeight: the model has ${names.length} outputs, so it must be given by output, such as { "${
        names[0]
      }": { 0: 1, 1: 2 } }`,
    );
  }
  const given =
    (byOutput ? classWeight : { [names[0]!]: classWeight }) as Record<
      string,
      ClassWeights
    >;
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    throw new InputError(
      `Cannot use classWeight: there is no output "${name}"${
        suggestion(name, names)
      } (outputs are ${names.map((known) => `"${known}"`).join(", ")})`,
    );
  }
  return outputs.map(({ name, shape }) =>
    given[name] && table(given[name], Math.max(2, shape.at(-1) ?? 2))
  );
}

/** A list of one table per output, by the names of the outputs. */
function named(
  tables: readonly (ClassWeights | null)[],
  names: readonly string[],
): Record<string, ClassWeights> {
  const entries = tables.map((table, i) => [names[i] ?? i, table] as const);
  return Object.fromEntries(
    entries.flatMap(([name, table]) => table ? [[name, table]] : []),
  );
}

function table(weights: ClassWeights, classes: number): Float32Array {
  const filled = new Float32Array(classes).fill(1);
  for (const [key, weight] of Object.entries(weights)) {
    const index = Number(key);
    if (!Number.isInteger(index) || index < 0 || index >= classes) {
      throw new InputError(
        `Cannot use classWeight: classes are 0 to ${
          classes - 1
        }, current value is "${key}"`,
      );
    }
    if (!(Number.isFinite(weight) && weight >= 0)) {
      throw new InputError(
        `Cannot use classWeight: the weight of class ${key} must be a number >= 0, current value is ${weight}`,
      );
    }
    filled[index] = weight;
  }
  return filled;
}

/**
 * The weight of each sample by its class. Call it inside `tf.tidy`.
 *
 * @param target Class indices `[n]` or `[n, 1]`, or one-hot rows `[n, classes]`.
 * @param weights The weights by class index.
 */
export function weightsByClass(
  target: tf.Tensor,
  weights: Float32Array,
): tf.Tensor {
  const isIndex = target.rank === 1 || target.shape.at(-1) === 1;
  const classes = isIndex
    ? target.reshape(target.shape.slice(0, Math.max(1, target.rank - 1)))
    : target.argMax(-1);
  return tf.gather(tf.tensor1d(weights), classes.toInt());
}
