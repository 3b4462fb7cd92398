/**
 * The epochs and batches of a hand-written loop, as iterators that call the
 * hooks at the right places.
 *
 * @module
 */
import { ofValidation } from "../contract/log_keys.ts";
import type { LogRecord } from "../plugin.ts";
import type { Random } from "../random.ts";
import type { HandDraws } from "../run/draws.ts";
import type { Session } from "../run/session.ts";
import { nextEpoch, type Position, type RunState } from "../run/state.ts";
import { turn } from "../run/turn.ts";
import type { CallbackList } from "./callback_list.ts";
import { type Means, meansOfValues, type StepValues } from "./means.ts";
import type { Batches } from "./own_step.ts";
import { checkPassed, type Done, startingBehind } from "./seek.ts";

/** A batch. */
export interface ListBatch<B> {
  /** Its index in the epoch, from 0. */
  readonly index: number;
  /** The batch itself. */
  readonly data: B;
  /** Numbers that depend on the run's seed and on this step alone. `Math.random` gives the next ones of them until the batch ends. */
  readonly random: Random;
  /**
   * Its step is done: what it reports for itself, such as `{ loss }`. The hooks
   * see the means over the epoch so far, as in `fit`.
   *
   * @param values The values; scalar tensors are read and freed.
   * @param size Samples in the batch, their weight in the means. Default 1: all batches count the same.
   */
  end(values: StepValues, size?: number): Promise<void>;
}

/** An epoch. */
export interface ListEpoch {
  /** Its index, from 0. */
  readonly index: number;
  /** Its logs so far: the means over the batches, and what was added. */
  readonly logs: LogRecord;
  /** Its training batches. A stop is heeded after the batch. */
  batches<B>(data: Batches<B>): AsyncIterable<ListBatch<B>>;
  /** The batches of its validation: their means go into its logs, with `val_`. */
  validate<B>(data: Batches<B>): AsyncIterable<ListBatch<B>>;
  /** Add keys to its logs, such as a `val_loss` you computed. */
  add(logs: LogRecord): void;
}

/** What the last training batch reported. */
export interface Reported {
  /** For itself; undefined where it is not known. */
  own: LogRecord | undefined;
  /** To the hooks. */
  handed: LogRecord;
}

/** The epochs of a training run. */
export async function* epochsOf(
  list: CallbackList,
  session: Session,
  reported: Reported,
  draws: HandDraws,
  count: number | undefined,
): AsyncGenerator<ListEpoch> {
  const { state } = session;
  if (count !== undefined) state.params = { ...state.params, epochs: count };
  const { params: { epochs }, position } = state;
  try {
    await list.onTrainBegin();
    // A run that goes on finishes the epoch that it was broken off in.
    const open = () => position.training.begun || !list.stopped;
    for (
      let index = nextEpoch(position);
      index < epochs && open();
      index++
    ) {
      await session.refresh();
      await list.onEpochBegin(index);
      const done = doneBefore(position);
      const epoch = epochOf(list, session, reported, draws, index, done);
      yield epoch;
      checkPassed(done, state, position.training.batch);
      await list.onEpochEnd(index, epoch.logs);
    }
    await list.onTrainEnd();
  } catch (error) {
    await list.fail(error);
    throw error;
  } finally {
    // Nothing is open any more unless the caller left by a break.
    await list.fail(new Error("the loop was left before its end"));
  }
}

/** What of the epoch was done when the run was broken off: nothing once its validation had begun, for it is not looked at again. */
function doneBefore({ training, testing }: Position): Done {
  return { left: testing.begun ? 0 : training.batch };
}

function epochOf(
  list: CallbackList,
  { state }: Session,
  reported: Reported,
  draws: HandDraws,
  index: number,
  done: Done,
): ListEpoch {
  const added: Record<string, number> = {};
  const { position } = state;
  const training = meansOfValues();
  // The sums are part of the run's position.
  training.begin(position.training.sums);

  async function* batches<B>(data: Batches<B>): AsyncGenerator<ListBatch<B>> {
    if (Array.isArray(data)) {
      state.params = { ...state.params, steps: data.length };
    }
    const { onTrainBatchBegin, onTrainBatchEnd } = list;
    // It was through when the run was broken off.
    if (position.testing.begun) return;
    // So was the batch that asked for a stop.
    if (done.left > 0 && list.stopped) return void (done.left = 0);
    yield* inPairs(list, state, data, index, training, {
      done,
      from: position.training.batch,
      begin: onTrainBatchBegin,
      end(batch, logs) {
        reported.own = training.batchLogs();
        return onTrainBatchEnd(batch, logs);
      },
      stops: true,
      draws,
    });
  }

  async function* validate<B>(data: Batches<B>): AsyncGenerator<ListBatch<B>> {
    const testing = meansOfValues();
    const { onTestBatchBegin, onTestBatchEnd } = list;
    checkPassed(done, state, position.training.batch);
    await list.onTestBegin();
    testing.begin(position.testing.sums);
    yield* inPairs(list, state, data, index, testing, {
      done: { left: position.testing.batch },
      from: position.testing.batch,
      begin: onTestBatchBegin,
      end: onTestBatchEnd,
      stops: false,
      draws,
    });
    const results = await list.onTestEnd(testing.logs());
    Object.assign(added, ofValidation(results));
  }

  return {
    index,
    get logs() {
      return { ...training.logs(), ...added };
    },
    batches,
    validate,
    add: (logs) => void Object.assign(added, logs),
  };
}

/** What stands around a batch. */
interface Around {
  /** Batches of the data that are done. */
  readonly done: Done;
  /** Index of the first batch that is not. */
  readonly from: number;
  readonly begin: CallbackList["onTrainBatchBegin"];
  readonly end: CallbackList["onTrainBatchEnd"];
  /** Whether a stop is heeded after the batch. */
  readonly stops: boolean;
  /** The numbers of its step. */
  readonly draws: HandDraws;
}

async function* inPairs<B>(
  list: CallbackList,
  state: RunState,
  data: Batches<B>,
  epoch: number,
  means: Means,
  { done, from, begin, end, stops, draws }: Around,
): AsyncGenerator<ListBatch<B>> {
  const all = typeof data === "function" ? data(epoch) : data;
  let index = from;
  for await (
    const item of done.left ? startingBehind(all, done, state) : all
  ) {
    await begin(index);
    let ending: Promise<void> | undefined;
    const at = index++;
    yield {
      index: at,
      data: item,
      random: draws.random,
      end: (values, size = 1) =>
        ending ??= (async () => {
          await means.add(values, size);
          await end(at, means.logs());
        })(),
    };
    if (!ending) {
      throw new Error(
        `Batch ${at} was not ended: call batch.end({ … }) before the next one`,
      );
    }
    await ending;
    await turn(state);
    if (stops && list.stopped) return;
  }
}
