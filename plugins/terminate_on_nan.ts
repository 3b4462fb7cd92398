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
import type { Plugin } from "../core/plugin.ts";

/** Options of {@linkcode terminateOnNan}. */
export interface TerminateOnNanOptions {
  /** Whether to fail the run with an error instead of stopping it. Default false. */
  readonly raiseError?: boolean;
  /** Its name in this run, which must be another where it runs twice. Default `"terminate-on-nan"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults: Required<TerminateOnNanOptions> = {
  raiseError: false,
  name: "terminate-on-nan",
};

/** One line of help per option. */
export const help: Readonly<Record<keyof TerminateOnNanOptions, string>> = {
  raiseError: "fail the run with an error instead of stopping it",
  name: "its name in this run, another where it runs twice",
};

/**
 * Stop when the loss is NaN or infinite.
 *
 * @param options Whether to fail instead.
 */
export default function terminateOnNan(
  options: TerminateOnNanOptions = {},
): Plugin<"loss"> {
  const { raiseError, name } = { ...defaults, ...options };
  return {
    name,
    needs: { onTrainBatchEnd: ["loss"] },
    onTrainBatchEnd(batch, { loss }, run) {
      if (Number.isFinite(loss)) return;
      if (raiseError) {
        throw new RangeError(
          `NaN or Inf loss encountered: the loss is ${loss}`,
        );
      }
      run.print(`Batch ${batch}: Invalid loss, terminating training`);
      run.stop(`the loss is ${loss} in batch ${batch}`);
    },
  };
}
