/**
 * What is done to the gradients of a step between working them out and applying
 * them: `gradients -> transforms -> apply`.
 *
 * @module
 */

/** Gradients, or the variables they belong to, by the variable's name. */
export type Gradients<T> = Readonly<Record<string, T>>;

/** What a gradient transform may look at. */
export interface GradientContext<T> {
  /** Training steps before this one. */
  readonly step: number;
  /** The variables' values of now, by name. */
  readonly values: Gradients<T>;
}

/**
 * Something done to the gradients of a step before they are applied: clipped,
 * accumulated, averaged over machines. The idea is optax' (DeepMind, "The
 * DeepMind JAX Ecosystem", 2020); its state is kept inside.
 */
export interface GradientTransform<T> {
  /** Kebab-case; it stands in every message. */
  readonly name: string;
  /**
   * New gradients, or undefined where this step applies none. What it is given
   * stays the caller's, what it returns becomes the caller's; it may return
   * what it was given.
   */
  apply(
    gradients: Gradients<T>,
    context: GradientContext<T>,
  ): Gradients<T> | undefined | Promise<Gradients<T> | undefined>;
  /** Forget what is kept between steps, and free it: called when a run begins and when it ends. */
  reset?(): void;
}

/**
 * Run gradients through transforms, one after the other. What a transform gave
 * and the next replaced is freed here.
 *
 * @param gradients The step's gradients; they become this function's to free.
 * @param transforms The transforms, in order.
 * @param context What they may look at.
 * @returns What is to be applied, the caller's to free; undefined for nothing.
 */
export function transformGradients<T>(
  gradients: Gradients<T>,
  transforms: readonly GradientTransform<T>[],
  context: GradientContext<T>,
): Gradients<T> | undefined | Promise<Gradients<T> | undefined> {
  let current = gradients;
  for (const [i, transform] of transforms.entries()) {
    const next = guarded(() => transform.apply(current, context), current);
    if (next instanceof Promise) {
      const before = current;
      return next.then(
        (after) => {
          freeReplaced(before, after);
          return after &&
            transformGradients(after, transforms.slice(i + 1), context);
        },
        (error) => {
          freeReplaced(before, undefined);
          throw error;
        },
      );
    }
    freeReplaced(current, next);
    if (next === undefined) return undefined;
    current = next;
  }
  return current;
}

/** Free gradients, where their kind can be freed. */
export function freeGradients<T>(gradients: Gradients<T>): void {
  freeReplaced(gradients, undefined);
}

/** What a transform returns; what it was given is freed when it throws. */
function guarded<T, R>(run: () => R, given: Gradients<T>): R {
  try {
    return run();
  } catch (error) {
    freeReplaced(given, undefined);
    throw error;
  }
}

function freeReplaced<T>(
  before: Gradients<T>,
  after: Gradients<T> | undefined,
): void {
  const kept = new Set(Object.values(after ?? {}));
  for (const value of Object.values(before)) {
    if (!kept.has(value)) (value as { dispose?(): void }).dispose?.();
  }
}
