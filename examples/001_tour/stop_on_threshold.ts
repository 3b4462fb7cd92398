/**
 * The article's first custom callback, written by hand. What it checks at the
 * end of each epoch, whether `val_accuracy` exists at all, is declared in
 * `needs` here and checked once, before training.
 *
 * @module
 */
import type { Plugin } from "@hookloop/hookloop";

/**
 * Monitor validation accuracy and stop when a threshold is reached. The
 * built-in `stopOnThreshold` does this for any log key.
 *
 * @param stoppingAccuracy The threshold.
 */
export function stopOnThreshold(
  stoppingAccuracy: number,
): Plugin<"val_accuracy"> {
  return {
    name: "stop-on-threshold",
    needs: { onEpochEnd: ["val_accuracy"] },
    onEpochEnd(_epoch, { val_accuracy }, run) {
      if (val_accuracy > stoppingAccuracy) {
        run.stop(`val_accuracy passed ${stoppingAccuracy}`);
      }
    },
  };
}
