/**
 * The loop for your own training step: give the step, and let the core do
 * the epochs, the batches, the running means, the validation and the hooks.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { Direction, Keeper, TestBatch } from "../plugin.ts";
import { isPromise } from "../run/dispatch.ts";
import { keepAll } from "../run/backup/keepers.ts";
import { checkOption } from "../run/check_options.ts";
import type { History } from "../run/history.ts";
import type { HostOptions } from "../run/run_options.ts";
import type {
  Reports,
  Resources,
  Source,
  StepContext,
  TestSteps,
  TrainSteps,
} from "../steps.ts";
import { checkHanded } from "./checked_logs.ts";
import {
  type GradientChain,
  gradientChain,
  type Gradients,
  type GradientTarget,
  type GradientTransform,
} from "./gradients.ts";
import { trainLoop } from "./loop.ts";
import { meansOfValues, type StepValues } from "./means.ts";
import { checkTransforms, type LoopOptions } from "./options.ts";

/**
 * Batches: an iterable, sync or async, or a function that makes one for each
 * pass. A run that goes on takes a list up where it was, and reads anything else
 * on from its beginning; a function is asked for the epoch at hand alone, so
 * that what it gives should depend on nothing else.
 */
export type Batches<B> =
  | Iterable<B>
  | AsyncIterable<B>
  | ((epoch: number) => Iterable<B> | AsyncIterable<B>);

/**
 * What belongs to your own steps, besides the training step. `keeps` is what
 * they hold beside the weights, such as counts; means and gradient transforms
 * are kept by the loop.
 */
export interface OwnFacts<B> extends Resources {
  /** One step of validation: returns the values of this batch. Its numbers depend on the seed, the step before it and the batch's index. */
  testStep?(batch: B, context: StepContext): StepValues | Promise<StepValues>;
  /** The keys the steps return. Then the contract is checked before the first step; else at the first call of each hook. */
  readonly metrics?: readonly string[];
  /** Whether lower or higher is better, by key. `loss` and `accuracy` are known. */
  readonly directions?: Readonly<Record<string, Direction>>;
  /** Samples in a batch, the weight of its values in the means. Default 1: all batches count the same. */
  sizeOf?(batch: B): number;
  /** The samples of a batch, for plugins that look at the validation data. */
  samplesOf?(batch: B): TestBatch;
}

/** Your own training step, and what belongs to it. */
export interface OwnSteps<B> extends OwnFacts<B> {
  /** One training step: returns the values of this batch, such as `{ loss, accuracy }`. */
  trainStep(batch: B, context: StepContext): StepValues | Promise<StepValues>;
}

/** The values of a batch, and its gradients. */
export interface BatchGradients<T> {
  /** Such as `{ loss, accuracy }`. */
  readonly values: StepValues;
  /** By the variable's name; they are freed after use, if they can be. */
  readonly gradients: Gradients<T>;
}

/** A training step in two parts, so that gradients can be transformed between them. */
export interface OwnGradientSteps<B, T> extends OwnFacts<B>, GradientTarget<T> {
  /** The gradients of one batch. */
  gradientStep(
    batch: B,
    context: StepContext,
  ): BatchGradients<T> | Promise<BatchGradients<T>>;
}

/** Options of {@linkcode train}. */
export interface TrainOptions<B, T = unknown> extends LoopOptions {
  /** Batches for validation; needs `testStep`. Default none. */
  readonly validation?: Batches<B> | undefined;
  /** What is done to the gradients of a step before they are applied, in order; needs `gradientStep`. Default nothing. */
  readonly gradients?: readonly GradientTransform<T>[] | undefined;
}

