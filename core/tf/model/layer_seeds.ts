/**
 * Layers with a seed of their own, such as `dropout({ rate: 0.5, seed: 1 })`.
 * tf.js draws the same mask from it at each step; here, as in Keras, the seed
 * begins a sequence.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { stepAtHand } from "../../run/draws.ts";
import type { StepContext } from "../../steps.ts";

/** A layer, with the fields that tf.js' types keep to themselves. */
interface AnyLayer {
  /** Of dropout, in all its forms. */
  readonly seed?: unknown;
  /** Those of a model within a model. */
  readonly layers?: readonly AnyLayer[];
  /** What a wrapper wraps. */
  readonly layer?: AnyLayer;
  /** The two that `bidirectional` makes of it. */
  readonly forwardLayer?: AnyLayer;
  readonly backwardLayer?: AnyLayer;
}

/**
 * Let the seeds of a model's layers begin sequences: in a step, what a layer
 * draws depends on its seed, on the step, and on how often it drew before in
 * that step; not on the run's seed. Outside of steps nothing changes. Doing it
 * twice is not an error.
 *
 * @param model The model, at any depth.
 */
export function varySeeds(model: tf.LayersModel): void {
  vary(model as unknown as AnyLayer);
}

function vary(layer: AnyLayer): void {
  const { layers = [], layer: wrapped, forwardLayer, backwardLayer } = layer;
  for (const inner of [...layers, wrapped, forwardLayer, backwardLayer]) {
    if (inner) vary(inner);
  }
  const found = Object.getOwnPropertyDescriptor(layer, "seed");
  if (typeof found?.value === "number") varySeed(layer, found.value);
}

/** tf.js takes a text for a seed too. */
function varySeed(layer: AnyLayer, given: unknown): void {
  let seed = given;
  let last: StepContext | undefined;
  let draws = 0;
  Object.defineProperty(layer, "seed", {
    configurable: true,
    enumerable: true,
    get() {
      const step = stepAtHand();
      if (!step || typeof seed !== "number") return seed;
      draws = step === last ? draws + 1 : 0;
      last = step;
      return `seed ${seed}, step ${step.step}, draw ${draws}`;
    },
    set(value: unknown) {
      seed = value;
    },
  });
}
