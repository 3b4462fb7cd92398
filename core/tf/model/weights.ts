/**
 * The weights of a model: take copies, put them back, average them, look at
 * them one by one.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { WeightEntry } from "../../plugin.ts";
import type { Snapshot, WeightStore } from "../../steps.ts";
import {
  copyState,
  freeState,
  hasKnownState,
  type OptimizerState,
  restoreState,
} from "./optimizer_state.ts";
import { assignCopy, copyOf } from "./tensor_copy.ts";

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
  const taken = new Set<string>();
  const named = model.weights.map((weight) => {
    const { name, originalName } = weight;
    // Models within models may hold a name twice; `name` is tf.js' own, unique one.
    const unique = taken.has(originalName) ? name : originalName;
    taken.add(unique);
    const layer = layers.get(name) ?? unique;
    return { layer, name: unique, variable: weight.read() as tf.Variable };
  });
  return weightStore(named, optimizer);
}

/**
 * The same for a loop written by hand, over the variables it trains.
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
  }));
  return weightStore(named, optimizer);
}

interface NamedVariable {
  readonly layer: string;
  readonly name: string;
  readonly variable: tf.Variable;
}

interface Copies {
  readonly weights: tf.Tensor[];
  readonly optimizer: OptimizerState | undefined;
}

function weightStore(
  named: readonly NamedVariable[],
  optimizer: tf.Optimizer | undefined,
): WeightStore {
  const variables = named.map(({ variable }) => variable);
  const trainer = optimizer && hasKnownState(optimizer) ? optimizer : undefined;
  const taken = new WeakMap<Snapshot, Copies>();
  const disposed = new WeakSet<Snapshot>();

  function copiesOf(snapshot: Snapshot): Copies {
    const copies = taken.get(snapshot);
    if (copies) return copies;
    throw new TypeError(
      disposed.has(snapshot)
        ? "Cannot use the snapshot: it was disposed"
        : "Cannot use the snapshot: it was taken of another model",
    );
  }
  function dispose(snapshot: Snapshot): void {
    const copies = taken.get(snapshot);
    taken.delete(snapshot);
    disposed.add(snapshot);
    tf.dispose(copies?.weights);
    if (copies?.optimizer) freeState(copies.optimizer);
  }
  return {
    optimizerState: trainer !== undefined,
    snapshot(options) {
      if (options.optimizer && !trainer) throw noState(optimizer);
      const snapshot = { dispose: () => dispose(snapshot) };
      taken.set(snapshot, {
        weights: variables.map(copyOf),
        optimizer: options.optimizer ? copyState(trainer!) : undefined,
      });
      return snapshot;
    },
    restore(snapshot) {
      const copies = copiesOf(snapshot);
      variables.forEach((variable, i) =>
        assignCopy(variable, copies.weights[i]!)
      );
      if (copies.optimizer) restoreState(trainer!, copies.optimizer);
    },
    average(snapshot, momentum) {
      const { weights } = copiesOf(snapshot);
      variables.forEach((variable, i) => {
        const before = weights[i]!;
        weights[i] = tf.keep(
          tf.tidy(() =>
            tf.add(before.mul(momentum), variable.mul(1 - momentum))
          ),
        );
        before.dispose();
      });
    },
    entries: () => named.map(entryOf),
  };
}

function entryOf({ layer, name, variable }: NamedVariable): WeightEntry {
  const { shape } = variable;
  return { layer, name, shape, values: () => variable.data() };
}

function noState(optimizer: tf.Optimizer | undefined): TypeError {
  return new TypeError(
    optimizer
      ? `Cannot copy the state of optimizer "${optimizer.getClassName()}": only tf.js' own can be copied`
      : "Cannot copy the state of the optimizer: there is none",
  );
}

/** The name of the layer of each weight; of models within models the innermost layer's. */
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
