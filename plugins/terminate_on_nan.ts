/**
 * Stops training when the loss is NaN or infinite.
 *
 * @example A loss that blows up
 * ```ts
 * import terminateOnNan from "@hookloop/hookloop/plugins/terminate-on-nan";
 * import { fakeRun } from "@hookloop/hookloop/testing";
 *
 * const { fire, stops } = fakeRun(terminateOnNan());
 * await fire("onTrainBatchEnd", 7, { loss: NaN });
 * console.log(stops); // [ "the loss is NaN in batch 7" ]
 * ```
 *
 * @module
 */
import type { NonFinite, Plugin, Run } from "../core/plugin.ts";
import { blame } from "./_blame.ts";

/** Options of {@linkcode terminateOnNan}. */
export interface TerminateOnNanOptions {
  /** Whether to fail the run with an error instead of stopping it. Default false. */
  readonly raiseError?: boolean;
  /**
   * Whether to find out what went bad first: an input, a label, the weights
   * before the step, a layer's outputs, the loss or a gradient. It also stops
   * at weights that are not finite while the loss still is. Costs a copy of the
   * weights and a look at them per batch. Default false.
   */
  readonly search?: boolean;
  /** Its name in this run, which must be another where it runs twice. Default `"terminate-on-nan"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults: Required<TerminateOnNanOptions> = {
  raiseError: false,
  search: false,
  name: "terminate-on-nan",
};

/** One line of help per option. */
export const help: Readonly<Record<keyof TerminateOnNanOptions, string>> = {
  raiseError: "fail the run with an error instead of stopping it",
  search: "find out what went bad first: data, weights, a layer or a gradient",
  name: "its name in this run, another where it runs twice",
};

/**
 * Stop when the loss is NaN or infinite.
 *
 * @param options Whether to fail instead, and whether to search for the cause.
 */
export default function terminateOnNan(
  options: TerminateOnNanOptions = {},
): Plugin<"loss"> {
  const { raiseError, search, name } = { ...defaults, ...options };

  function end(batch: number, what: string, why: string, run: Run): void {
    if (raiseError) {
      throw new RangeError(`NaN or Inf loss encountered: ${what}${why}`);
    }
    run.print(`Batch ${batch}: Invalid loss, terminating training`);
    run.stop(`${what} in batch ${batch}${why}`);
  }

  const needs = { onTrainBatchEnd: ["loss"] } as const;
  if (!search) {
    return {
      name,
      needs,
      onTrainBatchEnd(batch, { loss }, run) {
        if (Number.isFinite(loss)) return;
        end(batch, `the loss is ${loss}`, "", run);
      },
    };
  }
  return {
    name,
    needs,
    requires: ["weights", "firstNonFinite"],
    onTrainBatchBegin: (_batch, _logs, run) => run.weights.snapshot(BEFORE),
    async onTrainBatchEnd(batch, { loss }, run) {
      const bad = Number.isFinite(loss)
        ? await run.firstNonFinite("weights")
        : undefined;
      const found = bad || !Number.isFinite(loss)
        ? await firstInStep(run)
        : undefined;
      run.weights.release(BEFORE);
      if (Number.isFinite(loss) && !bad) return;
      const what = bad
        ? `the weights are ${bad.value} after a loss of ${loss}`
        : `the loss is ${loss}`;
      const why = found ? blame(found) : "the batch by itself gives no reason";
      end(batch, what, `: ${why}`, run);
    },
  };
}

/** Names of snapshots: the weights before the step, and after it. */
const BEFORE = "before";
const AFTER = "after";

/** Look through the step with the weights that it began with. */
async function firstInStep(
  { weights, firstNonFinite }: Run,
): Promise<NonFinite | undefined> {
  weights.snapshot(AFTER);
  weights.restore(BEFORE);
  try {
    return await firstNonFinite("step");
  } finally {
    weights.restore(AFTER);
    weights.release(AFTER);
  }
}
