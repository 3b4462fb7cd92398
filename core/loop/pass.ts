/**
 * One pass over the batches, the innermost loop: nothing here waits unless it
 * is handed a promise, and nothing is made anew for a batch.
 *
 * @module
 */
import { setImmediate } from "node:timers";
import { type Fire, isPromise } from "../run/dispatch.ts";
import { InputError } from "../errors.ts";
import type { Feed } from "./feed.ts";
import { ABORTED } from "../run/outcome.ts";
import type { Logs } from "../plugin.ts";
import type { RunState } from "../run/handle.ts";
import { NO_LOGS } from "../run/session.ts";

/** What a pass does with a batch. */
export interface BatchWork<B> {
  /** Hooks before the step. */
  readonly begin: Fire | undefined;
  /** The step. */
  step(batch: B): void | Promise<void>;
  /** The logs for the hooks after it. */
  logs(): Logs | Promise<Logs>;
  /** Hooks after the step. */
  readonly end: Fire | undefined;
  /** Whether a request to stop ends the pass. */
  readonly stops: boolean;
}

/** How long signals and timers may be kept waiting, in milliseconds. */
const TURN = 100;

/**
 * Work through the batches of one pass.
 *
 * @param state The run.
 * @param batches The batches.
 * @param epoch Index of the epoch.
 * @param work What to do with each.
 * @throws {InputError} If there is not one batch.
 * @throws {ABORTED} If the run's signal is aborted.
 */
export async function pass<B>(
  state: RunState,
  batches: Feed<B>,
  epoch: number,
  work: BatchWork<B>,
): Promise<void> {
  const { begin, end, stops } = work;
  const { signal, now } = state;
  let index = 0;
  let ranOut = false;
  batches.begin(epoch);
  for (; index < batches.limit; index++) {
    if (signal.aborted) throw ABORTED;
    let next = batches.next();
    if (isPromise(next)) next = await next;
    if (next.done) {
      ranOut = true;
      break;
    }
    state.batch = index;
    const beginning = begin?.(index, NO_LOGS);
    if (isPromise(beginning)) await beginning;
    const stepping = work.step(next.value);
    if (isPromise(stepping)) await stepping;
    if (end) {
      let logs = work.logs();
      if (isPromise(logs)) logs = await logs;
      const ending = end(index, logs);
      if (isPromise(ending)) await ending;
    }
    if (stops && state.stop) {
      index++;
      break;
    }
    if (now() - state.turned > TURN) {
      await new Promise<void>((resolve) => void setImmediate(resolve));
      state.turned = now();
    }
  }
  state.batch = undefined;
  if (index === 0) throw noBatches(epoch, state);
  if (ranOut && batches.limit !== Infinity) {
    state.printer.print(
      `Warning: the data ran out after ${index} of ${batches.limit} batches; the epoch ends early`,
    );
  }
  await batches.end(index, ranOut);
}

function noBatches(epoch: number, { params }: RunState): InputError {
  const first = epoch === params.initialEpoch;
  return new InputError(
    first
      ? "Cannot run on no data: there is not one batch"
      : `Cannot go on with epoch ${epoch}: the data gave no more batches. They can be read only once; give something that can be read again, or set 'stepsPerEpoch'`,
  );
}
