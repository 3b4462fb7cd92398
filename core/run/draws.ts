/**
 * What a step draws: a stream of random numbers that depends on the run's seed
 * and on the step alone, which `Math.random` gives while the step is under way.
 * tf.js seeds all its random operations by that.
 *
 * @module
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { type Random, seededRandom } from "../random.ts";
import type { StepContext } from "../steps.ts";
import { isPromise } from "./dispatch.ts";
import type { RunState } from "./state.ts";

/** The step that a task works for; null in a task that works for none. */
const task = new AsyncLocalStorage<StepContext | null>();
// Taken now: a plugin could change them for all that came after it.
const runAs: typeof task.run = task.run.bind(task);
const stepOfTask = task.getStore.bind(task);

/** The step under way in the caller's own loop, whose tasks cannot be told. */
let byHand: StepContext | undefined;

/** The step that the code now running belongs to; undefined outside of steps. */
export function stepAtHand(): StepContext | undefined {
  const step = stepOfTask();
  return step === undefined ? byHand : step ?? undefined;
}

let own = Math.random;
let underWay = 0;

/** `Math.random` while any step is under way: to all others it gives its own numbers. */
function draw(): number {
  const step = stepAtHand();
  return step ? step.random.next() : own();
}

/**
 * A step begins: until as many have ended, `Math.random` tells steps from what
 * is none. Called once before the globals are sealed, it does so for good.
 */
export function stepBegins(): void {
  if (underWay++ > 0) return;
  own = Math.random;
  // Where somebody froze it, it stays.
  Reflect.set(Math, "random", draw);
}

function stepEnds(): void {
  if (--underWay === 0) Reflect.set(Math, "random", own);
}

/**
 * The step at hand of a run, and its numbers.
 *
 * @param state The run.
 * @param testBatch Index of the batch, in validation. Default: it is a training
 * step.
 * @returns Undefined in a run without a seed.
 */
export function stepContext(
  { position: { step }, params: { seed } }: Pick<
    RunState,
    "position" | "params"
  >,
  testBatch?: number,
): StepContext | undefined {
  if (seed === undefined) return undefined;
  let random: Random | undefined;
  return {
    step,
    get random() {
      return random ??= seededRandom(seed, streamOf(step, testBatch));
    },
  };
}

/** Streams below 2^32 are for data; then come training steps, and each batch of a validation after them. */
function streamOf(step: number, testBatch = -1): number {
  return (2 + testBatch) * 2 ** 32 + step % 2 ** 32;
}

/**
 * A function that does one step after the other, each with its own numbers.
 *
 * @param state The run.
 * @param kind What the steps are for.
 * @param step Does one; whatever it begins belongs to it, also where it is waited for.
 */
export function drawing<B>(
  state: RunState,
  kind: "train" | "test" | "predict",
  step: (batch: B, context?: StepContext) => unknown,
): (batch: B) => unknown {
  if (state.params.seed === undefined) return (batch) => step(batch);
  const { testing } = state.position;
  return (batch) => {
    const context = stepContext(
      state,
      kind === "train" ? undefined : testing.batch,
    );
    stepBegins();
    let pending: unknown;
    try {
      pending = runAs(context!, step, batch, context);
    } finally {
      if (!isPromise(pending)) stepEnds();
    }
    return isPromise(pending)
      ? Promise.resolve(pending).finally(stepEnds)
      : pending;
  };
}

/** Do something with the numbers that the last training step drew. */
export function drawnAgain<R>(state: RunState, work: () => R): R {
  const { params, position } = state;
  const context = stepContext({
    params,
    position: { ...position, step: position.step - 1 },
  });
  if (!context) return work();
  stepBegins();
  try {
    return task.run(context, work);
  } finally {
    stepEnds();
  }
}

/** The steps of a hand-written loop, one after the other. */
export interface HandDraws {
  /** The numbers of the step that has begun. */
  readonly random: Random;
  /** A step begins: of training, or with the batch of this index, of validation. */
  begin(testBatch?: number): void;
  /** It is over. Ending twice is not an error. */
  end(): void;
}

/**
 * The steps of a loop that is not driven from here: what runs between begin and
 * end belongs to them.
 *
 * @param state The run, which has a seed.
 */
export function handDraws(state: RunState): HandDraws {
  let context: StepContext | undefined;

  function end(): void {
    if (!context) return;
    stepEnds();
    if (byHand === context) byHand = undefined;
    context = undefined;
  }
  return {
    get random() {
      return (context ?? stepContext(state)!).random;
    },
    begin(testBatch) {
      end();
      stepBegins();
      byHand = context = stepContext(state, testBatch);
    },
    end,
  };
}

/** Call a hook: what it does, then or later, is part of no step. */
export function outsideOfSteps<A extends unknown[], R>(
  hook: (...args: A) => R,
  ...args: A
): R {
  return runAs(null, hook, ...args);
}
