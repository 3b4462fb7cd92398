/**
 * The loop: data -> steps -> hooks, in Keras' order. Read it top to bottom.
 *
 * @module
 */
import { ofValidation, validates } from "../contract/log_keys.ts";
import type { LogRecord } from "../plugin.ts";
import { promised } from "../run/awaited.ts";
import { isPause } from "../run/backup/backup.ts";
import { isPromise, NO_LOGS } from "../run/dispatch.ts";
import { drawing } from "../run/draws.ts";
import { warn } from "../run/follow.ts";
import { endEpoch, type History, historyOf } from "../run/history.ts";
import { ABORTED } from "../run/outcome.ts";
import type { HostOptions } from "../run/run_options.ts";
import { openSession, type Session } from "../run/session.ts";
import { nextEpoch } from "../run/state.ts";
import { stopping } from "../run/stopping.ts";
import { turn } from "../run/turn.ts";
import type { Source, StepContext, TestSteps, TrainSteps } from "../steps.ts";
import { dataFailure, noBatches } from "./data_failure.ts";
import { type Feed, feed, type Next } from "./feed.ts";
import {
  type LoopOptions,
  trainingSession,
  type ValidationLoop,
} from "./options.ts";

/**
 * Train: epochs of training batches, with validation inside.
 *
 * @param steps What a step does.
 * @param data Training batches.
 * @param validation What to validate with; undefined for no validation.
 * @param options Epochs, plugins and the like.
 * @returns The history, also of a run that was stopped or aborted.
 * @throws {SetupError} Before the first step, with every problem, if the run cannot start.
 * @throws {PluginError} When a plugin throws; the end hooks have run.
 * @throws {DataError} When what gives the data throws; the end hooks have run.
 * @throws {InputError} If an option is out of range or the data are empty.
 */
export async function trainLoop<B>(
  steps: TrainSteps<B>,
  data: Source<B>,
  validation: ValidationLoop<B> | undefined,
  options: LoopOptions & HostOptions = {},
): Promise<History> {
  const session = openSession(
    trainingSession(steps, data, validation, options),
  );
  const { state } = session;
  const { position, signal, params: { epochs } } = state;
  const { stepsPerEpoch, validationSteps, validationFreq = 1 } = options;
  const training = feed(data, position.training, stepsPerEpoch);
  const testing = validation &&
    feed(validation.data, position.testing, validationSteps, true);

  async function trainEpoch(epoch: number): Promise<void> {
    await session.refresh();
    const { fire } = session.hooks;
    // An epoch that a broken run left off in has already begun.
    if (!training.at.begun) await fire.onEpochBegin?.(epoch, NO_LOGS);
    training.at.begun = true;

    steps.begin(training.at.sums, training.at.batch > 0);
    if (!position.testing.begun) {
      await pass(
        session,
        "train",
        training,
        epoch,
        (batch, context) => steps.train(batch, context),
        () => steps.logs(),
      );
    }
    let logs = await steps.logs();
    state.params = { ...state.params, steps: training.steps };

    if (testing && validates(epoch, validationFreq)) {
      const results = await session.phase(
        "test",
        () => testPass(session, validation.steps, testing, epoch),
        testing.at.begun,
      );
      logs = { ...logs, ...ofValidation(results) };
      state.params = { ...state.params, validationSteps: testing.steps };
    }

    const added = await fire.onEpochEnd?.(epoch, Object.freeze(logs));
    endEpoch(state, epoch, added ?? logs);
    position.last = logs;
    await training.end();
    await session.rest();
  }

  try {
    await session.phase("train", async () => {
      // A run that goes on may have been asked to stop at the end of an epoch.
      const over = position.epochs.length && state.stop && !training.at.begun;
      const first = over ? epochs : nextEpoch(position);
      for (let epoch = first; epoch < epochs; epoch++) {
        if (signal.aborted) return await leave(session);
        position.epoch = epoch;
        await trainEpoch(epoch);
        if (stopping(state)) break;
      }
      return position.last;
    });
  } catch (error) {
    if (error !== ABORTED) throw error;
    // The position is whole, so that the run can go on from it.
    await steps.settle?.();
  } finally {
    await training.close();
    await testing?.close();
  }
  return historyOf(state);
}

