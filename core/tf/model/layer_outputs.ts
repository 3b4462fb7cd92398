/**
 * What each layer of a model puts out, as it does.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";

/** A layer, with the method that tf.js' types keep to themselves. */
interface Layer {
  readonly name: string;
  /** Those of a model within a model. */
  readonly layers?: readonly Layer[];
  call(...args: unknown[]): tf.Tensor | tf.Tensor[];
}

/**
 * Hear of each output of each layer, those of models within the model too, in
 * the order in which they are computed; until what is returned is disposed of.
 *
 * @param model The model.
 * @param heard Told the name of the layer and a tensor that is its own.
 */
export function recordOutputs(
  model: tf.LayersModel,
  heard: (layer: string, output: tf.Tensor) => void,
): Disposable {
  const undo: (() => void)[] = [];
  for (const layer of new Set(innermost(model as unknown as Layer))) {
    const before = Object.getOwnPropertyDescriptor(layer, "call");
    const { call } = layer;
    layer.call = function (...args) {
      const output = call.apply(layer, args);
      for (const one of [output].flat()) heard(layer.name, one);
      return output;
    };
    undo.push(() => {
      if (before) Object.defineProperty(layer, "call", before);
      else Reflect.deleteProperty(layer, "call");
    });
  }
  return { [Symbol.dispose]: () => undo.forEach((it) => it()) };
}

function innermost(layer: Layer): Layer[] {
  return layer.layers ? layer.layers.flatMap(innermost) : [layer];
}
