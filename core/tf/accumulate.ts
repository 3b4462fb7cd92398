/**
 * A gradient transform for tf.js that sums gradients up over several steps.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Gradients, GradientTransform } from "../loop/gradients.ts";
import { OptionError } from "../plugin.ts";
import { isPromise } from "../run/dispatch.ts";
import type { SavedTensor } from "../steps.ts";
import { mapTidily } from "./gradient_transforms.ts";
import { savedTensors, tensorOf } from "./model/saved_tensors.ts";

/**
 * Apply the mean of the gradients of `steps` training steps at once, and
 * nothing in between: batches of `steps` times the size, in the memory of one
 * (Keras' `gradient_accumulation_steps`, optax's `MultiSteps`). The count
 * carries over from epoch to epoch; what is left at the end of the run is not
 * applied.
 *
 * @example
 * ```ts
 * import { accumulate, clipByGlobalNorm } from "@hookloop/hookloop";
 *
 * // The mean of 4 steps is clipped.
 * const options = { gradients: [accumulate(4), clipByGlobalNorm(1)] };
 * console.log(options.gradients.map(({ name }) => name));
 * ```
 *
 * @param steps Number of training steps, at least 1.
 * @throws {OptionError} If `steps` is not a whole number >= 1.
 */
export function accumulate(
  steps: number,
): GradientTransform<InstanceType<typeof tf["Tensor"]>> {
  if (!Number.isInteger(steps) || steps < 1) {
    throw new OptionError(
      `Cannot create accumulate as 'steps' must be an integer >= 1: current value is ${steps}`,
    );
  }
  let sums: Record<string, tf.Tensor> = {};
  let count = 0;
  let variables: Gradients<tf.Tensor> = {};
  /** What the variables were called in the process before; undefined from the first step on. */
  let before: readonly string[] | undefined;

  function reset(): void {
    tf.dispose(sums);
    sums = {};
    count = 0;
  }
  function add(gradients: Gradients<tf.Tensor>): void {
    for (const [name, gradient] of Object.entries(gradients)) {
      const before = sums[name];
      sums[name] = tf.keep(before ? before.add(gradient) : gradient.clone());
      before?.dispose();
    }
    count++;
  }
  return {
    name: "accumulate",
    reset,
    apply(gradients, { values }) {
      if (steps === 1) return gradients;
      variables = values;
      if (before) sums = renamed(sums, before, Object.keys(values));
      before = undefined;
      add(gradients);
      if (count < steps) return undefined;
      const means = mapTidily(sums, (sum) => sum.div(steps));
      reset();
      return means;
    },
    keeps: {
      save() {
        const names = before ?? Object.keys(variables);
        const saved = savedTensors(
          Object.entries(sums).map(([name, tensor]) => ({ name, tensor })),
        );
        return isPromise(saved)
          ? saved.then((sums) => ({ count, names, sums }))
          : { count, names, sums: saved };
      },
      load(saved) {
        const kept = saved as Saved;
        reset();
        count = kept.count;
        before = kept.names;
        for (const it of kept.sums) sums[it.name] = tensorOf(it);
      },
    },
  };
}

/** What goes into a backup. */
interface Saved {
  readonly count: number;
  /** The variables, in their order. */
  readonly names: readonly string[];
  readonly sums: readonly SavedTensor[];
}

/** tf.js may give a variable another name in another process, but not another place. */
function renamed<T>(
  by: Readonly<Record<string, T>>,
  before: readonly string[],
  now: readonly string[],
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(by).map((
      [name, value],
    ) => [now[before.indexOf(name)] ?? name, value]),
  );
}
