/**
 * One handle for the learning rate and the momentum of every tf.js optimizer.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { show } from "../../contract/show.ts";
import { InputError } from "../../errors.ts";
import type { OptimizerHandle } from "../../plugin.ts";

/** The fields behind the handle, which tf.js leaves out of its typings. */
interface Settings {
  learningRate?: unknown;
  momentum?: unknown;
  /** SGD and Momentum step with a scalar created from the learning rate; only this setter renews it. */
  setLearningRate?(learningRate: number): void;
  /** Momentum steps with this scalar, which `setMomentum` forgets to renew. */
  m?: tf.Scalar;
}

/**
 * A handle on the learning rate of `optimizer`, and on its momentum if it has
 * one (`tf.train.momentum` and `tf.train.rmsprop` do). A new value takes effect
 * from the next step on.
 *
 * @example Halve the learning rate
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 *
 * await tf.setBackend("cpu");
 * const handle = optimizerHandle(tf.train.sgd(0.1));
 * handle.learningRate /= 2;
 * ```
 *
 * @param optimizer Any of tf.js' optimizers, or any other with a field
 * `learningRate`.
 * @returns The handle. Setting a learning rate that is not a number >= 0, or a
 * momentum that is not a number from 0 to 1, throws a `RangeError`.
 * @throws {InputError} If the optimizer has no learning rate.
 */
export function optimizerHandle(
  optimizer: InstanceType<typeof tf["Optimizer"]>,
): OptimizerHandle | Omit<OptimizerHandle, "momentum"> {
  const settings = optimizer as unknown as Settings;
  if (typeof settings.learningRate !== "number") {
    throw new InputError(
      `Cannot control optimizer "${optimizer.getClassName()}": it has no number called "learningRate"`,
    );
  }
  const rate = {
    get learningRate(): number {
      return settings.learningRate as number;
    },
    set learningRate(value: number) {
      checkRange("learning rate", value, Infinity);
      if (settings.setLearningRate) settings.setLearningRate(value);
      else settings.learningRate = value;
    },
  };
  return typeof settings.momentum === "number"
    ? withMomentum(rate, settings)
    : rate;
}

function withMomentum(
  rate: Omit<OptimizerHandle, "momentum">,
  settings: Settings,
): OptimizerHandle {
  return Object.defineProperty(rate, "momentum", {
    enumerable: true,
    get: () => settings.momentum,
    set(value: number) {
      checkRange("momentum", value, 1);
      settings.momentum = value;
      if (!settings.m) return;
      settings.m.dispose();
      settings.m = tf.keep(tf.scalar(value));
    },
  }) as OptimizerHandle;
}

function checkRange(what: string, value: unknown, most: number): void {
  if (
    Number.isFinite(value) && value as number >= 0 && value as number <= most
  ) {
    return;
  }
  const range = most === Infinity ? ">= 0" : `from 0 to ${most}`;
  throw new RangeError(
    `Cannot set the ${what}: it must be a finite number ${range}, current value is ${
      typeof value === "string" ? value : show(value)
    }`,
  );
}
