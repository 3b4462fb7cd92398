/**
 * What it costs to call the hooks of a batch, begin and end, with plugins that
 * do nothing: ours beside tf.js' CallbackList in both of its builds.
 *
 * @module
 */
import * as es2017 from "npm:@tensorflow/tfjs-layers@4.22.0/dist/tf-layers.es2017.js";
import * as tf from "@tensorflow/tfjs";
import type { Plugin } from "../../core/plugin.ts";
import { failures } from "../../core/run/failure.ts";
import { connect } from "../../core/run/hooks.ts";
import { factsOf, planRun } from "../../core/run/planned_run.ts";
import type { SessionOptions } from "../../core/run/run_options.ts";
import { openSession } from "../../core/run/session.ts";
import { silent } from "../../core/terminal.ts";

const LOGS = Object.freeze({ loss: 0.5, accuracy: 0.9 });
const CALLS = 20_000;

/** The way in which nobody looks for slow plugins. */
export const UNTIMED = "hookloop, 10 plugins, none ever timed";

/** A way to run the begin and end hooks of one batch. */
type Batch = (index: number) => unknown;

/** Microseconds a batch, best of the rounds, by way. */
export type DispatchTimes = Readonly<Record<string, number>>;

/**
 * Time every way in turns.
 *
 * @param rounds How many turns each gets.
 */
export async function dispatchTimes(rounds: number): Promise<DispatchTimes> {
  const ways: Record<string, Batch> = {
    "hookloop, 0 plugins": hookloop(0),
    "hookloop, 10 plugins": hookloop(10),
    [UNTIMED]: hookloop(10, noOps(), false),
    "hookloop, 100 plugins": hookloop(100),
    "hookloop, 10 plugins without the hook": hookloop(10, {}),
    "tf.js, 10 subclasses of Callback, ES2017 build": tfjs(
      new es2017.CallbackList(subclasses(es2017.CustomCallback), 10),
    ),
    "tf.js, 10 subclasses of Callback, npm's main build": tfjs(
      new tf.CallbackList(subclasses(tf.CustomCallback), 10),
    ),
    "tf.js, 10 objects as fit takes them, ES2017 build": tfjs(
      new es2017.CallbackList(objects(es2017.CustomCallback), 10),
    ),
    "tf.js, 10 objects as fit takes them, npm's main build": tfjs(
      new tf.CallbackList(objects(tf.CustomCallback), 10),
    ),
  };
  const best: Record<string, number> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, batch] of Object.entries(ways)) {
      best[name] = Math.min(best[name] ?? Infinity, await time(batch));
    }
  }
  return best;
}

/** Calls are only waited for where they return a promise, as the loop does. */
async function time(batch: Batch): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < CALLS; i++) {
    const pending = batch(i);
    if (pending !== undefined) await pending;
  }
  return (performance.now() - start) / CALLS * 1000;
}

/**
 * @param timed Whether a round is timed now and then, as in every run.
 */
function hookloop(
  count: number,
  hooks: Partial<Plugin> = noOps(),
  timed = true,
): Batch {
  const plugins = Array.from({ length: count }, (_, i) => ({
    name: `plugin-${i}`,
    needs: {},
    onTrainEnd() {},
    ...hooks,
  }));
  const options: SessionOptions = {
    plugins,
    printer: silent(),
    steps: { metrics: ["loss", "accuracy"] },
    validation: { presence: "never", why: "" },
    params: {
      mode: "fit",
      epochs: 1,
      initialEpoch: 0,
      steps: 1,
      validationSteps: undefined,
      batchSize: 1,
    },
  };
  const { state, hooks: paced } = openSession(options);
  const facts = factsOf(options);
  const { fire } = timed ? paced : connect(
    state,
    planRun(options, facts, plugins),
    facts,
    failures(state),
  );
  const { onTrainBatchBegin: begin, onTrainBatchEnd: end } = fire;
  return (index) => begin?.(index, LOGS) ?? end?.(index, LOGS);
}

function noOps(): Partial<Plugin> {
  return { onTrainBatchBegin() {}, onTrainBatchEnd() {} };
}

/** The quickest kind in tf.js: its methods are overridden, nothing is copied. */
function subclasses(Base: typeof tf.CustomCallback): tf.CustomCallback[] {
  class NoOp extends Base {
    override onBatchBegin(): Promise<void> {
      return DONE;
    }
    override onBatchEnd(): Promise<void> {
      return DONE;
    }
  }
  return Array.from({ length: 10 }, () => new NoOp({}));
}

/** What `model.fit(…, { callbacks: { onBatchEnd() {} } })` makes of an object. */
function objects(Base: typeof tf.CustomCallback): tf.CustomCallback[] {
  return Array.from(
    { length: 10 },
    () => new Base({ onBatchBegin() {}, onBatchEnd() {} }),
  );
}

const DONE = Promise.resolve();

function tfjs(list: tf.CallbackList): Batch {
  return async (index) => {
    await list.onBatchBegin(index, {});
    await list.onBatchEnd(index, LOGS);
  };
}
