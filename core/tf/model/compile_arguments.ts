/**
 * What `compile` was given and tf.js takes no notice of. tf.js keeps no trace of
 * it, so it is noted as it passes: each model compiles as it did before.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { suggestion } from "../../did_you_mean.ts";
import { InputError } from "../../errors.ts";

/** The arguments that `compile` of tf.js knows. */
const KNOWN: readonly string[] = ["optimizer", "loss", "metrics"];

/** What to do instead, for those of Keras that tf.js does not have. */
const INSTEAD: Readonly<Record<string, string>> = {
  lossWeights: "put the weights into losses of your own, one per output",
  sampleWeightMode:
    "weights per sample go with the data, { x, y, sampleWeight }",
  weightedMetrics: "metrics here take no sample weights",
};

/** Model -> the names of the other arguments it was last compiled with. */
const ignored = new WeakMap<object, readonly string[]>();

const { compile } = tf.LayersModel.prototype;
tf.LayersModel.prototype.compile = function (this: tf.LayersModel, args) {
  const given = Object.entries(args ?? {}).filter(([name, value]) =>
    !KNOWN.includes(name) && value !== undefined && value !== null
  );
  ignored.set(this, given.map(([name]) => name));
  compile.call(this, args);
};

/**
 * Refuse a model whose `compile` was given what tf.js would ignore.
 *
 * @param compiled The model; of a sequential model, the one within.
 * @param name Its name, for the message.
 * @throws {InputError} If it was.
 */
export function checkCompiled(compiled: object, name: string): void {
  const [first] = ignored.get(compiled) ?? [];
  if (first === undefined) return;
  throw new InputError(
    `Cannot train or evaluate model "${name}": its compile was given "${first}", which tf.js does not have and would ignore${
      first in INSTEAD
        ? `: ${INSTEAD[first]}`
        : suggestion(first, KNOWN) || `: it takes ${KNOWN.join(", ")}`
    }`,
  );
}
