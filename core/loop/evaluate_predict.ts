/**
 * Evaluation and prediction: one pass each.
 *
 * @module
 */
import type { LogRecord } from "../plugin.ts";
import { NO_LOGS } from "../run/dispatch.ts";
import { ABORTED } from "../run/outcome.ts";
import type { HostOptions } from "../run/run_options.ts";
import { openSession, type Session } from "../run/session.ts";
import type { PredictSteps, Source, TestSteps } from "../steps.ts";
import { type Feed, feed } from "./feed.ts";
import { pass, testPass } from "./loop.ts";
import {
  evaluationSession,
  type PassOptions,
  predictionSession,
} from "./options.ts";

/**
 * Evaluate: one pass of test batches.
 *
 * @param steps What a step does.
 * @param data Test batches.
 * @param options Plugins and the like.
 * @returns The loss and the metrics; nothing in a dry run.
 * @throws As {@linkcode trainLoop}; the signal's reason if it is aborted.
 */
export async function testLoop<B>(
  steps: TestSteps<B>,
  data: Source<B>,
  options: PassOptions & HostOptions = {},
): Promise<LogRecord> {
  const session = openSession(evaluationSession(steps, data, options));
  return await onePass(
    session,
    "test",
    feed(data, session.state.position.testing, options.steps),
    (batches) => testPass(session, steps, batches, 0),
    options,
  );
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
  steps: PredictSteps<B>,
  data: Source<B>,
  collect: (outputs: unknown) => void,
  options: PassOptions & HostOptions = {},
): Promise<void> {
  const session = openSession(predictionSession(steps, data, options));
  await onePass(
    session,
    "predict",
    feed(data, session.state.position.testing, options.steps),
    (batches) => predictPass(session, steps, batches, collect),
    options,
  );
}

/** A run that is one pass. */
async function onePass<B>(
  session: Session,
  phase: "test" | "predict",
  batches: Feed<B>,
  body: (batches: Feed<B>) => Promise<LogRecord>,
  { dryRun }: HostOptions,
): Promise<LogRecord> {
  try {
    return await session.phase(phase, () => body(batches));
  } catch (error) {
    if (error !== ABORTED) throw error;
    if (dryRun) return NO_LOGS;
    throw session.state.signal.reason;
  } finally {
    await batches.close();
  }
}

async function predictPass<B>(
  session: Session,
  steps: PredictSteps<B>,
  batches: Feed<B>,
  collect: (outputs: unknown) => void,
): Promise<LogRecord> {
  let outputs: unknown;
  const handOver = () => {
    if (outputs !== undefined) collect(outputs);
    outputs = undefined;
  };
  try {
    await pass(session, "predict", batches, 0, (batch) => {
      handOver();
      outputs = steps.predictBatch(batch);
    }, () => ({ outputs }) as unknown as LogRecord);
  } finally {
    handOver();
  }
  return NO_LOGS;
}
