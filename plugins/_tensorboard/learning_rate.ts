/**
 * The learning rate of a run that may have none.
 *
 * @module
 */
import type { Run } from "../../core/plugin.ts";

/** The learning rate; undefined in a run without an optimizer. */
export function learningRateOf(run: Run): number | undefined {
  return run.offers("learningRate") ? run.optimizer.learningRate : undefined;
}
