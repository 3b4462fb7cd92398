/**
 * Tensors without tf.js, for tests of plugins that look at the validation data.
 *
 * @module
 */
import type { TestBatch, Values } from "../../core/plugin.ts";

/** Numbers of a shape; `alive` holds those that were not freed. */
export function values(
  shape: readonly number[],
  numbers: readonly number[],
  alive: Set<Values> = new Set(),
): Values {
  const made: Values = {
    shape,
    data: async () => (await Promise.resolve(), numbers),
    dispose: () => void alive.delete(made),
  };
  alive.add(made);
  return made;
}

/** A batch whose inputs are what a fake run predicts. */
export function batch(
  outputs: Values,
  labels: Values,
  ...more: readonly [Values, Values][]
): TestBatch {
  return {
    x: [outputs, ...more.map(([x]) => x)],
    y: [labels, ...more.map(([, y]) => y)],
    size: labels.shape[0]!,
  };
}
