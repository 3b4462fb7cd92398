/**
 * The weights of a model, or of a loop that trains variables.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import type { WeightStore } from "../../steps.ts";
import { weightStore } from "./weight_store.ts";

/**
 * The weights of `model`, trainable and not.
 *
 * @param model A built `tf.LayersModel`.
 * @param optimizer What trains them, so that a snapshot can hold its slots. Default: none.
 */
export function modelWeights(
  model: tf.LayersModel,
  optimizer?: tf.Optimizer,
): WeightStore {
  const layers = layerNames(model);
  const trained = new Set(model.trainableWeights.map(({ name }) => name));
  const taken = new Set<string>();
  const named = model.weights.map((weight) => {
    const { name, originalName } = weight;
    // Nested models may contain a name twice; `name` is tf.js' own, unique one.
    const unique = taken.has(originalName) ? name : originalName;
    taken.add(unique);
    const layer = layers.get(name) ?? unique;
    return {
      layer,
      name: unique,
      variable: weight.read() as tf.Variable,
      trainable: trained.has(name),
    };
  });
  return weightStore(named, optimizer);
}

/**
 * The same for a hand-written loop, over the variables it trains.
 *
 * @example Go back to the start
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 *
 * await tf.setBackend("cpu");
 * const slope = tf.variable(tf.scalar(1));
 * const weights = variableWeights([slope]);
 * const start = weights.snapshot({ optimizer: false });
 * slope.assign(tf.scalar(5));
 * weights.restore(start);
 * start.dispose();
 * ```
 *
 * @param variables The variables, in any order.
 * @param optimizer What trains them, so that a snapshot can hold its slots. Default: none.
 */
export function variableWeights(
  variables: readonly tf.Variable[],
  optimizer?: tf.Optimizer,
): WeightStore {
  const named = variables.map((variable) => ({
    layer: variable.name,
    name: variable.name,
    variable,
    trainable: variable.trainable,
  }));
  return weightStore(named, optimizer);
}

/** The layer name of each weight; in nested models, that of the innermost layer. */
function layerNames(model: tf.LayersModel): Map<string, string> {
  const names = new Map<string, string>();
  for (const layer of model.layers) {
    if ("layers" in layer) {
      const within = layerNames(layer as unknown as tf.LayersModel);
      for (const [weight, name] of within) names.set(weight, name);
    } else {
      for (const { name } of layer.weights) names.set(name, layer.name);
    }
  }
  return names;
}
