/**
 * Custom training steps with tf.js, whose gradients can be transformed.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import type { Gradients, GradientTarget } from "../loop/gradients.ts";
import type { OwnGradientSteps } from "../loop/own_step.ts";
import type { StepContext } from "../steps.ts";

/** What {@linkcode tfGradientSteps} builds steps from. */
export interface TfGradientStepsOptions<B> {
  /** The loss of a batch: a tensor of one number, computed from the variables by tf.js operations. */
  loss(batch: B, context: StepContext): InstanceType<typeof tf["Tensor"]>;
  /** What to train. */
  readonly variables: readonly InstanceType<typeof tf["Variable"]>[];
  /** What updates the variables by their gradients. */
  readonly optimizer: InstanceType<typeof tf["Optimizer"]>;
}

/**
 * The two parts of a training step, to spread into the steps of `train`; the
 * transforms of its option `gradients` run between them. It reports `loss`.
 *
 * @example Clip the gradients of a custom fit
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { clipByGlobalNorm, tfGradientSteps, train } from "@hookloop/hookloop";
 *
 * await tf.setBackend("cpu");
 * const slope = tf.variable(tf.scalar(1));
 * const steps = tfGradientSteps({
 *   loss: (target: number) => slope.sub(target).square(),
 *   variables: [slope],
 *   optimizer: tf.train.sgd(0.1),
 * });
 * const { history } = await train({ ...steps, metrics: ["loss"] }, [2, 2], {
 *   gradients: [clipByGlobalNorm(1)],
 * });
 * console.log(history.loss);
 * ```
 *
 * @typeParam B What a batch is.
 * @param options The loss, the variables, the optimizer.
 */
export function tfGradientSteps<B>(
  options: TfGradientStepsOptions<B>,
): Pick<
  OwnGradientSteps<B, InstanceType<typeof tf["Tensor"]>>,
  "gradientStep" | "applyGradients" | "variables"
> {
  const variables = [...options.variables];
  const { optimizer } = options;
  return {
    ...gradientTarget(optimizer, variables),
    gradientStep(batch, context) {
      const { value, grads } = optimizer.computeGradients(
        () => options.loss(batch, context) as tf.Scalar,
        variables,
      );
      return { values: { loss: value }, gradients: presentOf(grads) };
    },
  };
}

/**
 * What gradients apply to: the variables, and the optimizer that updates them.
 *
 * @param variables What it trains. Its slots follow their order.
 */
export function gradientTarget(
  optimizer: tf.Optimizer,
  variables: readonly tf.Variable[],
): GradientTarget<tf.Tensor> {
  const byName: Record<string, tf.Tensor> = {};
  for (const variable of variables) byName[variable.name] = variable;
  return {
    variables: () => byName,
    applyGradients(gradients) {
      const named = variables.map(({ name }) => ({
        name,
        // tf.js skips a variable without a gradient; only its types say
        // otherwise.
        tensor: gradients[name]!,
      }));
      optimizer.applyGradients(named);
    },
  };
}

/**
 * The gradients that exist: tf.js returns null for a frozen variable.
 *
 * @param gradients What `computeGradients` returned.
 */
export function presentOf(
  gradients: Readonly<Record<string, tf.Tensor | null>>,
): Gradients<tf.Tensor> {
  const present: Record<string, tf.Tensor> = {};
  for (const name in gradients) {
    const gradient = gradients[name];
    if (gradient) present[name] = gradient;
  }
  return present;
}
