/**
 * The weights of a model: copy, restore and average them, or read them one by
 * one.
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

interface NamedVariable {
  readonly layer: string;
  readonly name: string;
  readonly variable: tf.Variable;
  readonly trainable: boolean;
}

/** What a snapshot holds, and of which weights. */
interface Copies {
  readonly variables: readonly tf.Variable[];
  readonly weights: tf.Tensor[];
  readonly optimizer: tf.Optimizer | undefined;
  readonly state: OptimizerState | undefined;
}

/** Shared by all stores, since a snapshot may be kept for the next run; undefined once it is disposed. */
const snapshots = new WeakMap<Snapshot, Copies | undefined>();

function weightStore(
  named: readonly NamedVariable[],
  optimizer: tf.Optimizer | undefined,
): WeightStore {
  const variables = named.map(({ variable }) => variable);
  const trainable = named.filter(({ trainable }) => trainable)
    .map(({ variable }) => variable);
  const own = new Set(variables);
  const trainer = optimizer && hasKnownState(optimizer) ? optimizer : undefined;
  return {
    optimizerState: trainer !== undefined,
    snapshot(options) {
      if (options.optimizer && !trainer) throw noState(optimizer);
      const snapshot = { dispose: () => disposeOf(snapshot) };
      const copied = options.trainable ? trainable : variables;
      snapshots.set(snapshot, {
        variables: copied,
        weights: copied.map(copyOf),
        optimizer: trainer,
        state: options.optimizer ? copyState(trainer!) : undefined,
      });
      return snapshot;
    },
    restore(snapshot) {
      const { variables, weights, optimizer, state } = copiesOf(snapshot, own);
      if (state && optimizer !== trainer) {
        throw new TypeError(
          "Cannot restore the snapshot: it holds the state of another optimizer",
        );
      }
      variables.forEach((variable, i) => assignCopy(variable, weights[i]!));
      if (state) restoreState(trainer!, state);
    },
    average(snapshot, momentum) {
      const { variables, weights } = copiesOf(snapshot, own);
      // As a tensor will hold it, so that both parts add up to 1.
      const kept = Math.fround(momentum);
      variables.forEach((variable, i) => {
        const before = weights[i]!;
        weights[i] = tf.keep(
          tf.tidy(() => tf.add(before.mul(kept), variable.mul(1 - kept))),
        );
        before.dispose();
      });
    },
    entries: () => named.map(entryOf),
    freed: () => named.find(({ variable }) => isFreed(variable))?.name,
  };
}

/** `tf.disposeVariables()` frees the numbers alone, and leaves the variable as it is. */
function isFreed({ isDisposed, dataId }: tf.Variable): boolean {
  return isDisposed || !tf.engine().state.tensorInfo.has(dataId);
}

function copiesOf(
  snapshot: Snapshot,
  own: ReadonlySet<tf.Variable>,
): Copies {
  const copies = snapshots.get(snapshot);
  if (copies?.variables.every((variable) => own.has(variable))) return copies;
  throw new TypeError(
    snapshots.has(snapshot) && !copies
      ? "Cannot use the snapshot: it was disposed"
      : "Cannot use the snapshot: it was taken from another model",
  );
}

function disposeOf(snapshot: Snapshot): void {
  const copies = snapshots.get(snapshot);
  snapshots.set(snapshot, undefined);
  tf.dispose(copies?.weights);
  if (copies?.state) freeState(copies.state);
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