/**
 * Train with your own step.
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
 * @example Random numbers that depend on the seed and the step alone
 * ```ts
 * import { train } from "@hookloop/hookloop";
 *
 * const step = {
 *   trainStep: (target: number, { random }: { random: { normal(): number } }) => ({
 *     loss: target + random.normal(),
 *   }),
 * };
 * const first = await train(step, [1, 2, 3], { seed: 7 });
 * const again = await train(step, [1, 2, 3], { seed: 7 });
 * console.log(first.history.loss![0] === again.history.loss![0]); // true
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
  checkTransforms(transforms);
  checkBatches("data", data);
  checkBatches("validation", validation);
  const testStep = steps.testStep?.bind(steps);
  if (validation && !testStep) {
    throw new InputError(
      "Cannot validate as there is no 'testStep': give one beside 'trainStep', or leave 'validation' out",
    );
  }
  const inParts = "gradientStep" in steps;
  if (transforms.length && !inParts) {
    throw new InputError(
      "Cannot transform gradients as there is no 'gradientStep': give 'gradientStep', 'applyGradients' and 'variables' in place of 'trainStep', or leave 'gradients' out",
    );
  }
  const chain = inParts ? gradientChain(transforms, steps) : undefined;
  const trainStep = inParts
    ? (batch: B, context: StepContext) =>
      stepInParts(steps, chain!, batch, context)
    : (batch: B, context: StepContext) => steps.trainStep(batch, context);
  chain?.reset((options as HostOptions).position?.step);
  try {
    return await trainLoop(
      trainSteps(steps, trainStep, chain),
      sourceOf(data),
      validation && testStep &&
        { steps: testSteps(steps, testStep), data: sourceOf(validation) },
      loop,
    );
  } finally {
    chain?.reset();
  }
}

function checkBatches(name: string, given: unknown): void {
  checkOption(
    name,
    given,
    (it) =>
      typeof it === "function" ||
      (typeof it !== "string" && Symbol.iterator in Object(it)) ||
      Symbol.asyncIterator in Object(it),
    "batches: an iterable, or a function that makes one for each pass",
  );
}

/** The values of a batch, now or later. */
type Values = StepValues | Promise<StepValues>;

/** What steps of both kinds have, and how they report the values of a batch. */
function reporting<B>(own: OwnFacts<B>): {
  readonly reports: Reports & Resources;
  readonly report: (batch: B, values: Values) => void | Promise<void>;
  readonly means: Keeper;
} {
  const { metrics, directions, optimizer, weights, model, save, predict } = own;
  const { about, firstNonFinite, tensors, engine } = own;
  const { begin, add, logs, batchLogs, keeps } = meansOfValues();
  function addOne(batch: B, values: StepValues): void | Promise<void> {
    if (metrics) checkHanded("a step's values", values, metrics);
    return add(values, own.sizeOf?.(batch) ?? 1);
  }
  return {
    reports: {
      ...{ metrics, directions, optimizer, weights, model, save, predict },
      ...{ about, firstNonFinite, tensors, engine },
      ...{ begin, logs, batchLogs },
    },
    report: (batch, values) =>
      isPromise(values)
        ? values.then((values) => addOne(batch, values))
        : addOne(batch, values),
    means: keeps,
  };
}

function trainSteps<B>(
  own: OwnFacts<B>,
  trainStep: (batch: B, context: StepContext) => Values,
  chain: Pick<GradientChain<never>, "keeps"> | undefined,
): TrainSteps<B> {
  const { reports, report, means } = reporting(own);
  const keeps = keepAll({ own: own.keeps, means, gradients: chain?.keeps });
  return {
    ...reports,
    // Of what it trains, something else must know.
    ...(own.weights ?? own.keeps) && { keeps },
    train: (batch, context) => report(batch, trainStep(batch, context!)),
  };
}

/** Steps of their own, so that what the last training batch reported stays. */
function testSteps<B>(
  own: OwnFacts<B>,
  testStep: (batch: B, context: StepContext) => Values,
): TestSteps<B> {
  const { reports, report } = reporting(own);
  return {
    ...reports,
    test: (batch, context) => report(batch, testStep(batch, context!)),
    ...own.samplesOf && { samples: (batch: B) => own.samplesOf!(batch) },
  };
}

/** `gradients -> transforms -> apply`. */
async function stepInParts<B, T>(
  own: OwnGradientSteps<B, T>,
  chain: GradientChain<T>,
  batch: B,
  context: StepContext,
): Promise<StepValues> {
  const { values, gradients } = await own.gradientStep(batch, context);
  try {
    await chain.apply(gradients);
  } catch (error) {
    for (const value of Object.values(values)) {
      if (typeof value !== "number") value.dispose();
    }
    throw error;
  }
  return values;
}

function sourceOf<B>(data: Batches<B>): Source<B> {
  if (typeof data === "function") return { batches: (epoch) => data(epoch) };
  if (!Array.isArray(data)) return { batches: () => data };
  const list: readonly B[] = data;
  return {
    steps: list.length,
    batches: () => list,
    batchesFrom: (_epoch, start) => list.slice(start),
  };
}
