/**
 * Layers that draw once for all steps in tf.js, and here anew at each: those
 * with a seed of their own, such as `dropout({ rate: 0.5, seed: 1 })`, and the
 * cells of `tf.layers.rnn`, which keep the mask of their first call.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { stepAtHand } from "../../run/draws.ts";
import type { StepContext } from "../../steps.ts";

/** A layer or a cell, with the fields that tf.js' types keep to themselves. */
interface AnyLayer {
  /** Those of a model within a model. */
  readonly layers?: readonly AnyLayer[];
  /** What a wrapper wraps. */
  readonly layer?: AnyLayer;
  /** The two that `bidirectional` makes of it. */
  readonly forwardLayer?: AnyLayer;
  readonly backwardLayer?: AnyLayer;
  /** Of a recurrent layer. */
  readonly cell?: AnyLayer;
  /** Of cells that are stacked. */
  readonly cells?: readonly AnyLayer[];
}

/**
 * Let all layers of a model draw anew at each step. With a seed of its own, what
 * a layer draws depends on that seed, on the step, and on how often it drew
 * before in that step, as in Keras not on the run's seed. Outside of steps
 * nothing changes. Doing it twice is not an error.
 *
 * @param model The model, at any depth.
 */
export function drawByStep(model: tf.LayersModel): void {
  visit(model as unknown as AnyLayer);
}

function visit(layer: AnyLayer): void {
  const { layers = [], cells = [], forwardLayer, backwardLayer } = layer;
  const inside = [layer.layer, layer.cell, forwardLayer, backwardLayer];
  for (const inner of [...layers, ...cells, ...inside]) {
    if (inner) visit(inner);
  }
  define(layer, "seed", (it) => typeof it === "number", seedBySteps);
  for (const mask of ["dropoutMask", "recurrentDropoutMask"]) {
    define(layer, mask, () => true, maskBySteps);
  }
}

/** A property in two functions. */
interface Access<T> {
  get(): T | undefined | null;
  set(value: T): void;
}

function define<T>(
  layer: AnyLayer,
  name: string,
  fits: (value: T) => boolean,
  make: (value: T) => Access<T>,
): void {
  const found = Object.getOwnPropertyDescriptor(layer, name);
  if (!found || !("value" in found) || !fits(found.value)) return;
  const { enumerable = true } = found;
  Object.defineProperty(layer, name, {
    ...make(found.value),
    ...{ configurable: true, enumerable },
  });
}

/** A seed for each time it is asked for; tf.js takes a text too. */
function seedBySteps(given: number | string): Access<number | string> {
  let seed = given;
  let last: StepContext | undefined;
  let draws = 0;
  return {
    get() {
      const step = stepAtHand();
      if (!step || typeof seed !== "number") return seed;
      draws = step === last ? draws + 1 : 0;
      last = step;
      return `seed ${seed}, step ${step.step}, draw ${draws}`;
    },
    set: (value) => void (seed = value),
  };
}

/** A mask is there in the step that it was drawn in. */
function maskBySteps(
  given: tf.Tensor | tf.Tensor[] | null,
): Access<tf.Tensor | tf.Tensor[] | null> {
  let mask = given;
  let drawnIn = stepAtHand();
  return {
    get() {
      if (mask && drawnIn !== stepAtHand()) {
        tf.dispose(mask);
        mask = null;
      }
      return mask;
    },
    set(value) {
      mask = value;
      drawnIn = stepAtHand();
    },
  };
}
