/**
 * How often the weights of a model were updated.
 *
 * @module
 */
import type { Run } from "../../core/plugin.ts";

/**
 * The steps of the model's optimizer, over all runs; where there is none, the
 * batches that were trained.
 *
 * @param trained Those of the last training, for a run that trains nothing.
 */
export function optimizerSteps(
  { model, params, step }: Run,
  trained: number,
): number {
  const { optimizer } = Object(model) as {
    readonly optimizer?: { readonly iterations?: unknown };
  };
  if (typeof optimizer?.iterations === "number") return optimizer.iterations;
  return params.mode === "fit" ? step : trained;
}
