/**
 * What a source of batches threw, or that it gave none, as the error a run ends
 * in.
 *
 * @module
 */
import { DataError, InputError } from "../errors.ts";
import type { RunParams } from "../plugin.ts";
import { ABORTED } from "../run/outcome.ts";
import type { RunState } from "../run/state.ts";

/** What batches are for. */
type Kind = "train" | "test" | "predict";

/**
 * The error to end with: it says which data failed, and at which batch. A
 * mistake in the data says so itself, and an interrupted read is the end of the
 * run.
 *
 * @param error What the source threw.
 * @param kind What the batches are for.
 * @param epoch Index of the epoch.
 * @param batch Index of the batch that was to come.
 */
export function dataFailure(
  error: unknown,
  { signal, params: { mode } }: Pick<RunState, "signal" | "params">,
  kind: Kind,
  epoch: number,
  batch: number,
): unknown {
  if (error instanceof InputError) return error;
  if (signal.aborted && error === signal.reason) return ABORTED;
  const [what, where] = mode === "fit"
    ? [kind === "train" ? "training" : "validation", `epoch ${epoch}, `]
    : [mode === "evaluate" ? "test" : "input", ""];
  return new DataError(
    `The ${what} data failed at ${where}batch ${batch}`,
    error,
  );
}

/** The error for a pass of not one batch. */
export function noBatches(
  kind: Kind,
  epoch: number,
  { mode, initialEpoch }: Pick<RunParams, "mode" | "initialEpoch">,
): InputError {
  const validates = kind === "test" && mode === "fit";
  if (epoch === initialEpoch) {
    return new InputError(
      validates
        ? "Cannot validate on no data: there is not one batch (in the validation data)"
        : "Cannot run on no data: there is not one batch",
    );
  }
  const [what, instead] = validates
    ? ["the validation data", ""]
    : ["the data", ", or set 'stepsPerEpoch'"];
  return new InputError(
    `Cannot go on with epoch ${epoch}: ${what} gave no more batches. They can be read only once; give something that can be read again${instead}`,
  );
}
