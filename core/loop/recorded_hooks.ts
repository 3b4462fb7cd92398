/**
 * From what was recorded of a run to its hooks, in order: those between are put
 * in, as far as it is known that they were called.
 *
 * @module
 */
import {
  type HookName,
  HOOKS,
  type LogRecord,
  type RunParams,
} from "../plugin.ts";
import { NO_LOGS } from "../run/dispatch.ts";
import type { Moment } from "./recording.ts";

/** A hook of a recorded run, to be called again. */
export interface RecordedHook extends Pick<Moment, "at" | "set"> {
  /** The hook. */
  readonly hook: HookName;
  /** Index of the epoch or the batch it is called with. */
  readonly index: number;
  /** The epoch that the run is in. */
  readonly epoch: number;
  /** Training batches that have ended by then. */
  readonly step: number;
  /** The logs; none, if none were recorded. */
  readonly logs: LogRecord;
}

/** How far a pass over batches is. */
interface Pass {
  readonly kind: "onTrainBatch" | "onTestBatch";
  /** The batches there are, as far as that is known. */
  size: number;
  begun: number;
  ended: number;
}

/**
 * The hooks of a run, from `onTrainBegin` to `onTrainEnd`.
 *
 * @param moments What was recorded.
 * @param params Batches of an epoch and of a validation: that many are put in
 * where none were recorded.
 * @param heard Whether anybody listens to a hook: batches of which nobody does
 * are counted alone.
 */
export function* hooksOf(
  moments: readonly Moment[],
  { steps = 0, validationSteps = 0 }: Partial<
    Pick<RunParams, "steps" | "validationSteps">
  >,
  heard: (hook: HookName) => boolean,
): Generator<RecordedHook> {
  const logged = (hook: HookName) =>
    moments.some((it) => it.hook === hook && it.logs);
  const trainSize = logged("onTrainBatchEnd") ? 0 : steps;
  const testSize = logged("onTestBatchEnd") ? 0 : validationSteps;
  let epoch = moments[0]?.epoch ?? 0;
  let training: Pass | undefined;
  let testing: Pass | undefined;
  let last = NO_LOGS;
  let step = 0;

  const call = (
    hook: HookName,
    index: number,
    by?: Moment,
  ): RecordedHook => ({
    ...{ hook, index, epoch, step },
    logs: by?.logs ?? NO_LOGS,
    at: by?.at,
    set: by?.set ?? NOTHING,
  });

  /** The batches that are over before the one at `end`. */
  function* fill(pass: Pass, end: number): Generator<RecordedHook> {
    const [begin, ending] = [`${pass.kind}Begin`, `${pass.kind}End`] as const;
    if (!heard(begin) && !heard(ending) && pass.ended < end) {
      if (pass === training) step += end - pass.ended;
      pass.begun = pass.ended = end;
    }
    while (pass.ended < end) {
      if (pass.begun === pass.ended) yield call(begin, pass.begun++);
      if (pass === training) step++;
      yield call(ending, pass.ended++);
    }
  }

  function* rest(pass: Pass): Generator<RecordedHook> {
    yield* fill(pass, Math.max(pass.size, pass.begun));
  }

  function* batch(pass: Pass, moment: Moment): Generator<RecordedHook> {
    const { hook } = moment;
    const at = moment.batch!;
    yield* fill(pass, at);
    const ends = HOOKS[hook].side === "end";
    if (ends && pass.begun === at) {
      yield call(`${pass.kind}Begin`, pass.begun++);
    }
    if (ends) pass.ended = at + 1;
    else pass.begun = at + 1;
    if (ends && pass === training) step++;
    // Where a stop was asked for, no more batches came.
    if (moment.stops && pass === training) pass.size = at + 1;
    yield call(hook, at, moment);
  }

  const [begin] = moments.filter(({ hook }) => hook === "onTrainBegin");
  yield call("onTrainBegin", 0, begin);
  let over: number | undefined;
  for (const moment of moments) {
    const { hook } = moment;
    const { phase } = HOOKS[hook];
    if (phase === "train") {
      if (hook === "onTrainEnd" && moment.logs) last = moment.logs;
      continue;
    }
    if (moment.epoch !== over && (!training || moment.epoch !== epoch)) {
      epoch = moment.epoch;
      const own = hook === "onEpochBegin" ? moment : undefined;
      const size = own?.stops ? Math.min(1, trainSize) : trainSize;
      training = { kind: "onTrainBatch", size, begun: 0, ended: 0 };
      yield call("onEpochBegin", epoch, own);
    }
    if (hook === "onEpochBegin") continue;
    if (phase === "trainBatch") {
      if (training) yield* batch(training, moment);
      continue;
    }
    if (training) yield* rest(training);
    if (hook === "onEpochEnd") {
      yield call(hook, epoch, moment);
      last = moment.logs ?? NO_LOGS;
      [training, over] = [undefined, epoch];
      continue;
    }
    if (!testing) {
      testing = { kind: "onTestBatch", size: testSize, begun: 0, ended: 0 };
      const own = hook === "onTestBegin" ? moment : undefined;
      yield call("onTestBegin", 0, own);
    }
    if (phase === "testBatch") yield* batch(testing, moment);
    else if (hook === "onTestEnd") {
      yield* rest(testing);
      yield call(hook, 0, moment);
      testing = undefined;
    }
  }
  const end = moments.findLast(({ hook }) => hook === "onTrainEnd");
  yield { ...call("onTrainEnd", 0, end), logs: last };
}

const NOTHING: Moment["set"] = [];
