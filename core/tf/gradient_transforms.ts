/**
 * Gradient transforms for tf.js: clipping.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Gradients, GradientTransform } from "../loop/gradients.ts";
import { OptionError } from "../plugin.ts";

/**
 * Clip each number of the gradients to the range from -`limit` to `limit`, as
 * Keras' `clipvalue` does. NaN and infinite numbers are left as they are, so
 * that whatever watches for them sees them.
 *
 * @example
 * ```ts
 * import { clipByValue } from "@hookloop/hookloop";
 *
 * const options = { gradients: [clipByValue(0.5)] };
 * console.log(options.gradients[0]!.name);
 * ```
 *
 * @param limit Greatest absolute value, above 0.
 * @throws {OptionError} If `limit` is not a finite number above 0.
 */
export function clipByValue(
  limit: number,
): GradientTransform<InstanceType<typeof tf["Tensor"]>> {
  checkAboveZero("clip-by-value", "limit", limit);
  return {
    name: "clip-by-value",
    apply: (gradients) =>
      mapTidily(gradients, (gradient) =>
        tf.where(
          isFinite(gradient),
          gradient.clipByValue(-limit, limit),
          gradient,
        )),
  };
}

/**
 * Scale the gradient of each variable down to the norm `max` if its L2 norm is
 * greater, as Keras' `clipnorm` does. A gradient whose norm is not finite is
 * left as it is.
 *
 * @example
 * ```ts
 * import { clipByNorm } from "@hookloop/hookloop";
 *
 * const options = { gradients: [clipByNorm(1)] };
 * console.log(options.gradients[0]!.name);
 * ```
 *
 * @param max Greatest norm, above 0.
 * @throws {OptionError} If `max` is not a finite number above 0.
 */
export function clipByNorm(
  max: number,
): GradientTransform<InstanceType<typeof tf["Tensor"]>> {
  checkAboveZero("clip-by-norm", "max", max);
  return {
    name: "clip-by-norm",
    apply: (gradients) =>
      mapTidily(
        gradients,
        (gradient) => gradient.mul(scaleTo(max, squares(gradient))),
      ),
  };
}

/**
 * Scale all gradients by one factor, so that the L2 norm of all of them
 * together is at most `max`: Pascanu et al., "On the difficulty of training
 * recurrent neural networks" (2013); Keras' `global_clipnorm`. If the norm is
 * not finite, they are left as they are.
 *
 * @example
 * ```ts
 * import { clipByGlobalNorm } from "@hookloop/hookloop";
 *
 * const options = { gradients: [clipByGlobalNorm(1)] };
 * console.log(options.gradients[0]!.name);
 * ```
 *
 * @param max Greatest norm, above 0.
 * @throws {OptionError} If `max` is not a finite number above 0.
 */
export function clipByGlobalNorm(
  max: number,
): GradientTransform<InstanceType<typeof tf["Tensor"]>> {
  checkAboveZero("clip-by-global-norm", "max", max);
  return {
    name: "clip-by-global-norm",
    apply: (gradients) =>
      tf.tidy(() => {
        const all = Object.values(gradients).map(squares);
        if (all.length === 0) return gradients;
        const scale = scaleTo(max, tf.addN(all));
        return mapTidily(gradients, (gradient) => gradient.mul(scale));
      }),
  };
}

function checkAboveZero(name: string, option: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return;
  throw new OptionError(
    `Cannot create ${name} as '${option}' must be a finite number > 0: current value is ${value}`,
  );
}

/**
 * New gradients from old ones, the caller's to free.
 *
 * @param gradients The old ones.
 * @param change What becomes of each; what else it makes is freed.
 */
export function mapTidily(
  gradients: Gradients<tf.Tensor>,
  change: (gradient: tf.Tensor) => tf.Tensor,
): Record<string, tf.Tensor> {
  return tf.tidy(() => {
    const changed: Record<string, tf.Tensor> = {};
    for (const name in gradients) changed[name] = change(gradients[name]!);
    return changed;
  });
}

function squares(gradient: tf.Tensor): tf.Scalar {
  return gradient.square().sum();
}

/** The factor to scale by, given the square of the norm: 1 if that is not finite. */
function scaleTo(max: number, squaredNorm: tf.Scalar): tf.Tensor {
  const norm = squaredNorm.sqrt();
  const scale = tf.minimum(1, tf.div(max, norm));
  return tf.where(isFinite(norm), scale, tf.onesLike(scale));
}

/** With arithmetic only: not every backend has a kernel for it. */
function isFinite(tensor: tf.Tensor): tf.Tensor {
  return tensor.sub(tensor).equal(0);
}
