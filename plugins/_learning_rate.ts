/**
 * The learning rate of a run that may have none.
 *
 * @module
 */
import type { Run } from "../core/plugin.ts";

/** The learning rate; undefined in a run without an optimizer. */
export function learningRateOf({ optimizer }: Run): number | undefined {
  try {
    return optimizer.learningRate;
  } catch {
    return undefined; // The run does not offer it.
  }
}
