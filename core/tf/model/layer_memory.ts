/**
 * What the layers of a model remember from one batch to the next beside their
 * weights (tf.js 4.22.0): the states of recurrent layers that are `stateful`.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../errors.ts";
import type { Keeper } from "../../plugin.ts";
import type { SavedTensor } from "../../steps.ts";
import { type NamedTensor, savedTensors, tensorOf } from "./saved_tensors.ts";

/** The fields, which tf.js leaves out of its typings. */
interface Recurrent {
  readonly name: string;
  /** Of `RNN`: null before the layer is built. */
  states_?: tf.Tensor[] | null;
}

/**
 * How what the layers of a model remember outlives the process. A layer of one's
 * own that remembers anything else in its fields is not known here.
 *
 * @param model A built model.
 * @returns A keeper whose `load` throws an {@linkcode InputError} if what was
 * saved is of other layers.
 */
export function layerMemory(model: tf.LayersModel): Keeper {
  const layers = [...layersIn(model)] as unknown as Recurrent[];
  const recurrent = layers.filter(({ states_ }) => states_);
  return {
    save: () => savedTensors(statesOf(recurrent)),
    load(given) {
      const saved = given as readonly SavedTensor[];
      check(statesOf(recurrent), saved);
      const left = saved.map(tensorOf).values();
      for (const layer of recurrent) {
        const before = layer.states_!;
        layer.states_ = before.map(() => left.next().value!);
        tf.dispose(before);
      }
    },
  };
}

/** All layers, those inside of wrappers, cells and nested models too, in an order that depends on the model alone. */
function layersIn(
  owner: object,
  seen: Set<object> = new Set(),
): ReadonlySet<object> {
  if (seen.has(owner)) return seen;
  seen.add(owner);
  for (const value of Object.values(owner)) {
    for (const it of Array.isArray(value) ? value : [value]) {
      if (it instanceof tf.layers.Layer) layersIn(it, seen);
    }
  }
  return seen;
}

function statesOf(layers: readonly Recurrent[]): NamedTensor[] {
  return layers.flatMap(({ name, states_ }) =>
    states_!.map((tensor, i) => ({ name: `${name}:${i}`, tensor }))
  );
}

function check(
  states: readonly NamedTensor[],
  saved: readonly SavedTensor[],
): void {
  const shapes = (list: readonly { readonly shape: readonly number[] }[]) =>
    JSON.stringify(list.map(({ shape }) => shape));
  if (shapes(states.map(({ tensor }) => tensor)) === shapes(saved)) return;
  throw new InputError(
    "Cannot take back what the layers of the model remembered: it is of other layers",
  );
}