/** One pass of test batches: the means. */
export async function testPass<B>(
  session: Session,
  steps: TestSteps<B>,
  batches: Feed<B>,
  epoch: number,
): Promise<LogRecord> {
  batches.at.begun = true;
  steps.begin(batches.at.sums, batches.at.batch > 0);
  await pass(
    session,
    "test",
    batches,
    epoch,
    (batch, context) => steps.test(batch, context),
    () => steps.logs(),
  );
  const means = await steps.logs();
  await batches.end();
  return means;
}

/** The hooks around a batch, by the kind of pass. */
const BATCH_HOOKS = {
  train: ["onTrainBatchBegin", "onTrainBatchEnd"],
  test: ["onTestBatchBegin", "onTestBatchEnd"],
  predict: ["onPredictBatchBegin", "onPredictBatchEnd"],
} as const;

const DATA = "the next batch of the data";
const STEP = "the step";

/**
 * One pass over the batches, the innermost loop: nothing here waits unless it
 * gets a promise, and nothing is allocated per batch.
 *
 * @param session The run.
 * @param kind Which hooks stand around a batch.
 * @param batches The batches.
 * @param epoch Index of the epoch.
 * @param step The step.
 * @param logs The logs for the hooks after it.
 * @throws {InputError} If there is not one batch.
 * @throws {DataError} If the batches cannot be had.
 * @throws {ABORTED} If the run's signal is aborted.
 */
export async function pass<B>(
  session: Session,
  kind: keyof typeof BATCH_HOOKS,
  batches: Feed<B>,
  epoch: number,
  step: (batch: B, context?: StepContext) => unknown,
  logs: () => LogRecord | Promise<LogRecord>,
): Promise<void> {
  const { state, hooks: { fire, reads } } = session;
  const { position, signal, params: { mode } } = state;
  const { at, limit } = batches;
  const [beginHook, endHook] = BATCH_HOOKS[kind];
  const begin = fire[beginHook];
  const end = fire[endHook];
  // Reading the logs may wait for the device: only for plugins that look.
  const looks = reads(endHook);
  // A stop asked for in the validation of an epoch takes effect after the epoch.
  const stops = kind !== "test" || mode === "evaluate";
  const parts = state.swaps.pass(kind, at, {
    next: batches.next,
    step: drawing(state, kind, step),
    logs,
  });
  let ranOut = false;
  let last: B | undefined;

  const failure = (error: unknown) =>
    dataFailure(error, state, kind, epoch, at.batch);

  try {
    const opening = batches.begin(epoch, state);
    if (isPromise(opening)) await promised(state, DATA, opening);
  } catch (error) {
    throw failure(error);
  }
  while (at.batch < limit) {
    if (signal.aborted) await leave(session);
    let next: Next<B>;
    try {
      next = parts.next();
      if (isPromise(next)) next = await promised(state, DATA, next);
    } catch (error) {
      throw failure(error);
    }
    if (next.done) {
      ranOut = true;
      break;
    }
    const index = at.batch;
    last = next.value;

    const beginning = begin?.(index, NO_LOGS);
    if (isPromise(beginning)) await beginning;

    const stepping = parts.step(last);
    if (isPromise(stepping)) await promised(state, STEP, stepping);
    at.batch++;
    if (kind === "train") position.step++;

    if (end) {
      let read = looks ? parts.logs() : NO_LOGS;
      if (isPromise(read)) read = await read;
      const ending = end(index, Object.freeze(read));
      if (isPromise(ending)) await ending;
    }

    if (stops && stopping(state)) {
      if (isPause(state.stop)) await session.rest();
      break;
    }
    const resting = kind === "train" ? session.rest() : undefined;
    if (resting) await resting;
    const turning = turn(state);
    if (turning) await turning;
  }
  if (at.batch === 0) throw noBatches(kind, epoch, state.params);
  if (ranOut && limit !== Infinity) {
    warn(
      state,
      `the data ran out after ${at.batch} of ${limit} batches; the epoch ends early`,
    );
  }
  batches.over(ranOut, last);
}

/** The caller gives up. */
async function leave({ rest }: Session): Promise<never> {
  await rest();
  throw ABORTED;
}
