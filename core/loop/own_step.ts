/**
 * The loop for a training step of one's own: give the step, and let the core do
 * the epochs, the batches, the running means, the validation and the hooks.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { History } from "../run/history.ts";
import { trainLoop } from "./loop.ts";
import type { LoopOptions } from "./options.ts";
import { runningMeans, type StepValues } from "./means.ts";
import type { Direction } from "../plugin.ts";
import type { Resources, Source, Steps } from "../steps.ts";

/** Batches: an iterable, sync or async, or a function that makes one for each pass. */
export type Batches<B> =
  | Iterable<B>
  | AsyncIterable<B>
  | ((epoch: number) => Iterable<B> | AsyncIterable<B>);

/** A training step of one's own, and what belongs to it. */
export interface OwnSteps<B> extends Resources {
  /** One training step: returns the values of this batch, such as `{ loss, accuracy }`. */
  trainStep(batch: B): StepValues | Promise<StepValues>;
  /** One step of validation: returns the values of this batch. */
  testStep?(batch: B): StepValues | Promise<StepValues>;
  /** The keys the steps return. Then the contract is checked before the first step; else at the first call of each hook. */
  readonly metrics?: readonly string[];
  /** Whether lower or higher is better, by key. `loss` and `accuracy` are known. */
  readonly directions?: Readonly<Record<string, Direction>>;
  /** Samples in a batch, the weight of its values in the means. Default 1: all batches count the same. */
  sizeOf?(batch: B): number;
}

/** Options of {@linkcode train}. */
export interface TrainOptions<B> extends LoopOptions {
  /** Batches for validation; needs `testStep`. Default none. */
  readonly validation?: Batches<B> | undefined;
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
 * @throws {InputError} If `validation` is given without a `testStep`.
 * @throws {SetupError} Before the first step, if the plugins' needs are not met.
 * @throws {PluginError} When a plugin throws.
 */
export async function train<B>(
  steps: OwnSteps<B>,
  data: Batches<B>,
  options: TrainOptions<B> = {},
): Promise<History> {
  const { validation } = options;
  if (validation && !steps.testStep) {
    throw new InputError(
      "Cannot validate as there is no 'testStep': give one beside 'trainStep', or leave 'validation' out",
    );
  }
  return await trainLoop(
    stepsOf(steps),
    sourceOf(data),
    validation && sourceOf(validation),
    options,
  );
}

function stepsOf<B>(own: OwnSteps<B>): Steps<B> {
  const means = runningMeans();
  const size = (batch: B) => own.sizeOf?.(batch) ?? 1;
  const add = (batch: B, values: StepValues | Promise<StepValues>) =>
    values instanceof Promise
      ? values.then((values) => means.add(values, size(batch)))
      : means.add(values, size(batch));
  return {
    metrics: own.metrics,
    directions: own.directions,
    optimizer: own.optimizer,
    weights: own.weights,
    model: own.model,
    save: own.save,
    reset: means.reset,
    train: (batch) => add(batch, own.trainStep(batch)),
    test: (batch) => add(batch, own.testStep!(batch)),
    predict() {
      throw new Error("a training loop does not predict");
    },
    logs: means.logs,
  };
}

function sourceOf<B>(data: Batches<B>): Source<B> {
  if (typeof data === "function") return { batches: data };
  const steps = Array.isArray(data) ? data.length : undefined;
  return { steps, batches: () => data };
}
