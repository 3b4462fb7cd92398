/**
 * What is done to the gradients of a step between working them out and applying
 * them: `gradients -> transforms -> apply`.
 *
 * @module
 */
import { messageOf } from "../errors.ts";
import type { Keeper } from "../plugin.ts";
import { isPromise } from "../run/dispatch.ts";
import { keepAll } from "../run/backup/keepers.ts";
import { keptTransforms } from "./kept_transforms.ts";

/** Gradients, or the variables they belong to, by the variable's name. */
export type Gradients<T> = Readonly<Record<string, T>>;

/**
 * Something done to the gradients of a step before they are applied: clipped,
 * accumulated, averaged over machines. The idea is optax' (DeepMind, "The
 * DeepMind JAX Ecosystem", 2020); its state is kept inside.
 *
 * @example Gradients of half the size
 * ```ts
 * import type { Tensor } from "@tensorflow/tfjs";
 * import type { GradientTransform } from "@hookloop/hookloop";
 *
 * const halve: GradientTransform<Tensor> = {
 *   name: "halve",
 *   apply(gradients) {
 *     const halved: Record<string, Tensor> = {};
 *     for (const name in gradients) halved[name] = gradients[name]!.div(2);
 *     return halved;
 *   },
 * };
 * console.log(halve.name);
 * ```
 *
 * @typeParam T The engine's numbers, such as `tf.Tensor`.
 */
export interface GradientTransform<T> {
  /** Kebab-case; it stands in every message. */
  readonly name: string;
  /**
   * New gradients, or undefined where this step applies none. What it is given
   * stays the caller's, what it returns becomes the caller's; it may return
   * what it was given, all of it or some.
   */
  apply(
    gradients: Gradients<T>,
    context: {
      /** Training steps of this run before this one. */
      readonly step: number;
      /** The variables' current values, by name. They are not the transform's to free or to return. */
      readonly values: Gradients<T>;
    },
  ): Gradients<T> | undefined | Promise<Gradients<T> | undefined>;
  /** Forget what is kept between steps, and free it: called when a run begins and when it ends. */
  reset?(): void;
  /** How to save and load what is kept between steps, for backups. Without it, a run that goes on begins with nothing kept. */
  readonly keeps?: Keeper;
}

/** What a transform may look at. */
type GradientContext<T> = Parameters<GradientTransform<T>["apply"]>[1];

/** Where gradients lead: to variables, which they change. */
export interface GradientTarget<T> {
  /** Change the variables. The gradients stay the caller's. */
  applyGradients(gradients: Gradients<T>): void | Promise<void>;
  /** The variables' values of now, by name. */
  variables(): Gradients<T>;
}

/** Transforms with what they lead to. */
export interface GradientChain<T> {
  /** Take the gradients of a step through the transforms, apply what comes out, and free them; a promise only where one is waited for. */
  apply(gradients: Gradients<T>): void | Promise<void>;
  /** Start over: the transforms forget, and steps are counted from `step`. */
  reset(step?: number): void;
  /** The count of steps, and what the transforms keep. */
  readonly keeps: Keeper;
}

/**
 * The path of gradients from where they are computed to the variables.
 *
 * @param transforms The transforms, in order.
 * @param target Where it leads.
 */
export function gradientChain<T>(
  transforms: readonly GradientTransform<T>[],
  target: GradientTarget<T>,
): GradientChain<T> {
  let next = 0;

  function applyAndFree(
    gradients: Gradients<T> | undefined,
  ): void | Promise<void> {
    if (!gradients) return;
    let applied: void | Promise<void>;
    try {
      applied = target.applyGradients(gradients);
    } catch (error) {
      free(gradients);
      throw error;
    }
    if (isPromise(applied)) {
      return Promise.resolve(applied).finally(() => free(gradients));
    }
    free(gradients);
  }
  return {
    apply(gradients) {
      const context = { step: next++, values: target.variables() };
      const result = transformGradients(gradients, transforms, context);
      return isPromise(result)
        ? result.then(applyAndFree)
        : applyAndFree(result);
    },
    reset(step = 0) {
      next = step;
      for (const transform of transforms) transform.reset?.();
    },
    keeps: keepAll({
      step: {
        save: () => next,
        load: (saved) => void (next = saved as number),
      },
      transforms: keptTransforms(transforms),
    }),
  };
}

/**
 * Run gradients through transforms, one after the other. What a transform was
 * given and did not return is freed here, also when one throws.
 *
 * @param gradients The step's gradients; they become this function's to free.
 * @param transforms The transforms, in order.
 * @param context What they may look at.
 * @returns What is to be applied, the caller's to free; undefined for nothing.
 * @throws {Error} What a transform throws, with its name.
 */
export function transformGradients<T>(
  gradients: Gradients<T>,
  transforms: readonly GradientTransform<T>[],
  context: GradientContext<T>,
): Gradients<T> | undefined | Promise<Gradients<T> | undefined> {
  const [transform, ...others] = transforms;
  if (!transform) return gradients;

  function goOn(given: Gradients<T> | undefined) {
    free(gradients, given);
    return given && transformGradients(given, others, context);
  }
  function fail(error: unknown): never {
    free(gradients);
    throw named(transform!.name, context.step, error);
  }
  let given: ReturnType<GradientTransform<T>["apply"]>;
  try {
    given = transform.apply(gradients, context);
  } catch (error) {
    return fail(error);
  }
  return isPromise(given) ? given.then(goOn, fail) : goOn(given);
}

function named(name: string, step: number, error: unknown): Error {
  return new Error(
    `Gradient transform "${name}" failed at step ${step}: ${messageOf(error)}`,
    { cause: error },
  );
}

/** Free what is not among `kept`; engines whose numbers need no freeing have no `dispose`. */
function free<T>(gradients: Gradients<T>, kept: Gradients<T> = {}): void {
  const staying = new Set(Object.values(kept));
  for (const value of Object.values(gradients)) {
    if (!staying.has(value)) (value as { dispose?(): void }).dispose?.();
  }
}
