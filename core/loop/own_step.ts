/**
 * The loop for a training step of one's own: give the step, and let the core do
 * the epochs, the batches, the running means, the validation and the hooks.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { Direction, TestBatch } from "../plugin.ts";
import { isPromise } from "../run/dispatch.ts";
import type { History } from "../run/history.ts";
import type { Resources, Source, TestSteps, TrainSteps } from "../steps.ts";
import { checkHanded } from "./checked_logs.ts";
import {
  freeGradients,
  type Gradients,
  type GradientTransform,
  transformGradients,
} from "./gradients.ts";
import { trainLoop } from "./loop.ts";
import { meansOfValues, type StepValues } from "./means.ts";
import type { LoopOptions } from "./options.ts";

/** Batches: an iterable, sync or async, or a function that makes one for each pass. */
export type Batches<B> =
  | Iterable<B>
  | AsyncIterable<B>
  | ((epoch: number) => Iterable<B> | AsyncIterable<B>);

/** What belongs to steps of one's own, besides the training step. */
export interface OwnFacts<B> extends Resources {
  /** One step of validation: returns the values of this batch. */
  testStep?(batch: B): StepValues | Promise<StepValues>;
  /** The keys the steps return. Then the contract is checked before the first step; else at the first call of each hook. */
  readonly metrics?: readonly string[];
  /** Whether lower or higher is better, by key. `loss` and `accuracy` are known. */
  readonly directions?: Readonly<Record<string, Direction>>;
  /** Samples in a batch, the weight of its values in the means. Default 1: all batches count the same. */
  sizeOf?(batch: B): number;
  /** The samples of a batch, for plugins that look at the validation data. */
  samplesOf?(batch: B): TestBatch;
}

/** A training step of one's own, and what belongs to it. */
export interface OwnSteps<B> extends OwnFacts<B> {
  /** One training step: returns the values of this batch, such as `{ loss, accuracy }`. */
  trainStep(batch: B): StepValues | Promise<StepValues>;
}

/** The values of a batch, and its gradients. */
export interface BatchGradients<T> {
  /** Such as `{ loss, accuracy }`. */
  readonly values: StepValues;
  /** By the variable's name; they are freed after use, if they can be. */
  readonly gradients: Gradients<T>;
}

/** A training step in two parts, so that gradients can be transformed between them. */
export interface OwnGradientSteps<B, T> extends OwnFacts<B> {
  /** The gradients of one batch. */
  gradientStep(batch: B): BatchGradients<T> | Promise<BatchGradients<T>>;
  /** Change the variables. */
  applyGradients(gradients: Gradients<T>): void | Promise<void>;
  /** The variables by name, for transforms that look at them. */
  variables(): Gradients<T>;
}

/** Options of {@linkcode train}. */
export interface TrainOptions<B, T = unknown> extends LoopOptions {
  /** Batches for validation; needs `testStep`. Default none. */
  readonly validation?: Batches<B> | undefined;
  /** What is done to the gradients of a step before they are applied, in order; needs `gradientStep`. Default nothing. */
  readonly gradients?: readonly GradientTransform<T>[] | undefined;
}

/**
 * Train with a step of one's own.
 *
 * @example
 * ```ts
 * import { train } from "@hookloop/hookloop";
 *
 * let weight = 0;
 * const history = await train({
 *   metrics: ["loss"],
 *   trainStep(target: number) {
 *     weight += 0.5 * (target - weight);
 *     return { loss: (target - weight) ** 2 };
 *   },
 * }, [1, 1, 1], { epochs: 2 });
 * console.log(history.history.loss);
 * ```
 *
 * @param steps The steps.
 * @param data Training batches.
 * @param options Epochs, plugins and the like.
 * @returns The history.
 * @throws {InputError} If `validation` is given without a `testStep`, or
 * `gradients` without a `gradientStep`; or a step returns other keys than `metrics` says.
 * @throws {SetupError} Before the first step, if the plugins' needs are not met.
 * @throws {PluginError} When a plugin throws.
 */
export async function train<B, T = unknown>(
  steps: OwnSteps<B> | OwnGradientSteps<B, T>,
  data: Batches<B>,
  options: TrainOptions<B, T> = {},
): Promise<History> {
  const { validation, gradients: transforms = [], ...loop } = options;
  if (validation && !steps.testStep) {
    throw new InputError(
      "Cannot validate as there is no 'testStep': give one beside 'trainStep', or leave 'validation' out",
    );
  }
  if (transforms.length && !("gradientStep" in steps)) {
    throw new InputError(
      "Cannot transform gradients as there is no 'gradientStep': give 'gradientStep', 'applyGradients' and 'variables' in place of 'trainStep', or leave 'gradients' out",
    );
  }
  const reset = () => transforms.forEach((transform) => transform.reset?.());
  const own = ownSteps(steps, transforms);
  reset();
  try {
    return await trainLoop(
      own,
      sourceOf(data),
      validation && { steps: own, data: sourceOf(validation) },
      loop,
    );
  } finally {
    reset();
  }
}

type Values = StepValues | Promise<StepValues>;

function ownSteps<B, T>(
  own: OwnSteps<B> | OwnGradientSteps<B, T>,
  transforms: readonly GradientTransform<T>[],
): TrainSteps<B> & TestSteps<B> {
  const { metrics, directions, optimizer, weights, model, save, predict } = own;
  const means = meansOfValues();
  const trainStep = "trainStep" in own
    ? (batch: B) => own.trainStep(batch)
    : inTwoParts(own, transforms);
  function add(batch: B, values: StepValues): void | Promise<void> {
    if (metrics) checkHanded("a step's values", values, metrics);
    return means.add(values, own.sizeOf?.(batch) ?? 1);
  }
  const report = (batch: B, values: Values) =>
    isPromise(values)
      ? values.then((values) => add(batch, values))
      : add(batch, values);
  return {
    ...{ metrics, directions, optimizer, weights, model, save, predict },
    begin: means.begin,
    logs: means.logs,
    batchLogs: means.batchLogs,
    train: (batch) => report(batch, trainStep(batch)),
    test: (batch) => report(batch, own.testStep!(batch)),
    ...own.samplesOf && { samples: (batch: B) => own.samplesOf!(batch) },
  };
}

/** `gradients -> transforms -> apply`. */
function inTwoParts<B, T>(
  own: OwnGradientSteps<B, T>,
  transforms: readonly GradientTransform<T>[],
): (batch: B) => Promise<StepValues> {
  let step = 0;
  return async (batch) => {
    const { values, gradients } = await own.gradientStep(batch);
    const context = { step: step++, values: own.variables() };
    const ready = await transformGradients(gradients, transforms, context);
    if (!ready) return values;
    try {
      await own.applyGradients(ready);
    } finally {
      freeGradients(ready);
    }
    return values;
  };
}

function sourceOf<B>(data: Batches<B>): Source<B> {
  if (typeof data === "function") return { batches: data };
  if (!Array.isArray(data)) return { batches: () => data };
  const list: readonly B[] = data;
  return {
    steps: list.length,
    batches: () => list,
    batchesFrom: (_epoch, start) => list.slice(start),
  };
}
