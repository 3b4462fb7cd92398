/**
 * The loop: data -> steps -> hooks, in Keras' order. Read it top to bottom.
 *
 * @module
 */
import { type Feed, feed } from "./feed.ts";
import { type History, recorder } from "../run/history.ts";
import { validates, VALIDATION_PREFIX } from "../contract/log_keys.ts";
import {
  type LoopOptions,
  type PassOptions,
  passSession,
  trainingSession,
} from "./options.ts";
import { ABORTED } from "../run/outcome.ts";
import { pass } from "./pass.ts";
import type { Logs } from "../plugin.ts";
import { NO_LOGS, openSession, type Session } from "../run/session.ts";
import type { Source, Steps } from "../steps.ts";

/**
 * Train: epochs of training batches, with validation inside.
 *
 * @param steps What a step does.
 * @param data Training batches.
 * @param validation Validation batches; undefined for none.
 * @param options Epochs, plugins and the like.
 * @returns The history, also of a run that was stopped or aborted.
 * @throws {SetupError} Before the first step, with every problem, if the run cannot start.
 * @throws {PluginError} When a plugin throws; the end hooks have run.
 * @throws {InputError} If an option is out of range or the data are empty.
 */
export async function trainLoop<B>(
  steps: Steps<B>,
  data: Source<B>,
  validation: Source<B> | undefined,
  options: LoopOptions = {},
): Promise<History> {
  const session = openSession(
    trainingSession(steps, data, validation, options),
  );
  const { state, fire } = session;
  const { epochs, initialEpoch } = state.params;
  const training = feed(data, options.stepsPerEpoch);
  const testing = validation && feed(validation, options.validationSteps, true);
  const record = recorder();

  async function epoch(index: number): Promise<Logs> {
    state.epoch = index;
    await fire.onEpochBegin?.(index, NO_LOGS);
    let logs = await trainPass(session, steps, training, index);
    if (testing && validates(index, options.validationFreq ?? 1)) {
      const results = await session.phase(
        "Test",
        () => testPass(session, steps, testing, index),
      );
      logs = { ...logs, ...prefixed(results) };
      state.params = { ...state.params, validationSteps: testing.steps };
    }
    record.add(index, await fire.onEpochEnd?.(index, logs) ?? logs);
    return logs;
  }

  try {
    await session.phase("Train", async () => {
      let logs = NO_LOGS;
      for (let index = initialEpoch; index < epochs; index++) {
        logs = await epoch(index);
        if (state.stop) break;
      }
      return logs;
    });
  } catch (error) {
    if (error !== ABORTED) throw error;
  } finally {
    await training.close();
    await testing?.close();
  }
  return record.history(state.params, state.outcome!);
}

/**
 * Evaluate: one pass of test batches.
 *
 * @param steps What a step does.
 * @param data Test batches.
 * @param options Plugins and the like.
 * @returns The loss and the metrics.
 * @throws As {@linkcode trainLoop}; the signal's reason if it is aborted.
 */
export async function testLoop<B>(
  steps: Steps<B>,
  data: Source<B>,
  options: PassOptions = {},
): Promise<Logs> {
  const session = openSession(passSession("evaluate", steps, data, options));
  const batches = feed(data, options.steps);
  try {
    return await session.phase(
      "Test",
      () => testPass(session, steps, batches, 0),
    );
  } catch (error) {
    throw error === ABORTED ? session.state.signal.reason : error;
  } finally {
    await batches.close();
  }
}

/**
 * Predict: one pass of batches.
 *
 * @param steps What a step does.
 * @param data Batches of inputs.
 * @param collect Gets the outputs of each batch after its hooks, to keep or free.
 * @param options Plugins and the like.
 * @throws As {@linkcode trainLoop}; the signal's reason if it is aborted.
 */
export async function predictLoop<B>(
  steps: Steps<B>,
  data: Source<B>,
  collect: (outputs: unknown) => void,
  options: PassOptions = {},
): Promise<void> {
  const session = openSession(passSession("predict", steps, data, options));
  const batches = feed(data, options.steps);
  try {
    await session.phase(
      "Predict",
      () => predictPass(session, steps, batches, collect),
    );
  } catch (error) {
    throw error === ABORTED ? session.state.signal.reason : error;
  } finally {
    await batches.close();
  }
}

async function trainPass<B>(
  { state, fire, reads }: Session,
  steps: Steps<B>,
  batches: Feed<B>,
  epoch: number,
): Promise<Logs> {
  steps.reset();
  await pass(state, batches, epoch, {
    begin: fire.onTrainBatchBegin,
    step(batch) {
      state.step++;
      return steps.train(batch);
    },
    // Reading the logs may wait for the device: only for plugins that look.
    logs: reads("onTrainBatchEnd") ? () => steps.logs() : () => NO_LOGS,
    end: fire.onTrainBatchEnd,
    stops: true,
  });
  state.params = { ...state.params, steps: batches.steps };
  return await steps.logs();
}

async function testPass<B>(
  { state, fire, reads }: Session,
  steps: Steps<B>,
  batches: Feed<B>,
  epoch: number,
): Promise<Logs> {
  steps.reset();
  await pass(state, batches, epoch, {
    begin: fire.onTestBatchBegin,
    step: (batch) => steps.test(batch),
    logs: reads("onTestBatchEnd") ? () => steps.logs() : () => NO_LOGS,
    end: fire.onTestBatchEnd,
    // A stop asked for in the validation of an epoch takes effect after the epoch.
    stops: state.params.mode === "evaluate",
  });
  return await steps.logs();
}

async function predictPass<B>(
  { state, fire }: Session,
  steps: Steps<B>,
  batches: Feed<B>,
  collect: (outputs: unknown) => void,
): Promise<Logs> {
  let outputs: unknown;
  const handOver = () => {
    if (outputs !== undefined) collect(outputs);
    outputs = undefined;
  };
  try {
    await pass(state, batches, 0, {
      begin: fire.onPredictBatchBegin,
      step(batch) {
        handOver();
        outputs = steps.predict(batch);
      },
      logs: () => ({ outputs }) as unknown as Logs,
      end: fire.onPredictBatchEnd,
      stops: true,
    });
  } finally {
    handOver();
  }
  return NO_LOGS;
}

function prefixed(logs: Logs): Logs {
  const result: Record<string, number> = {};
  for (const [key, value] of Object.entries(logs)) {
    result[VALIDATION_PREFIX + key] = value;
  }
  return result;
}
